public import BillingKit
public import SaaSCore

/// A payment provider in memory that behaves: for the tests of host applications and of this library.
///
/// It has a clock of its own, which a test moves; on the way trials end, subscriptions renew, payments fail and are tried
/// again. Buyers are played by calls (``completeCheckout(_:)``, ``cancelInPortal(_:)``, …). Everything that happens is told
/// by signed webhooks as the real provider sends them; a test takes them with ``takeWebhooks()`` and delivers them in
/// whatever order, as often as it likes.
///
/// ```swift
/// let gateway = FakePaymentGateway(catalog: catalog, startingAt: clock.now())
/// let session = try await billing.checkout(.pro, for: tenant, as: owner, returningTo: urls, at: clock.now())
/// gateway.completeCheckout(session.id)
/// for webhook in gateway.takeWebhooks().shuffled(using: &generator) {
///   _ = await webhooks.process(body: webhook.body, signature: webhook.signature, at: clock.now())
/// }
/// ```
public final class FakePaymentGateway: Sendable {
  struct State: Sendable {
    var provider: FakeProvider
    var told = 0
    var answers: [IdempotencyKey: StoredAnswer] = [:]
    var faults: [FakeGatewayCall: [FakeGatewayFault]] = [:]
    var hook: (@Sendable (FakeGatewayCall) -> FakeGatewayFault?)?
    var calls: [FakeGatewayCall] = []
    var keys: [IdempotencyKey] = []
    var sumLag = Duration.zero
    var meterRefusals: [ProviderEventID: [String]] = [:]
  }

  /// The first answer to a key, which a repeat gets again.
  struct StoredAnswer: Sendable {
    let request: any Hashable & Sendable
    let at: Timestamp
    let answer: Result<any Sendable, GatewayError>
  }

  let state: Lock<State>
  /// The secret that webhooks are signed with.
  public let webhookSecret: String
  /// In which of the provider's shapes the webhooks' bodies are.
  public let shape: WebhookShape

  /// In which of the provider's shapes a webhook's body is.
  public enum WebhookShape: String, Sendable, Hashable, CaseIterable {
    /// A subscription's period stands on the subscription, an invoice's subscription on the invoice.
    case beforeBasil
    /// A subscription's period stands on its items, an invoice's subscription in its parent.
    case sinceBasil
  }

  /// A provider that sells what a catalogue has.
  /// - Parameters:
  ///   - start: what its clock stands at.
  ///   - isLive: the mode that its events carry.
  public init(
    catalog: PlanCatalog, startingAt start: Timestamp, isLive: Bool = false, shape: WebhookShape = .sinceBasil,
    webhookSecret: String = "whsec_fake"
  ) {
    var prices: [PriceID: FakeProvider.Price] = [:]
    for plan in catalog.plans {
      for price in plan.prices {
        var usageType = SubscriptionItem.UsageType.licensed
        if case .metered = price.role { usageType = .metered }
        prices[price.id] = FakeProvider.Price(
          months: price.interval == .year ? 12 : 1, usageType: usageType, unitAmount: 1_000)
      }
    }
    state = Lock(State(provider: FakeProvider(prices: prices, now: start, isLive: isLive)))
    self.shape = shape
    self.webhookSecret = webhookSecret
  }

  // MARK: Clock

  /// What the provider's clock stands at, in whole seconds.
  public var now: Timestamp { state.withLock { $0.provider.now } }

  /// Moves the provider's clock on; everything that is due on the way happens, in its order.
  public func advance(by duration: Duration) {
    state.withLock { $0.provider.advance(to: $0.provider.now + duration) }
  }

  /// Moves the provider's clock to an instant; one that is past changes nothing.
  public func advance(to instant: Timestamp) { state.withLock { $0.provider.advance(to: instant) } }

  // MARK: Buyers

  /// The buyer pays on the page of a checkout session: the subscription begins.
  /// - Returns: the subscription, or nil where the session is not open any more.
  @discardableResult
  public func completeCheckout(_ id: CheckoutSessionID) -> SubscriptionID? {
    state.withLock { $0.provider.complete(id) }
  }

  /// Whether a customer's payments succeed from now on.
  public func setPaymentWorks(_ works: Bool, for customer: CustomerID) {
    state.withLock { $0.provider.customers[customer]?.paymentWorks = works }
  }

  /// The customer pays what is owed of a subscription.
  public func payOpenInvoices(of subscription: SubscriptionID) { state.withLock { $0.provider.pay(subscription) } }

