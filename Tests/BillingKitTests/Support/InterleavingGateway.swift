import BillingKit
import SaaSCore
import SaaSTesting

/// A gateway at which something happens, once, right before one of its calls, as another process would do it.
final class InterleavingGateway: PaymentGateway {
  private let base: FakePaymentGateway
  private let callsLeft: Lock<Int>
  private let meanwhile: Lock<(@Sendable () async -> Void)?>

  /// - Parameters:
  ///   - call: before which call the other comes in, the first being 1.
  ///   - meanwhile: what another process does then.
  init(_ base: FakePaymentGateway, beforeCall call: Int, meanwhile: @escaping @Sendable () async -> Void) {
    self.base = base
    callsLeft = Lock(call)
    self.meanwhile = Lock(meanwhile)
  }

  var hasInterleaved: Bool { callsLeft.withLock { $0 <= 0 } }

  private func interleave() async {
    let left = callsLeft.withLock { left in
      left -= 1
      return left
    }
    guard left == 0 else { return }
    let work = meanwhile.withLock { work in
      defer { work = nil }
      return work
    }
    await work?()
  }

  func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError) -> ProviderCustomer {
    await interleave()
    return try await base.createCustomer(customer, key: key)
  }

  func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> {
    await interleave()
    return try await base.customer(id)
  }

  func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError) -> ProviderCustomer? {
    await interleave()
    return try await base.findCustomer(organization: organization, installation: installation)
  }

  func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  {
    await interleave()
    return try await base.createCheckoutSession(session, key: key)
  }

  func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    await interleave()
    return try await base.checkoutSession(id)
  }

  func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    await interleave()
    return try await base.openCheckoutSessions(of: customer)
  }

  func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    await interleave()
    try await base.expireCheckoutSession(id, key: key)
  }

  func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  {
    await interleave()
    return try await base.createPortalSession(for: customer, returnURL: returnURL, key: key)
  }

  func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    await interleave()
    return try await base.subscription(id)
  }

  func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    await interleave()
    return try await base.subscriptions(of: customer, after: cursor, limit: limit)
  }

  func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  {
    await interleave()
    try await base.updateSubscription(id, change, key: key)
  }

  func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  {
    await interleave()
    try await base.cancelSubscription(id, cancellation, key: key)
  }
}
