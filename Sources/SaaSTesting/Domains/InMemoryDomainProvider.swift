internal import SaaSCore
public import TenancyKit

/// A provider of domains in memory that behaves like a real one: it knows what is on the account and what is others', looks
/// into a DNS that the test writes, and fails when it is told to, before or after it acted.
public final class InMemoryDomainProvider: DomainProvider {
  /// The address at which it takes visitors of the tops of domains.
  public static let address = "203.0.113.7"
  /// The name that every other host is made an alias of.
  public static let alias = "cname.provider.example"

  /// The calls that it takes.
  public enum Call: String, Sendable, Hashable, CaseIterable {
    case add, domain, verify, routing, remove
  }

  /// When a scripted failure strikes.
  public enum Moment: Sendable, Hashable {
    /// The call did nothing.
    case before
    /// The call did its work, and the answer was lost.
    case after
  }

  /// Whose a host is that is not on the account.
  public enum Other: Sendable, Hashable {
    /// Another account knows it: it can be added, and is verified once a challenge is met.
    case account
    /// Another project of the same account has it: it is refused.
    case project
  }

  private struct Failure {
    let call: Call?
    let moment: Moment
    let error: DomainProviderError
  }

  private struct State {
    /// The hosts on the account, and whether each is verified.
    var hosts: [HostName: Bool] = [:]
    var others: [HostName: Other] = [:]
    var failures: [Failure] = []
    var lasting: DomainProviderError?
    var capacity = Int.max
    var calls: [(Call, HostName)] = []
  }

  private let dns: EditableDNS
  private let state = Lock(State())

  /// A provider that looks into a DNS.
  public init(dns: EditableDNS) { self.dns = dns }

  // MARK: Scripting

  /// Has the next call, or the next of one kind, fail.
  public func failNext(_ call: Call? = nil, _ moment: Moment = .before, with error: DomainProviderError) {
    state.withLock { $0.failures.append(Failure(call: call, moment: moment, error: error)) }
  }

  /// Has every call fail before it does anything, until it is told otherwise.
  public func fail(with error: DomainProviderError?) { state.withLock { $0.lasting = error } }

  /// Makes a host somebody else's, or nobody's.
  public func give(_ host: HostName, to other: Other?) { state.withLock { $0.others[host] = other } }

  /// How many hosts the account may have.
  public func limit(to capacity: Int) { state.withLock { $0.capacity = capacity } }

  /// Loses a host, as if somebody had removed it by hand.
  public func lose(_ host: HostName) { state.withLock { $0.hosts[host] = nil } }

  /// Asks for a new proof of a host that is on the account.
  public func doubt(_ host: HostName) {
    state.withLock { state in
      state.others[host] = .account
      if state.hosts[host] != nil { state.hosts[host] = false }
    }
  }

  // MARK: Looking

  /// The hosts on the account, in order.
  public var hosts: [HostName] { state.withLock { $0.hosts.keys.sorted() } }

  /// Whether a host is on the account, verified, and led to the provider: whether its visitors arrive.
  public func serves(_ host: HostName) -> Bool {
    (state.withLock { $0.hosts[host] } ?? false) && isConfigured(host)
  }

  /// The calls that came, in order.
  public var calls: [(call: Call, host: HostName)] { state.withLock { $0.calls.map { ($0.0, $0.1) } } }

  /// The record by which a host of another account is proven.
  public static func challenge(of host: HostName) -> DNSRecord? {
    DNSName(host).prefixed(by: "_provider").map {
      DNSRecord(.txt, $0, "provider-verify=\(host)", for: .providerOwnership)
    }
  }

  // MARK: The port

  public func add(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try answer(.add, host) { state in
      if state.others[host] == .project { return .failure(.refused(code: "domain_already_in_use")) }
      if state.hosts[host] == nil {
        guard state.hosts.count < state.capacity else { return .failure(.platformRefused(code: "plan_limit")) }
        state.hosts[host] = state.others[host] == nil
      }
      return .success(Self.domain(host, in: state))
    }
  }

  public func domain(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try answer(.domain, host) { state in
      state.hosts[host] == nil ? .failure(.notFound) : .success(Self.domain(host, in: state))
    }
  }

  public func verify(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    let isMet = Self.challenge(of: host).map { dns.published(.txt, at: $0.name).contains($0.value) } ?? false
    return try answer(.verify, host) { state in
      guard state.hosts[host] != nil else { return .failure(.notFound) }
      if isMet {
        state.hosts[host] = true
        state.others[host] = nil
      }
      return .success(Self.domain(host, in: state))
    }
  }

  public func routing(of host: HostName) async throws(DomainProviderError) -> ProviderRouting {
    let isConfigured = isConfigured(host)
    return try answer(.routing, host) { _ in
      .success(
        ProviderRouting(isConfigured: isConfigured, addresses: [Self.address], alias: DNSName(Self.alias)))
    }
  }

  public func remove(_ host: HostName) async throws(DomainProviderError) {
    try answer(.remove, host) { state in
      state.hosts[host] = nil
      return .success(())
    }
  }

  private static func domain(_ host: HostName, in state: State) -> ProviderDomain {
    let isVerified = state.hosts[host] ?? false
    return ProviderDomain(
      isVerified: isVerified, challenges: isVerified ? [] : [challenge(of: host)].compactMap(\.self))
  }

  private func isConfigured(_ host: HostName) -> Bool {
    let name = DNSName(host)
    return dns.published(.a, at: name).contains(Self.address) || dns.published(.cname, at: name).contains(Self.alias)
  }

  private func answer<Success: Sendable>(
    _ call: Call, _ host: HostName,
    _ act: (inout State) -> sending Result<Success, DomainProviderError>
  ) throws(DomainProviderError) -> Success {
    let result: Result<Success, DomainProviderError> = state.withLock { state in
      state.calls.append((call, host))
      if let lasting = state.lasting { return .failure(lasting) }
      guard let index = state.failures.firstIndex(where: { $0.call == nil || $0.call == call }) else {
        return act(&state)
      }
      let failure = state.failures.remove(at: index)
      if failure.moment == .after { _ = act(&state) }
      return .failure(failure.error)
    }
    return try result.get()
  }
}
