public import SaaSCore

/// A ``TenantStore`` in memory, for one process: for tests, trials, and applications that load their tenants themselves.
///
/// Each call holds one lock for its whole length, so that it happens at one moment; nothing outlives the process.
public final class InMemoryTenantStore: TenantStore {
  /// The outbox to which every change is appended, in the change's own critical section.
  public let outbox: InMemoryOutbox

  private let tables = Lock(TenantTables())

  /// A store without tenants.
  /// - Parameter outbox: where its changes are recorded; several in-memory stores may share one.
  public init(outbox: InMemoryOutbox = InMemoryOutbox()) { self.outbox = outbox }

  /// - Complexity: O(log *n*) in the number of tenants
  public func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    try write { (tables) throws(TenantStoreError) in try tables.insert(tenant, at: now) }
  }

  /// - Complexity: O(1)
  public func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? {
    tables.withLock { $0.records[id]?.tenant }
  }

  /// - Complexity: O(1)
  public func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? {
    tables.withLock { tables in tables.owners[slug].flatMap { tables.records[$0]?.tenant } }
  }

  /// - Complexity: O(1)
  public func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? {
    tables.withLock { tables in tables.organizations[organization].flatMap { tables.records[$0]?.tenant } }
  }

  /// - Complexity: O(log *n*) in the number of tenants
  public func rename(
    _ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp
  ) async throws(TenantStoreError) -> Tenant {
    try write { (tables) throws(TenantStoreError) in
      try tables.rename(id, from: expected, to: slug, holdingUntil: until, at: now)
    }
  }

  /// - Complexity: O(log *n*) in the number of tenants
  public func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError)
    -> Tenant
  {
    try write { (tables) throws(TenantStoreError) in try tables.setStatus(status, of: id, at: now) }
  }

  /// - Complexity: O(*m* + log *n*) in the number of mappings of the host and of tenants
  public func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError)
    -> DomainMapping
  {
    try write { (tables) throws(TenantStoreError) in try tables.insert(mapping, label: label, at: now) }
  }

  /// - Complexity: O(*m* + log *n*) in the number of the tenant's mappings and of tenants
  public func claim(
    _ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp
  ) async throws(TenantStoreError) -> DomainMapping {
    try write { (tables) throws(TenantStoreError) in
      try tables.claim(host, of: id, as: claim, ifFewerThan: limit, at: now)
    }
  }

  /// - Complexity: O(log *n* + *p*) in the number of mappings that are due at some time and the size of the page
  public func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    DueMappings(tables.withLock { $0.mappings(dueAt: now, limit: limit) })
  }

  /// - Complexity: O(*m* · log *n*) in the number of mappings of the host and of tenants
  public func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    try write { (tables) throws(TenantStoreError) in try tables.update(mapping, at: now) }
  }

  /// - Complexity: O(log *n*) in the number of tenants
  public func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) {
    try write { (tables) throws(TenantStoreError) in try tables.delete(mapping, at: now) }
  }

  /// - Complexity: O(*m* log *m*) in the number of mappings of the host
  public func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
    tables.withLock { $0.hostRecords(host: host, slug: slug) }
  }

  /// - Complexity: O(*h* log *h*) in the number of the tenant's holds and mappings
  public func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? {
    tables.withLock { $0.hosts(of: id) }
  }

  /// - Complexity: O(log *n* + *p*) in the number of tenants and the size of the page
  public func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError)
    -> Page<TenantHosts, TenantID>
  {
    tables.withLock { tables in
      // One more than asked for tells whether there is a next page.
      let ids = tables.ids.prefix(limit.count + 1) { candidate in id.map { candidate > $0 } ?? true }
      let page = ids.prefix(limit.count)
      return Page(page.compactMap { tables.hosts(of: $0) }, next: ids.count > limit.count ? page.last : nil)
    }
  }

  /// - Complexity: O(1)
  public func revision() async throws(TenantStoreError) -> Int64 {
    tables.withLock { $0.revision }
  }

  /// Answers ``TenantChanges/reload`` to a reader that is ahead, and so read another store.
  /// - Complexity: O(log *n* + *p*) in the number of tenants and the size of the page
  public func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
    tables.withLock { tables in
      guard revision <= tables.revision else { return .reload }
      let entries = tables.feed.prefix(limit.count) { $0.revision > revision }
      let isFull = entries.count == limit.count
      let through = isFull ? entries.last?.revision ?? tables.revision : tables.revision
      return .changes(entries.compactMap { tables.hosts(of: $0.id) }, through: through)
    }
  }

  /// Makes one change and appends what it tells, in one critical section.
  private func write<Answer: Sendable>(
    _ change: (inout TenantTables) throws(TenantStoreError) -> Answer
  ) throws(TenantStoreError) -> Answer {
    try tables.withLock { (tables) throws(TenantStoreError) in
      let answer = try change(&tables)
      outbox.append(tables.takeDrafts())
      return answer
    }
  }
}
