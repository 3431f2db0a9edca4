public import SaaSCore

/// The capability to act for one tenant.
///
/// Every tenant-scoped read or write takes one. It cannot be made, decoded or put together by a host application: it
/// comes from a ``TenantStore`` (``TenantStore/context(for:)-(TenantID)`` and its siblings) or from a directory that was
/// loaded from one, so that the store is the root of trust and a leak across tenants does not compile.
///
/// It tells the tenant as it was when the context was given, and is meant to live as long as one request or one job.
/// Copying it touches no shared memory for names of up to 39 bytes each and 94 together.
public struct TenantContext: Sendable, Hashable {
  @usableFromInline let names: ContextNames

  // Inlinable, so that a context is put together where it is needed; no source outside this module can call it.
  @inlinable
  init(names: ContextNames) { self.names = names }

  init(tenantID: TenantID, organizationID: OrgID, slug: Slug) {
    self.init(names: .of(slug: slug.text, tenant: tenantID.text, organization: organizationID.text))
  }

  init(_ tenant: borrowing Tenant) {
    self.init(names: .of(slug: tenant.slug.text, tenant: tenant.id.text, organization: tenant.organizationID.text))
  }

  /// The tenant.
  public var tenantID: TenantID { TenantID(validated: ValidIdentifierText(trusted: names.tenant)) }

  /// The tenant's organisation, which billing and usage are kept by.
  public var organizationID: OrgID { OrgID(validated: ValidIdentifierText(trusted: names.organization)) }

  /// The tenant's slug when the context was given.
  public var slug: Slug { Slug(trusted: names.slug) }
}

extension TenantContext: CustomReflectable {
  /// The three names, and not how they lie in memory.
  public var customMirror: Mirror {
    Mirror(
      self, children: ["tenantID": tenantID, "organizationID": organizationID, "slug": slug], displayStyle: .struct)
  }
}
