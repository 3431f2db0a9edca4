import SaaSCore
import Synchronization
import TenancyKit

/// A store that fails its reads while told to, counts the calls that directories make, and lets tests step in between.
final class FlakyTenantStore: TenantStore {
  private let base: any TenantStore
  private let failure = Lock<StoreError?>(nil)
  private let hostFailures = Lock<[HostName: StoreError]>([:])
  private let feedReads = Atomic<Int>(0)
  private let knowsFeed = Lock(true)

  private let hostReads = Atomic<Int>(0)
  private let pauses = Lock<Pauses>(Pauses())

  /// What a test does before and after a read of one host's records or one tenant's hosts.
  private struct Pauses {
    var before: @Sendable () async -> Void = {}
    var after: @Sendable () async -> Void = {}
  }

  private let feedPause = Lock<@Sendable () async -> Void>({})

  init(_ base: any TenantStore) { self.base = base }

  /// What reads fail with; nil lets them through.
  func fail(with error: StoreError?) { failure.withLock { $0 = error } }
  /// What reads of one host's records fail with.
  func fail(recordsOf host: HostName, with error: StoreError) { hostFailures.withLock { $0[host] = error } }
  /// Whether the change feed answers; else it asks readers to load everything.
  func keepFeed(_ keeps: Bool) { knowsFeed.withLock { $0 = keeps } }
  var feedReadCount: Int { feedReads.load(ordering: .relaxed) }
  var hostReadCount: Int { hostReads.load(ordering: .relaxed) }

  /// Does something before and after every read of one host's records or one tenant's hosts.
  func pause(before: @escaping @Sendable () async -> Void = {}, after: @escaping @Sendable () async -> Void = {}) {
    pauses.withLock { $0 = Pauses(before: before, after: after) }
  }

  /// Does something before every read of the change feed.
  func pauseFeed(before: @escaping @Sendable () async -> Void) { feedPause.withLock { $0 = before } }

  private func paused<Answer>(_ read: () async throws(TenantStoreError) -> Answer) async throws(TenantStoreError)
    -> Answer
  {
    let pauses = pauses.withLock { $0 }
    await pauses.before()
    try check()
    let answer = try await read()
    await pauses.after()
    return answer
  }

  private func check() throws(TenantStoreError) {
    if let error = failure.withLock({ $0 }) { throw .store(error) }
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
  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping
  { try await base.claim(host, of: id, as: claim, ifFewerThan: limit, at: now) }
  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    try await base.mappings(dueAt: now, limit: limit)
  }
  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    try await base.update(mapping, at: now)
  }
  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) {
    try await base.delete(mapping, at: now)
  }
  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
    hostReads.add(1, ordering: .relaxed)
    if let error = hostFailures.withLock({ $0[host] }) { throw .store(error) }
    return try await paused { () async throws(TenantStoreError) in try await base.records(host: host, slug: slug) }
  }
  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? {
    try await paused { () async throws(TenantStoreError) in try await base.hosts(of: id) }
  }
  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
    try check()
    return try await base.hosts(after: id, limit: PageLimit(min(limit.count, 3)))
  }
  func revision() async throws(TenantStoreError) -> Int64 {
    try check()
    return try await base.revision()
  }
  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
    feedReads.add(1, ordering: .relaxed)
    await feedPause.withLock { $0 }()
    try check()
    guard knowsFeed.withLock({ $0 }) else { return .reload }
    // Small pages, so that a refresh goes through several.
    return try await base.changes(after: revision, limit: PageLimit(min(limit.count, 2)))
  }
}
