public import SaaSCore
public import TenancyKit

/// Tenants in memory for a host application's tests: the one way for a test to get a ``TenantContext``.
///
/// A context comes only from a store. This is one, with as little to say as a test has to:
///
/// ```swift
/// let tenants = TestTenants()
/// let gallery = try await tenants.context("gallery")
/// ```
public struct TestTenants: Sendable {
  /// The store that has them.
  public let store: InMemoryTenantStore
  private let createdAt: Timestamp

  /// No tenants yet.
  /// - Parameter createdAt: when every tenant is said to have been created.
  public init(
    store: InMemoryTenantStore = InMemoryTenantStore(), createdAt: Timestamp = Timestamp(seconds: 1_750_000_000)
  ) {
    self.store = store
    self.createdAt = createdAt
  }

  /// The right to act for the tenant with a slug, which is created where there is none.
  ///
  /// The tenant's identifier is `tenant-` and the slug, its organisation's `org-` and the slug where none is given.
  /// - Throws: `SlugError`, `IdentifierError` or `TenantStoreError` where there can be no such tenant.
  public func context(_ slug: String, organization: String? = nil) async throws -> TenantContext {
    let name = try Slug(slug)
    if let context = try await store.context(slug: name) { return context }
    let tenant = try await store.insert(
      Tenant(
        id: TenantID("tenant-" + slug), organizationID: OrgID(organization ?? "org-" + slug), slug: name,
        createdAt: createdAt), at: createdAt)
    guard let context = try await store.context(for: tenant.id) else { throw TenantStoreError.store(.notFound) }
    return context
  }

  /// A member of a tenant's organisation.
  /// - Throws: `IdentifierError` where the name is no identifier.
  public func member(_ user: String = "user", of tenant: TenantContext, as role: Membership.Role = .owner) throws
    -> Membership
  {
    Membership(userID: try UserID(user), organizationID: tenant.organizationID, role: role)
  }
}
