public import BillingKit
public import SaaSCore
import Synchronization
public import TenancyKit

/// A payment provider within the process, with one subscription for each customer: what a call to one costs is no part of
/// what is measured. It tells subscriptions, and does nothing else.
public final class Provider: PaymentGateway {
  private let state: Mutex<State>

  private struct State {
    var now: Timestamp
    var subscriptions: [SubscriptionID: SubscriptionSnapshot] = [:]
  }

  /// A provider whose clock stands at an instant.
  public init(at now: Timestamp) { state = Mutex(State(now: now)) }

  /// Makes a subscription what it is from an instant on.
  public func put(_ subscription: SubscriptionSnapshot, at now: Timestamp) {
    state.withLock { state in
      state.now = now
      state.subscriptions[subscription.id] = subscription
    }
  }

  /// Gives a tenant's organisation a customer with a month's subscription to one price.
  public func sell(
    _ price: PriceID, to tenant: TenantContext, in store: any BillingStore, rules: EntitlementRules,
    at start: Timestamp
  ) async throws {
    let customer = try CustomerID("cus_\(tenant.organizationID)")
    let item = SubscriptionItem(
      id: try SubscriptionItemID("si_\(tenant.organizationID)"), priceID: price, quantity: 1,
      currentPeriod: Period(start: start, end: start + .seconds(30 * 86_400)))
    let subscription = SubscriptionSnapshot(
      id: try SubscriptionID("sub_\(tenant.organizationID)"), customerID: customer, status: .active, items: [item],
      createdAt: start)
    put(subscription, at: start)
    let service = BillingService(
      store: store, gateway: self, rules: rules, installation: try InstallationID("benchmark"))
    try await BillingOperator(service).link(customer, to: tenant, by: "benchmark", at: start)
  }

  // MARK: What it tells

  public func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    let (found, now) = state.withLock { ($0.subscriptions[id], $0.now) }
    guard let found else { throw GatewayError(.notFound, "no subscription \(id)") }
    return GatewayRead(found, asOf: now)
  }

  public func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    let (all, now) = state.withLock { (Array($0.subscriptions.values), $0.now) }
    let found = all.filter { customer == nil || $0.customerID == customer }
    return GatewayRead(Page(found, next: nil), asOf: now)
  }

  // MARK: What nobody asks for

  private static let unasked = GatewayError(.refused, "the provider does nothing but tell subscriptions")

  public func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError)
    -> ProviderCustomer
  { throw Self.unasked }

  public func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> {
    throw Self.unasked
  }

  public func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError)
    -> ProviderCustomer?
  { throw Self.unasked }

  public func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  { throw Self.unasked }

  public func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    throw Self.unasked
  }

  public func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    throw Self.unasked
  }

  public func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    throw Self.unasked
  }

  public func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  { throw Self.unasked }

  public func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  { throw Self.unasked }

  public func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  { throw Self.unasked }
}