  /// The customer ends its subscription with the period, on the portal's page.
  public func cancelInPortal(_ subscription: SubscriptionID) {
    state.withLock { $0.provider.cancelInPortal(subscription) }
  }

  // MARK: The provider's dashboard

  /// A subscription begins without a checkout, as from the provider's dashboard.
  @discardableResult
  public func subscribe(
    _ customer: CustomerID, to lines: [CheckoutLine], trialDays: Int = 0, firstPaymentSucceeds: Bool = true
  ) -> SubscriptionID {
    state.withLock { state in
      state.provider.subscribe(
        customer, lines: lines, metadata: [:], trialDays: trialDays, firstPaymentSucceeds: firstPaymentSucceeds)
    }
  }

  /// Ends a subscription at once.
  public func end(_ subscription: SubscriptionID) { state.withLock { $0.provider.end(subscription) } }

  /// Pauses a subscription, or lets it go on.
  public func setPaused(_ isPaused: Bool, _ subscription: SubscriptionID) {
    state.withLock { $0.provider.setPaused(isPaused, subscription) }
  }

  /// Deletes a customer and with it its subscriptions.
  public func deleteCustomer(_ customer: CustomerID) { state.withLock { $0.provider.deleteCustomer(customer) } }

  /// Changes a subscription as from the provider's dashboard; one that ended stays as it is.
  public func change(_ subscription: SubscriptionID, _ change: SubscriptionChange) {
    state.withLock { state in try? state.provider.update(subscription, change) }
  }

  /// Moves a subscription's billing anchor to now, so that a period begins, and later ones are counted from here.
  public func resetAnchor(of subscription: SubscriptionID) { state.withLock { $0.provider.resetAnchor(subscription) } }

  /// Gives a subscription a status that this library does not know.
  public func setUnknownStatus(_ text: String, _ subscription: SubscriptionID) {
    state.withLock { state in
      state.provider.subscriptions[subscription]?.value.status = .unknown(text)
      state.provider.tell(.updated, subscription)
    }
  }

  /// Whether a subscription whose last retry failed ends, as it does unless told otherwise, or goes on unpaid.
  public func setCancelsAfterRetries(_ cancels: Bool) { state.withLock { $0.provider.cancelsAfterRetries = cancels } }

  /// How long it takes until an accepted usage report is in the sums.
  public func setSumLag(_ lag: Duration) { state.withLock { $0.sumLag = lag } }

  // MARK: Looking in

  /// A subscription as the provider has it.
  public func snapshot(of id: SubscriptionID) -> SubscriptionSnapshot? {
    state.withLock { $0.provider.subscriptions[id]?.value }
  }

  /// Every customer that was ever created, the first one first.
  public var customerIDs: [CustomerID] {
    state.withLock { state in
      state.provider.customers.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.map(\.id)
    }
  }

  /// The calls that arrived, in order.
  public var calls: [FakeGatewayCall] { state.withLock { $0.calls } }

  /// The idempotency keys of the writes that arrived, in order.
  public var keys: [IdempotencyKey] { state.withLock { $0.keys } }

  /// The usage that was counted for a customer, whatever the lag: the sum of every accepted report of a meter.
  public func countedUsage(of meter: String, customer: CustomerID, in period: Period? = nil) -> Int64 {
    state.withLock { state in
      state.provider.meterEvents.filter { event in
        event.report.meter.name == meter && event.report.customerID == customer
          && (period?.contains(event.report.timestamp) ?? true)
      }.reduce(0) { $0 &+ $1.report.value }
    }
  }

  // MARK: Faults

  /// Makes the next call of a kind fail; several wait in order.
  public func fail(_ call: FakeGatewayCall, _ fault: FakeGatewayFault) {
    state.withLock { $0.faults[call, default: []].append(fault) }
  }

  /// Asks before every call whether it fails, after those that ``fail(_:_:)`` has waiting; nil asks no more.
  public func setFaults(_ hook: (@Sendable (FakeGatewayCall) -> FakeGatewayFault?)?) {
    state.withLock { $0.hook = hook }
  }

  // MARK: Events

  /// The events that were told since the last call, in their order.
  public func takeEvents() -> [ProviderEvent] { takeTold().map(\.value) }

  func takeTold() -> [FakeProvider.Event] {
    state.withLock { state in
      let fresh = Array(state.provider.events.dropFirst(state.told))
      state.told = state.provider.events.count
      return fresh
    }
  }
}
