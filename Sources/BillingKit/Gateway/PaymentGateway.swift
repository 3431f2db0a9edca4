public import SaaSCore

/// The payment provider, as far as billing asks anything of it.
///
/// StripeGateway implements it over Stripe's REST API, `FakePaymentGateway` in SaaSTesting in memory; a host application
/// implements it for another provider. Only this kit's services call it, and never inside a store's transaction.
///
/// An implementation guarantees:
/// - A write that is sent again under its ``IdempotencyKey`` within the provider's window (a day at least) happens once
///   and gives the first answer; another write under the same key is ``GatewayError/Kind/keyMismatch`` and does nothing.
///   The gateway itself repeats a call where the provider says that this is safe.
/// - Customers, subscriptions and checkout sessions are told as they are at the provider: a read that begins after an event
///   was told tells what the event did, or more. (One that tells an earlier event's snapshot instead is refused, as far as
///   its instant gives it away; whatever else a lagging answer leaves behind, reconciliation heals.) A read's
///   ``GatewayRead/asOf`` is by the provider's clock and not after the start of the request, also when an answer took
///   long; where the provider's clock is not told, the implementation may not guess a later instant. Writes tell no
///   state, because a repeated one tells the old one: the caller reads.
/// - Errors are ``GatewayError``. A call that ended with one that ``GatewayError/isRetryable`` may have been done; the
///   same call with the same key may be repeated.
/// - A cancelled task's call ends soon with ``GatewayError/Kind/cancelled``.
/// - No secret is in an error, a description or a log.
public protocol PaymentGateway: Sendable {
  // MARK: Customers

  /// Creates a customer that carries its organisation and installation.
  func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError) -> ProviderCustomer

  /// Reads a customer. A deleted one is answered as such or as `notFound`.
  func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer>

  /// Finds the customer that was created for an organisation and is not deleted, the oldest where there are several; nil
  /// where there is none. May lag behind a creation by a minute, so that it guards against no race.
  func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError) -> ProviderCustomer?

  // MARK: Checkout and portal

  /// Creates a checkout session for a subscription.
  func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession

  /// Reads a checkout session.
  func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession>

  /// The customer's checkout sessions that are still open, the latest first.
  func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession]

  /// Expires an open checkout session; one that is not open any more is `refused`.
  func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError)

  /// Creates a session of the customer portal.
  func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey) async throws(GatewayError)
    -> PortalSession

  // MARK: Subscriptions

  /// Reads a subscription; one that ended long ago is still read.
  func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot>

  /// Subscriptions in every status, ended ones included, the latest first, a page at a time; one of a customer's, or the
  /// whole account's where it is nil.
  func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>

  /// Changes a subscription; an ended one is `refused`.
  func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)

  /// Ends a subscription at once; one that has ended already is `refused` or `notFound`.
  func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
}
