import SaaSCore
import SaaSTesting
import TenancyKit

/// A process that dies at one of its calls, or in whose midst another process does something.
///
/// Once dead it gets no further call through. What its calls heard counts as said only when it lived to store it.
final class MortalProcess: Sendable {
  enum Fate: Sendable { case lives, isDead, diesAfterwards }

  private struct State {
    var callsLeft: Int?
    var actsLast = false
    var interludes: [Int: @Sendable () async -> Void] = [:]
    var count = 0
    var heard: [HostName: Witness.Word] = [:]
    var asked: Set<HostName> = []
  }

  private let state = Lock(State())
  let witness: Witness

  init(_ witness: Witness) { self.witness = witness }

  /// Lets only so many calls through; the last one may act although its answer is lost.
  func die(afterCalls count: Int, actingLast: Bool) {
    state.withLock { state in
      state.callsLeft = count
      state.actsLast = actingLast
    }
  }

  /// Has something done by others before one of the calls.
  func interrupt(atCall number: Int, with act: @escaping @Sendable () async -> Void) {
    state.withLock { $0.interludes[number] = act }
  }

  func next() async -> Fate {
    let act: (@Sendable () async -> Void)? = state.withLock { state in
      state.count += 1
      return state.interludes.removeValue(forKey: state.count)
    }
    await act?()
    return state.withLock { state in
      guard let left = state.callsLeft else { return .lives }
      state.callsLeft = max(left - 1, -1)
      if left > 0 { return .lives }
      return left == 0 && state.actsLast ? .diesAfterwards : .isDead
    }
  }

  /// Where a host leads is asked for a claim's records too; it is said of the host's owner only where how the host stands
  /// was asked before.
  func hear(of host: HostName, verified: Bool? = nil, configured: Bool? = nil) {
    state.withLock { state in
      if let verified {
        state.asked.insert(host)
        state.heard[host, default: .init()].isVerified = verified
      }
      if let configured, state.asked.contains(host) { state.heard[host, default: .init()].isConfigured = configured }
    }
  }

  /// What was heard was stored.
  func settle() {
    let heard = state.withLock { state in
      defer { state.heard = [:] }
      return state.heard
    }
    for (host, word) in heard { witness.settle(host, word) }
  }
}

/// What the provider said last, as far as it was stored, and which proofs the DNS ever answered with.
final class Witness: Sendable {
  struct Word: Sendable, Hashable {
    var isVerified: Bool?
    var isConfigured: Bool?
  }

  private let words = Lock<[HostName: Word]>([:])
  private let proofs = Lock<Set<String>>([])

  func settle(_ host: HostName, _ word: Word) {
    words.withLock { words in
      if let verified = word.isVerified { words[host, default: Word()].isVerified = verified }
      if let configured = word.isConfigured { words[host, default: Word()].isConfigured = configured }
    }
  }

  func see(_ values: [String]) { proofs.withLock { $0.formUnion(values) } }
  func lastWord(on host: HostName) -> Word { words.withLock { $0[host] ?? Word() } }
  func hasSeen(_ value: String) -> Bool { proofs.withLock { $0.contains(value) } }
}

struct MortalDNS: DNSLookup {
  let base: EditableDNS
  let process: MortalProcess

  func records(_ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError) -> DNSAnswer {
    guard case .lives = await process.next() else { throw .unavailable("dead") }
    let answer = try await base.records(kind, at: name)
    process.witness.see(answer.values)
    return answer
  }
}

struct MortalProvider: DomainProvider {
  let base: InMemoryDomainProvider
  let process: MortalProcess

  private func call<Answer: Sendable>(_ act: () async throws(DomainProviderError) -> Answer)
    async throws(DomainProviderError) -> Answer
  {
    switch await process.next() {
    case .lives: return try await act()
    case .isDead: throw .unavailable("dead")
    case .diesAfterwards:
      _ = try? await act()
      throw .unavailable("dead")
    }
  }

  private func heard(_ host: HostName, _ act: () async throws(DomainProviderError) -> ProviderDomain)
    async throws(DomainProviderError) -> ProviderDomain
  {
    do {
      let domain = try await call(act)
      process.hear(of: host, verified: domain.isVerified)
      return domain
    } catch {
      if error == .notFound { process.hear(of: host, verified: false) }
      throw error
    }
  }

  func add(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await heard(host) { () async throws(DomainProviderError) in try await base.add(host) }
  }
  func domain(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await heard(host) { () async throws(DomainProviderError) in try await base.domain(host) }
  }
  func verify(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain {
    try await heard(host) { () async throws(DomainProviderError) in try await base.verify(host) }
  }
  func routing(of host: HostName) async throws(DomainProviderError) -> ProviderRouting {
    let routing = try await call { () async throws(DomainProviderError) in try await base.routing(of: host) }
    process.hear(of: host, configured: routing.isConfigured)
    return routing
  }
  func remove(_ host: HostName) async throws(DomainProviderError) {
    try await call { () async throws(DomainProviderError) in try await base.remove(host) }
  }
}

/// A store whose calls by one process end with that process; only those that the domain service makes can.
struct MortalStore: TenantStore {
  let base: any TenantStore
  let process: MortalProcess

  private func call<Answer: Sendable>(_ act: () async throws(TenantStoreError) -> Answer)
    async throws(TenantStoreError) -> Answer
  {
    switch await process.next() {
    case .lives: return try await act()
    case .isDead: throw .store(.unavailable(.closed))
    case .diesAfterwards:
      _ = try? await act()
      throw .store(.unavailable(.closed))
    }
  }

  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping
  {
    try await call { () async throws(TenantStoreError) in
      try await base.claim(host, of: id, as: claim, ifFewerThan: limit, at: now)
    }
  }
  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    try await call { () async throws(TenantStoreError) in
      let updated = try await base.update(mapping, at: now)
      process.settle()
      return updated
    }
  }
  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) {
    try await call { () async throws(TenantStoreError) in try await base.delete(mapping, at: now) }
  }
  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    try await call { () async throws(TenantStoreError) in try await base.mappings(dueAt: now, limit: limit) }
  }
  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
    try await call { () async throws(TenantStoreError) in try await base.records(host: host, slug: slug) }
  }
  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? {
    try await call { () async throws(TenantStoreError) in try await base.hosts(of: id) }
  }

  func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    try await base.insert(tenant, at: now)
  }
  func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? { try await base.tenant(id) }
  func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? { try await base.tenant(slug: slug) }
  func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? {
    try await base.tenant(organization: organization)
  }
  func rename(_ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp)
    async throws(TenantStoreError) -> Tenant
  { try await base.rename(id, from: expected, to: slug, holdingUntil: until, at: now) }
  func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    try await base.setStatus(status, of: id, at: now)
  }
  func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping
  { try await base.insert(mapping, label: label, at: now) }
  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
    try await base.hosts(after: id, limit: limit)
  }
  func revision() async throws(TenantStoreError) -> Int64 { try await base.revision() }
  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
    try await base.changes(after: revision, limit: limit)
  }
}
