public import SaaSCore

/// The capability to act for one tenant.
///
/// Every tenant-scoped read or write takes one. It cannot be made, decoded or put together by a host application: it
/// comes from a ``TenantStore`` (``TenantStore/context(for:)-(TenantID)`` and its siblings) or from a directory that was
/// loaded from one, so that the store is the root of trust and a leak across tenants does not compile.
///
/// It tells the tenant as it was when the context was given, and is meant to live as long as one request or one job.
/// Copying it touches no shared memory for identifiers of up to 39 bytes.
public struct TenantContext: Sendable, Hashable {
  /// The tenant.
  public let tenantID: TenantID
  /// The tenant's organisation, which billing and usage are kept by.
  public let organizationID: OrgID
  /// The tenant's slug when the context was given.
  public let slug: Slug

  // Inlinable, so that a context is put together where it is needed; no source outside this module can call it.
  @inlinable
  init(tenantID: TenantID, organizationID: OrgID, slug: Slug) {
    self.tenantID = tenantID
    self.organizationID = organizationID
    self.slug = slug
  }

  init(_ tenant: Tenant) {
    self.init(tenantID: tenant.id, organizationID: tenant.organizationID, slug: tenant.slug)
  }
}
