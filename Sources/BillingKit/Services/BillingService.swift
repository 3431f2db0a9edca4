public import SaaSCore
public import TenancyKit

/// What an organisation's members do about its billing: buy, change and end a plan, and see what it gives.
///
/// Every operation that changes something needs the organisation's owner or its billing admin. An actor of another
/// organisation is refused before anything is read.
///
/// ```swift
/// let session = try await billing.checkout(.pro, for: tenant, as: owner, returningTo: urls, at: now)
/// // redirect to session.url; on the buyer's return:
/// let allowed = try await billing.completeCheckout(sessionID, for: tenant, as: owner, at: now)
/// ```
public struct BillingService: Sendable {
  let writer: AccountWriter
  let installation: InstallationID
  let options: CheckoutOptions
  let meteredUsage: MeteredUsageReporter?

  /// A service over a store and a payment provider.
  /// - Parameters:
  ///   - installation: keeps this installation's customers apart from others' of the same provider account; never changes.
  ///   - meteredUsage: reports what is owed before a subscription is ended at once; nil where nothing is metered.
  public init(
    store: any BillingStore, gateway: any PaymentGateway, rules: EntitlementRules, installation: InstallationID,
    options: CheckoutOptions = CheckoutOptions(), meteredUsage: MeteredUsageReporter? = nil
  ) {
    writer = AccountWriter(store: store, gateway: gateway, rules: rules)
    self.installation = installation
    self.options = options
    self.meteredUsage = meteredUsage
  }

  var gateway: any PaymentGateway { writer.gateway }
  var catalog: PlanCatalog { writer.rules.catalog }

  // MARK: Seeing

  /// What a tenant may do at an instant.
  public func entitlements(for tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> Entitlements {
    writer.rules.entitlements(of: try await writer.load(.tenant(tenant)), at: now)
  }

  /// A tenant's whole account, for its owner and admins and its billing admin.
  public func account(for tenant: TenantContext, as actor: Membership) async throws(BillingError) -> BillingAccount {
    guard actor.organizationID == tenant.organizationID else { throw .access(.notAMember) }
    let account = try await writer.load(.tenant(tenant))
    guard actor.role != .member || account.billingAdmin == actor.userID else {
      throw .access(.roleTooLow(needed: [.owner, .admin]))
    }
    return account
  }

  // MARK: Who may act

  /// Makes a member the organisation's billing admin, in the place of the one before; nil for nobody. Only the owner may.
  public func assignBillingAdmin(
    _ user: UserID?, for tenant: TenantContext, as actor: Membership, at now: Timestamp
  ) async throws(BillingError) {
    do throws(AccessRefusal) {
      try actor.require([.owner], in: tenant.organizationID)
    } catch {
      throw .access(error)
    }
    _ = try await writer.update(.tenant(tenant), cause: .member(actor.userID), at: now) { $0.billingAdmin = user }
  }

  /// Refuses an actor that may not act for the tenant in billing, and gives the tenant's account.
  func authorize(_ actor: Membership, for tenant: TenantContext) async throws(BillingError) -> BillingAccount {
    guard actor.organizationID == tenant.organizationID else { throw .access(.notAMember) }
    let account = try await writer.load(.tenant(tenant))
    guard actor.role == .owner || account.billingAdmin == actor.userID else { throw .notBillingAdmin }
    return account
  }

  // MARK: Portal

  /// A session of the provider's customer portal, where an organisation's card, invoices and subscription are.
  /// - Throws: ``BillingError``: `noCustomer` where the organisation never began a checkout or its customer was deleted.
  public func portal(
    for tenant: TenantContext, as actor: Membership, returningTo url: String, at now: Timestamp
  ) async throws(BillingError) -> PortalSession {
    let account = try await authorize(actor, for: tenant)
    guard let customer = account.customer else { throw .noCustomer }
    // A session is short-lived, so every call wants its own; only the gateway's repeats share one.
    let key = key("portal", tenant, String(now.microseconds), actor.userID.rawValue)
    do throws(GatewayError) {
      return try await gateway.createPortalSession(for: customer.id, returnURL: url, key: key)
    } catch {
      guard error.kind == .notFound else { throw .gateway(error) }
      throw .noCustomer
    }
  }

  func key(_ purpose: String, _ tenant: TenantContext, _ parts: String...) -> IdempotencyKey {
    StableName.key(
      purpose, StableName.digest(installation.rawValue, tenant.organizationID.rawValue), parts.joined(separator: "\n"))
  }
}

/// How checkouts are made.
public struct CheckoutOptions: Sendable, Hashable {
  /// How long a buyer has; Stripe allows from half an hour to 24 hours. 23 hours unless said otherwise.
  public var lifetime = Duration.seconds(23 * 3_600)
  /// Whether the buyer may enter a promotion code.
  public var allowsPromotionCodes = false
  /// Whether the provider works out taxes.
  public var automaticTax = false
  /// How long the provider surely remembers an idempotency key: a day at Stripe. Half an hour less is relied upon.
  public var keyLifetime = Duration.seconds(86_400)

  /// The usual checkouts.
  public init() {}

  /// How old something that was begun under a key may be to be sent again under it.
  var safeKeyAge: Duration { max(.zero, keyLifetime - .seconds(1_800)) }
}
