public import SaaSCore

/// What only the platform's operator may do with tenants; made by ``TenantService/asOperator``.
///
/// No call asks who makes it: a host application offers them to its own staff and jobs, and to nobody else.
public struct TenantOperator: Sendable {
  let service: TenantService

  /// Creates the tenant of an organisation.
  /// - Throws: ``TenantServiceError``, as ``TenantService/create(slug:as:at:)`` does.
  public func create(slug: String, for organization: OrgID, at now: Timestamp) async throws(TenantServiceError)
    -> TenantContext
  {
    TenantContext(try await service.create(slug: slug, for: organization, at: now))
  }

  /// Gives a tenant another slug if it has the expected one, and holds that.
  /// - Throws: ``TenantServiceError``, as ``TenantService/rename(_:to:as:at:)`` does.
  @discardableResult
  public func rename(_ id: TenantID, from expected: Slug, to slug: String, at now: Timestamp)
    async throws(TenantServiceError) -> Tenant
  {
    try await service.rename(id, from: expected, to: slug, at: now)
  }

  /// Stops serving a tenant until it is resumed; its hosts get a verdict of their own. Repeating it changes nothing.
  /// - Throws: ``TenantServiceError/store(_:)`` with ``TenantStoreError/closed(_:)`` for a closed tenant.
  @discardableResult
  public func suspend(_ id: TenantID, at now: Timestamp) async throws(TenantServiceError) -> Tenant {
    try await set(.suspended, of: id, at: now)
  }

  /// Serves a suspended tenant again. Repeating it changes nothing.
  /// - Throws: ``TenantServiceError/store(_:)`` with ``TenantStoreError/closed(_:)`` for a closed tenant.
  @discardableResult
  public func resume(_ id: TenantID, at now: Timestamp) async throws(TenantServiceError) -> Tenant {
    try await set(.active, of: id, at: now)
  }

  /// Closes a tenant for good: its hosts are not found, and nobody else can have its slug. Repeating it changes nothing.
  /// - Throws: ``TenantServiceError``
  @discardableResult
  public func close(_ id: TenantID, at now: Timestamp) async throws(TenantServiceError) -> Tenant {
    try await set(.closed, of: id, at: now)
  }

  /// Maps a host under a platform domain to a tenant; it is served at once.
  ///
  /// One label that could be a slug is taken from the slugs while the mapping exists; it may be neither anybody's slug nor
  /// held.
  /// - Throws: ``TenantServiceError``; ``TenantServiceError/notATenantsSubdomain(_:)`` for a host that no mapping can have,
  ///   and `store` with ``TenantStoreError/slugTaken(_:)``, ``TenantStoreError/slugHeld(_:until:)``,
  ///   ``TenantStoreError/hostTaken(_:)``, ``TenantStoreError/mappingExists(_:)`` or ``TenantStoreError/closed(_:)`` where
  ///   the rules refuse it.
  @discardableResult
  public func addSubdomainMapping(_ host: String, to id: TenantID, at now: Timestamp)
    async throws(TenantServiceError) -> DomainMapping
  {
    let name: HostName
    do { name = try HostName(host) } catch { throw .invalidHost(error) }
    let hostClass = service.platform.classify(name)
    switch hostClass {
    case .platform, .reserved, .elsewhere: throw .notATenantsSubdomain(name)
    case .label, .deeper: break
    }
    let mapping = DomainMapping.subdomain(name, of: id, at: now)
    return try await service.write(\.tenantID) { (store) async throws(TenantStoreError) in
      try await store.insert(mapping, label: hostClass.slug, at: now)
    }
  }

  /// Takes away a mapping that ``addSubdomainMapping(_:to:at:)`` made, and frees its label.
  ///
  /// - Throws: ``TenantServiceError/store(_:)``, which is `notFound` where the tenant has no such mapping or the host is a
  ///   customer's own.
  public func removeSubdomainMapping(_ host: HostName, of id: TenantID, at now: Timestamp)
    async throws(TenantServiceError)
  {
    let hosts: TenantHosts?
    do { hosts = try await service.store.hosts(of: id) } catch { throw .store(error) }
    guard let mapping = hosts?.mappings.first(where: { $0.host == host && $0.kind == .subdomain }) else {
      throw .store(.store(.notFound))
    }
    try await service.write({ _ in id }) { (store) async throws(TenantStoreError) in
      try await store.delete(mapping, at: now)
    }
  }

  private func set(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantServiceError)
    -> Tenant
  {
    try await service.write(\.id) { (store) async throws(TenantStoreError) in
      try await store.setStatus(status, of: id, at: now)
    }
  }
}
