#if SQLite
  public import SaaSCore
  public import TenancyKit

  /// The work of the tenant store: its facts are read, the kit's rules decide, and what they say is written, all in one
  /// transaction.
  typealias TenancyWork = Transaction<TenantStoreError>

  extension SQLiteStore: TenantStore {
    // MARK: Tenants

    public func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
      try await write { (work: TenancyWork) throws(TenantStoreError) in try work.insert(tenant, at: now) }
    }

    public func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in try work.tenant(id) }
    }

    public func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in try work.tenant(slug: slug) }
    }

    public func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in try work.tenant(organization: organization) }
    }

    public func rename(
      _ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp
    ) async throws(TenantStoreError) -> Tenant {
      try await write { (work: TenancyWork) throws(TenantStoreError) in
        try work.rename(id, from: expected, to: slug, holdingUntil: until, at: now)
      }
    }

    public func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError)
      -> Tenant
    {
      try await write { (work: TenancyWork) throws(TenantStoreError) in try work.setStatus(status, of: id, at: now) }
    }

    // MARK: Mappings

    public func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError)
      -> DomainMapping
    {
      try await write { (work: TenancyWork) throws(TenantStoreError) in
        try work.insert(mapping, label: label, at: now)
      }
    }

    public func claim(
      _ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp
    ) async throws(TenantStoreError) -> DomainMapping {
      try await write { (work: TenancyWork) throws(TenantStoreError) in
        try work.claim(host, of: id, as: claim, ifFewerThan: limit, at: now)
      }
    }

    /// - Complexity: O(log *n* + limit), and once more for each that cannot be read
    public func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
      try await read { (work: TenancyWork) throws(TenantStoreError) in try work.mappings(dueAt: now, limit: limit) }
    }

    public func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
      try await write { (work: TenancyWork) throws(TenantStoreError) in try work.update(mapping, at: now) }
    }

    public func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) {
      try await write { (work: TenancyWork) throws(TenantStoreError) in try work.delete(mapping, at: now) }
    }

    // MARK: Hosts

    public func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in try work.records(host: host, slug: slug) }
    }

    public func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in
        guard let tenant = try work.tenant(id) else { return nil }
        return try work.hosts(of: tenant)
      }
    }

    /// - Complexity: O(log *n* + size of the page)
    public func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError)
      -> Page<TenantHosts, TenantID>
    {
      try await read { (work: TenancyWork) throws(TenantStoreError) in try work.hosts(after: id, limit: limit) }
    }

    public func revision() async throws(TenantStoreError) -> Int64 {
      try await lookUp { (work: TenancyWork) throws(TenantStoreError) in try work.revision() }
    }

    /// Answers `reload` to a reader that is ahead, and so read another file.
    /// - Complexity: O(log *n* + size of the page)
    public func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
      try await read { (work: TenancyWork) throws(TenantStoreError) in
        try work.changes(after: revision, limit: limit)
      }
    }
  }
#endif
