public import SaaSCore
public import TenancyKit

/// What the platform's operator does about a tenant's billing, beside what its members and the provider do.
///
/// It asks for no membership: a host application offers it to its own staff only.
public struct BillingOperator: Sendable {
  private let service: BillingService

  /// The operator's calls over a billing service's store and provider.
  public init(_ service: BillingService) { self.service = service }

  /// Grants something, or replaces the grant of the same identifier.
  @discardableResult
  public func grant(_ grant: Grant, to tenant: TenantContext, at now: Timestamp) async throws(BillingError)
    -> Entitlements
  {
    try await update(tenant, by: grant.grantedBy, at: now) { account in
      account.grants.removeAll { $0.id == grant.id }
      account.grants.append(grant)
      account.grants.sort { $0.id < $1.id }
    }
  }

  /// Takes a grant back; one that is not there changes nothing.
  @discardableResult
  public func revoke(_ id: GrantID, from tenant: TenantContext, by name: String, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    try await update(tenant, by: name, at: now) { account in account.grants.removeAll { $0.id == id } }
  }

  /// Links a customer that was made elsewhere, by an earlier system for example, with everything that events told of it.
  ///
  /// An organisation has one customer at a time: the one that it has is deleted at the provider first.
  /// - Throws: ``BillingError``: `customerTaken` where it is another organisation's, `alreadyLinked` where this one has
  ///   another customer.
  public func link(_ customer: CustomerID, to tenant: TenantContext, by name: String, at now: Timestamp)
    async throws(BillingError)
  {
    // Every round that saves nothing saw another's save.
    for _ in 0..<32 {
      if try await service.link(customer, to: tenant, cause: .operator(name), at: now) {
        return try await service.refreshSubscriptions(of: customer, in: tenant, cause: .operator(name), at: now)
      }
      let present = try await service.writer.load(.tenant(tenant)).customer
      if let present, present.id != customer { throw .alreadyLinked(present.id) }
    }
    throw .contended
  }

  /// Makes a member the organisation's billing admin; nil for nobody.
  public func assignBillingAdmin(_ user: UserID?, for tenant: TenantContext, by name: String, at now: Timestamp)
    async throws(BillingError)
  {
    _ = try await update(tenant, by: name, at: now) { $0.billingAdmin = user }
  }

  private func update(
    _ tenant: TenantContext, by name: String, at now: Timestamp, _ change: (inout BillingAccount) -> Void
  ) async throws(BillingError) -> Entitlements {
    let outcome = try await service.writer.update(.tenant(tenant), cause: .operator(name), at: now, change)
    guard let account = outcome.account else { throw .contended }
    return service.writer.rules.entitlements(of: account, at: now)
  }
}
