internal import SaaSCore

/// Until when somebody who is asked wants no more calls, for all who ask through one service.
///
/// A limit on calls is the platform's and not one domain's: while it lasts, no other domain's check may call either.
final class RateHold: Sendable {
  /// After so long even a server that asks for more is asked again.
  private static let longest = Duration.days(1)

  private let clock: any WallClock
  private let usual: Duration
  private let last = Lock<Timestamp?>(nil)

  /// No hold yet.
  /// - Parameter usual: how long a hold lasts where nobody says until when.
  init(clock: any WallClock, usual: Duration) {
    self.clock = clock
    self.usual = usual
  }

  /// The end of the hold that lasts now; nil where none does.
  var end: Timestamp? {
    guard let end = last.withLock({ $0 }), clock.now() < end else { return nil }
    return end
  }

  /// Begins a hold, and gives its end.
  func begin(until instant: Timestamp?) -> Timestamp {
    let now = clock.now()
    let end = min(instant ?? now + usual, now + Self.longest)
    last.withLock { $0 = end }
    return end
  }
}

/// A provider that is not called while it wants to be left alone; its `rateLimited` always has its end.
struct HeldProvider: DomainProvider {
  let base: any DomainProvider
  let hold: RateHold

  private func call<Answer: Sendable>(_ act: () async throws(DomainProviderError) -> Answer)
    async throws(DomainProviderError) -> Answer
  {
    if let end = hold.end { throw .rateLimited(until: end) }
    do { return try await act() } catch {
      guard case .rateLimited(let until) = error else { throw error }
      throw .rateLimited(until: hold.begin(until: until))
    }
  }

  func add(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await call { () async throws(DomainProviderError) in try await base.add(host) }
  }

  func domain(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await call { () async throws(DomainProviderError) in try await base.domain(host) }
  }

  func verify(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await call { () async throws(DomainProviderError) in try await base.verify(host) }
  }

  func routing(of host: HostName) async throws(DomainProviderError) -> ProviderRouting {
    try await call { () async throws(DomainProviderError) in try await base.routing(of: host) }
  }

  func remove(_ host: HostName) async throws(DomainProviderError) {
    try await call { () async throws(DomainProviderError) in try await base.remove(host) }
  }
}

/// A DNS that is not asked while it wants to be left alone; its `rateLimited` always has its end.
struct HeldDNS: DNSLookup {
  let base: any DNSLookup
  let hold: RateHold

  func records(_ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError) -> DNSAnswer {
    if let end = hold.end { throw .rateLimited(until: end) }
    do { return try await base.records(kind, at: name) } catch {
      guard case .rateLimited(let until) = error else { throw error }
      throw .rateLimited(until: hold.begin(until: until))
    }
  }
}
