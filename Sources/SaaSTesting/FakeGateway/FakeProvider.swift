package import BillingKit
package import SaaSCore

/// The payment provider that ``FakePaymentGateway`` stands for: customers, checkouts, subscriptions, invoices and meters
/// as a value that its clock and its buyers move, and the events that it tells of.
///
/// It follows Stripe's documented behaviour as far as billing depends on it: whole seconds; several events within one; a
/// renewal moves the period first and bills an hour later; failed payments are tried again on a schedule.
package struct FakeProvider: Sendable {
  package struct Price: Sendable {
    package let months: Int
    package let usageType: SubscriptionItem.UsageType
    package let unitAmount: Int64
  }

  package struct Customer: Sendable {
    package let id: CustomerID
    package let request: NewCustomer
    package let createdAt: Timestamp
    package var deletedAt: Timestamp?
    package var paymentWorks = true
  }

  package struct Session: Sendable {
    package var value: CheckoutSession
    package let request: NewCheckoutSession
  }

  package struct Invoice: Sendable {
    package let id: InvoiceID
    package let customerID: CustomerID
    package let subscriptionID: SubscriptionID
    package let reason: String
    package let amount: Int64
    package let createdAt: Timestamp
    package let period: Period
    package var status = "draft"
    package var attempts: Int64 = 0
    /// When it is charged next; nil where it is not.
    package var nextAttempt: Timestamp?
  }

  package struct Subscription: Sendable {
    package var value: SubscriptionSnapshot
    /// The instant from which periods are counted.
    package var anchor: Timestamp
    package let months: Int
    package var trialEndAnnounced = false
  }

  package struct Event: Sendable {
    package let value: ProviderEvent
    /// The fields that the neutral event does not carry, for its JSON.
    package let detail: FakeEventDetail
  }

  package var now: Timestamp
  package let isLive: Bool
  package let prices: [PriceID: Price]
  package var customers: [CustomerID: Customer] = [:]
  package var sessions: [CheckoutSessionID: Session] = [:]
  package var subscriptions: [SubscriptionID: Subscription] = [:]
  package var invoices: [InvoiceID: Invoice] = [:]
  package var meterEvents: [FakeMeterEvent] = []
  package var events: [Event] = []
  /// Whether a subscription whose last retry failed ends, or goes on unpaid.
  package var cancelsAfterRetries = true
  /// Whether a cancellation in the portal sets only an instant, as flexible billing does.
  package var portalSetsCancelAt = true

  private var lastNumber: UInt64 = 0

  package init(prices: [PriceID: Price], now: Timestamp, isLive: Bool) {
    self.prices = prices
    self.now = Timestamp(seconds: now.microseconds.flooredDivision(by: 1_000_000).quotient)
    self.isLive = isLive
  }

  // MARK: Names

  /// An identifier with a prefix, the same for the same history; later ones need not be greater.
  package mutating func makeID<ID: Identifier>(_ prefix: String, _ type: ID.Type = ID.self) -> ID {
    lastNumber += 1
    var generator = SeededGenerator(seed: lastNumber)
    let text = "\(prefix)_\(String(generator.next(), radix: 36))\(lastNumber)"
    return ID(validated: ValidIdentifierText(trusted: InlineText(text) ?? InlineText()))
  }

  // MARK: Telling

  package mutating func tell(_ type: String, _ payload: ProviderEvent.Payload, detail: FakeEventDetail) {
    let event = ProviderEvent(
      id: makeID("evt"), createdAt: now, isLive: isLive, type: type, payload: payload)
    events.append(Event(value: event, detail: detail))
  }

  package mutating func tell(_ change: ProviderEvent.SubscriptionChangeKind, _ id: SubscriptionID) {
    guard let subscription = subscriptions[id] else { return }
    let name = change == .trialWillEnd ? "trial_will_end" : change.rawValue
    tell(
      "customer.subscription.\(name)", .subscription(subscription.value, change),
      detail: .subscription(months: subscription.months))
  }

  package mutating func tell(_ change: ProviderEvent.InvoiceChangeKind, _ id: InvoiceID) {
    guard let invoice = invoices[id] else { return }
    let amount = CurrencyCode("usd").map { Money(minorUnits: invoice.amount, currency: $0) }
    let snapshot = InvoiceSnapshot(
      id: id, customerID: invoice.customerID, subscriptionID: invoice.subscriptionID, status: invoice.status,
      billingReason: invoice.reason, attemptCount: invoice.attempts, nextPaymentAttempt: invoice.nextAttempt,
      amountDue: amount,
      amountPaid: change == .paid ? amount : amount.map { Money(minorUnits: 0, currency: $0.currency) },
      createdAt: invoice.createdAt, periodEnd: invoice.period.start, linePeriod: invoice.period)
    switch change {
    case .paid:
      tell("invoice.paid", .invoice(snapshot, .paid), detail: .invoice)
      tell("invoice.payment_succeeded", .invoice(snapshot, .paid), detail: .invoice)
    case .paymentFailed: tell("invoice.payment_failed", .invoice(snapshot, change), detail: .invoice)
    case .paymentActionRequired: tell("invoice.payment_action_required", .invoice(snapshot, change), detail: .invoice)
    }
  }

  package mutating func tell(_ session: CheckoutSession, _ name: String) {
    tell("checkout.session.\(name)", .checkout(session), detail: .checkout)
  }
}

/// The fields of an event's JSON that the neutral event does not carry.
package enum FakeEventDetail: Sendable {
  case subscription(months: Int)
  case invoice
  case checkout
  case customer
  case meterErrors
}

/// A meter event that the fake provider accepted.
package struct FakeMeterEvent: Sendable {
  package let report: MeteredUsageReport
  package let acceptedAt: Timestamp
}
