import BillingKit
import SaaSCore
import SaaSTesting

/// A gateway at which something happens, once, right before one of its calls, as another process would do it.
final class InterleavingGateway: PaymentGateway {
  private let base: FakePaymentGateway
  private let meanwhile: Meanwhile

  /// - Parameters:
  ///   - call: before which call the other comes in, the first being 1.
  ///   - meanwhile: what another process does then.
  init(_ base: FakePaymentGateway, beforeCall call: Int, meanwhile: @escaping @Sendable () async -> Void) {
    self.base = base
    self.meanwhile = Meanwhile(atStep: call, meanwhile)
  }

  var hasInterleaved: Bool { meanwhile.hasHappened }

  func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError) -> ProviderCustomer {
    await meanwhile.step()
    return try await base.createCustomer(customer, key: key)
  }

  func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> {
    await meanwhile.step()
    return try await base.customer(id)
  }

  func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError) -> ProviderCustomer? {
    await meanwhile.step()
    return try await base.findCustomer(organization: organization, installation: installation)
  }

  func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  {
    await meanwhile.step()
    return try await base.createCheckoutSession(session, key: key)
  }

  func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    await meanwhile.step()
    return try await base.checkoutSession(id)
  }

  func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    await meanwhile.step()
    return try await base.openCheckoutSessions(of: customer)
  }

  func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    await meanwhile.step()
    try await base.expireCheckoutSession(id, key: key)
  }

  func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  {
    await meanwhile.step()
    return try await base.createPortalSession(for: customer, returnURL: returnURL, key: key)
  }

  func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    await meanwhile.step()
    return try await base.subscription(id)
  }

  func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    await meanwhile.step()
    return try await base.subscriptions(of: customer, after: cursor, limit: limit)
  }

  func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  {
    await meanwhile.step()
    try await base.updateSubscription(id, change, key: key)
  }

  func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  {
    await meanwhile.step()
    try await base.cancelSubscription(id, cancellation, key: key)
  }
}
