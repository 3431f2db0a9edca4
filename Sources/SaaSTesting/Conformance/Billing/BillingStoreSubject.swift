public import BillingKit
public import SaaSCore
internal import TenancyKit

/// A fresh, empty ``BillingStore`` for a conformance check, with the outbox that its changes are recorded in.
///
/// The checks act for tenants of an in-memory store of their own, so that a billing store must not need them in its
/// database.
public struct BillingStoreSubject: Sendable {
  /// The store.
  public let store: any BillingStore
  /// The same store as another process would have it: over a connection of its own where the store has connections, else
  /// the same value again.
  public let peer: any BillingStore
  /// Where the store's events are read.
  public let outbox: any Outbox
  private let tenants = TestTenants()

  /// A store to check.
  public init(store: any BillingStore, peer: (any BillingStore)? = nil, outbox: any Outbox) {
    self.store = store
    self.peer = peer ?? store
    self.outbox = outbox
  }

  func tenant(_ slug: String = "gallery") async throws -> TenantContext { try await tenants.context(slug) }

  /// What the outbox holds, in order.
  func told() async throws -> [OutboxDraft] {
    try await outbox.events(after: 0, limit: .maximum).map(\.draft)
  }
}

extension BillingStoreError: StoreErrorCarrying {
  var storeError: StoreError? {
    if case .store(let error) = self { return error }
    return nil
  }

  /// The error without the text of a conflict, which is each store's own.
  var withoutText: BillingStoreError {
    if case .store(let error) = self { return .store(error.withoutText) }
    return self
  }
}

/// Accounts and events that the checks save, made by the kit's own rules.
enum BillingStoreSamples {
  static let now = Timestamp(microseconds: 1_780_000_000_000_001)

  static func catalog() throws -> PlanCatalog {
    try PlanCatalog(
      plans: [
        Plan(id: .free, name: "Free", rank: 0),
        Plan(
          id: .pro, name: "Pro", rank: 1,
          prices: [PlanPrice(id: PriceID("price"), role: .base, interval: .month)]),
      ], defaultPlan: .free)
  }

  static func subscription(
    _ id: String, of customer: String, status: ProviderStatus = .active, at instant: Timestamp = now
  ) throws -> ProviderEvent {
    let start = Timestamp(seconds: 1_780_000_000)
    let period = Period(start: start, end: start + .seconds(30 * 86_400))
    let snapshot = SubscriptionSnapshot(
      id: try SubscriptionID(id), customerID: try CustomerID(customer), status: status,
      items: [
        SubscriptionItem(
          id: try SubscriptionItemID("item"), priceID: try PriceID("price"), quantity: 3, currentPeriod: period)
      ], createdAt: start, startedAt: start, cancelAt: period?.end, trialEnd: start,
      pausedCollection: .init(behavior: "void", resumesAt: start), latestInvoiceID: try InvoiceID("in_'ü"),
      metadata: ["a \"key\"": "a\nvalue"])
    return ProviderEvent(
      id: try ProviderEventID("event-of-\(id)"), createdAt: instant, isLive: true,
      type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
  }

  static func invoice(of id: String, customer: String) throws -> ProviderEvent {
    let invoice = InvoiceSnapshot(
      id: try InvoiceID("invoice"), customerID: try CustomerID(customer), subscriptionID: try SubscriptionID(id),
      status: "open", billingReason: "subscription_cycle", attemptCount: 2, nextPaymentAttempt: now,
      amountDue: Money(minorUnits: 1_999, currency: .eur), createdAt: now, periodEnd: now)
    return ProviderEvent(
      id: try ProviderEventID("event-of-invoice"), createdAt: now, isLive: true, type: "invoice.payment_failed",
      payload: .invoice(invoice, .paymentFailed))
  }

  static func alert(percent: Int = 80) throws -> LimitAlert {
    let period = try Expect.some(
      Period(start: Timestamp(seconds: 1_780_000_000), end: Timestamp(seconds: 1_782_000_000)), "a period")
    let limit = PlanLimit(metric: .runs, window: .month, base: 100, action: .block)
    return LimitAlert(
      LimitStatus(allowance: LimitAllowance(limit: limit, cap: 100, period: period), used: 85), percent: percent)
  }

  static func tally(_ key: String, of organization: OrgID, meter: String = "runs", startingAt start: Int64) throws
    -> UsageTally
  {
    let period = try Expect.some(
      Period(start: Timestamp(seconds: start), end: Timestamp(seconds: start + 1_000)), "a period")
    return UsageTally(
      key: key, organizationID: organization, customerID: try CustomerID("cus"),
      price: MeteredPrice(
        metric: .runs, meter: UsageMeter(name: meter, meterID: try MeterID("mtr"), priceID: try PriceID("price")),
        unit: 10, included: 1_000), itemID: try SubscriptionItemID("item"), period: period)
  }
}
