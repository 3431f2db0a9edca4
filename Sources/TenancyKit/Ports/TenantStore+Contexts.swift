public import SaaSCore

extension TenantStore {
  /// The right to act for a tenant, or nil where there is no such tenant or it was closed.
  public func context(for id: TenantID) async throws(TenantStoreError) -> TenantContext? {
    try await tenant(id).flatMap(Self.context)
  }

  /// The right to act for the tenant with a slug, or nil where there is none or it was closed.
  public func context(slug: Slug) async throws(TenantStoreError) -> TenantContext? {
    try await tenant(slug: slug).flatMap(Self.context)
  }

  /// The right to act for an organisation's tenant, or nil where there is none or it was closed.
  public func context(organization: OrgID) async throws(TenantStoreError) -> TenantContext? {
    try await tenant(organization: organization).flatMap(Self.context)
  }

  /// The right to act for every tenant that is not closed, in the order of tenant identifiers, for jobs.
  ///
  /// A page may have fewer contexts than its limit, or none, and still have a next one.
  public func contexts(after id: TenantID? = nil, limit: PageLimit = .standard) async throws(TenantStoreError)
    -> Page<TenantContext, TenantID>
  {
    let page = try await hosts(after: id, limit: limit)
    return Page(page.elements.compactMap { Self.context($0.tenant) }, next: page.next)
  }

  private static func context(_ tenant: Tenant) -> TenantContext? {
    tenant.status == .closed ? nil : TenantContext(tenant)
  }
}
