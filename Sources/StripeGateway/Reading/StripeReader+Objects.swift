internal import BillingKit
internal import SaaSCore

extension StripeReader {
  func customer() throws(StripeReadError) -> ProviderCustomer {
    ProviderCustomer(id: try requiredIdentifier("id"), isDeleted: flag("deleted") ?? false, metadata: metadata)
  }

  func checkoutSession() throws(StripeReadError) -> CheckoutSession {
    CheckoutSession(
      id: try requiredIdentifier("id"), url: text("url"),
      status: CheckoutSession.Status(providerText: text("status")), paymentStatus: text("payment_status"),
      customerID: identifier("customer"), subscriptionID: identifier("subscription"),
      clientReference: text("client_reference_id"), metadata: metadata, createdAt: try instant("created"),
      expiresAt: try instant("expires_at"))
  }

  /// A subscription. Versions before basil tell one period for it, later ones a period for each item.
  func subscription() throws(StripeReadError) -> SubscriptionSnapshot {
    let period = try period("current_period_start", "current_period_end")
    return SubscriptionSnapshot(
      id: try requiredIdentifier("id"), customerID: try requiredIdentifier("customer"),
      status: ProviderStatus(providerText: text("status") ?? ""),
      items: try subscriptionItems(in: period),
      createdAt: try requiredInstant("created"), startedAt: try instant("start_date"),
      cancelAtPeriodEnd: flag("cancel_at_period_end") ?? false, cancelAt: try instant("cancel_at"),
      canceledAt: try instant("canceled_at"), endedAt: try instant("ended_at"), trialStart: try instant("trial_start"),
      trialEnd: try instant("trial_end"), pausedCollection: try pausedCollection(),
      latestInvoiceID: identifier("latest_invoice"), metadata: metadata)
  }

  /// A subscription, and whether it has more items than it holds.
  func subscriptionPart() throws(StripeReadError) -> (snapshot: SubscriptionSnapshot, lacksItems: Bool) {
    (try subscription(), object("items")?.flag("has_more") ?? false)
  }

  private func pausedCollection() throws(StripeReadError) -> SubscriptionSnapshot.PausedCollection? {
    guard let pause = object("pause_collection") else { return nil }
    return SubscriptionSnapshot.PausedCollection(
      behavior: pause.text("behavior") ?? "", resumesAt: try pause.instant("resumes_at"))
  }

  private func subscriptionItems(in period: Period?) throws(StripeReadError) -> [SubscriptionItem] {
    var items: [SubscriptionItem] = []
    for item in list("items") {
      if let item = try item.subscriptionItem(in: period) { items.append(item) }
    }
    return items
  }

  /// An item, or nil where it has no identifier or no price and so tells nothing.
  func subscriptionItem(in subscriptionPeriod: Period?) throws(StripeReadError) -> SubscriptionItem? {
    // `plan` is what versions before prices have.
    guard let id: SubscriptionItemID = identifier("id"),
      let priceID: PriceID = identifier("price") ?? identifier("plan")
    else { return nil }
    let price = object("price")
    let usageType = price?.object("recurring")?.text("usage_type") ?? object("plan")?.text("usage_type")
    return SubscriptionItem(
      id: id, priceID: priceID, quantity: number("quantity"),
      usageType: usageType.flatMap(SubscriptionItem.UsageType.init(rawValue:)) ?? .licensed,
      currentPeriod: try period("current_period_start", "current_period_end") ?? subscriptionPeriod)
  }

  /// An invoice. Its subscription is a field of its own before basil, and within `parent` since.
  func invoice() throws(StripeReadError) -> InvoiceSnapshot {
    let parent = object("parent")?.object("subscription_details")
    let amountDue = money("amount_due")
    return InvoiceSnapshot(
      id: identifier("id"), customerID: identifier("customer"),
      subscriptionID: parent?.identifier("subscription") ?? identifier("subscription"), status: text("status"),
      billingReason: text("billing_reason"), attemptCount: number("attempt_count"),
      nextPaymentAttempt: try instant("next_payment_attempt"), amountDue: amountDue, amountPaid: money("amount_paid"),
      createdAt: try instant("created"), periodEnd: try instant("period_end"), linePeriod: try invoiceLinePeriod())
  }

  /// The period of the first line that bills a subscription, one that is no proration where there is one: prorations tell
  /// of the period before.
  private func invoiceLinePeriod() throws(StripeReadError) -> Period? {
    var first: Period?
    for line in list("lines") {
      let details = line.object("parent")?.object("subscription_item_details")
      let isOfSubscription =
        details != nil || line.text("type") == "subscription"
        || line.object("parent")?.text("type") == "subscription_item_details"
      guard isOfSubscription, let period = try line.object("period")?.period("start", "end") else { continue }
      if !(details?.flag("proration") ?? line.flag("proration") ?? false) { return period }
      first = first ?? period
    }
    return first
  }
}
