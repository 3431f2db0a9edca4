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
      clientReference: text("client_reference_id"), metadata: metadata, createdAt: instant("created"),
      expiresAt: instant("expires_at"))
  }

  /// A subscription. Versions before basil tell one period for it, later ones a period for each item.
  func subscription() throws(StripeReadError) -> SubscriptionSnapshot {
    let period = period("current_period_start", "current_period_end")
    return SubscriptionSnapshot(
      id: try requiredIdentifier("id"), customerID: try requiredIdentifier("customer"),
      status: ProviderStatus(providerText: text("status") ?? ""),
      items: list("items").compactMap { $0.subscriptionItem(in: period) },
      createdAt: try requiredInstant("created"), startedAt: instant("start_date"),
      cancelAtPeriodEnd: flag("cancel_at_period_end") ?? false, cancelAt: instant("cancel_at"),
      canceledAt: instant("canceled_at"), endedAt: instant("ended_at"), trialStart: instant("trial_start"),
      trialEnd: instant("trial_end"), pausedCollection: pausedCollection(),
      latestInvoiceID: identifier("latest_invoice"), metadata: metadata)
  }

  /// A subscription, and whether it has more items than it holds.
  func subscriptionPart() throws(StripeReadError) -> (snapshot: SubscriptionSnapshot, lacksItems: Bool) {
    (try subscription(), object("items")?.flag("has_more") ?? false)
  }

  private func pausedCollection() -> SubscriptionSnapshot.PausedCollection? {
    guard let pause = object("pause_collection") else { return nil }
    return SubscriptionSnapshot.PausedCollection(
      behavior: pause.text("behavior") ?? "", resumesAt: pause.instant("resumes_at"))
  }

  /// An item, or nil where it has no identifier or no price and so tells nothing.
  func subscriptionItem(in subscriptionPeriod: Period?) -> SubscriptionItem? {
    // `plan` is what versions before prices have.
    guard let id: SubscriptionItemID = identifier("id"),
      let priceID: PriceID = identifier("price") ?? identifier("plan")
    else { return nil }
    let price = object("price")
    let usageType = price?.object("recurring")?.text("usage_type") ?? object("plan")?.text("usage_type")
    return SubscriptionItem(
      id: id, priceID: priceID, quantity: number("quantity"),
      usageType: usageType.flatMap(SubscriptionItem.UsageType.init(rawValue:)) ?? .licensed,
      currentPeriod: period("current_period_start", "current_period_end") ?? subscriptionPeriod)
  }

  /// An invoice. Its subscription is a field of its own before basil, and within `parent` since.
  func invoice() throws(StripeReadError) -> InvoiceSnapshot {
    let parent = object("parent")?.object("subscription_details")
    let amountDue = money("amount_due")
    return InvoiceSnapshot(
      id: identifier("id"), customerID: identifier("customer"),
      subscriptionID: parent?.identifier("subscription") ?? identifier("subscription"), status: text("status"),
      billingReason: text("billing_reason"), attemptCount: number("attempt_count"),
      nextPaymentAttempt: instant("next_payment_attempt"), amountDue: amountDue, amountPaid: money("amount_paid"),
      createdAt: instant("created"), periodEnd: instant("period_end"), linePeriod: invoiceLinePeriod())
  }

  /// The period of the first line that bills a subscription, one that is no proration where there is one: prorations tell
  /// of the period before.
  private func invoiceLinePeriod() -> Period? {
    let lines = list("lines").compactMap { line -> (period: Period, isProration: Bool)? in
      let details = line.object("parent")?.object("subscription_item_details")
      let isOfSubscription =
        details != nil || line.text("type") == "subscription"
        || line.object("parent")?.text("type") == "subscription_item_details"
      guard isOfSubscription, let period = line.object("period")?.period("start", "end") else { return nil }
      return (period, details?.flag("proration") ?? line.flag("proration") ?? false)
    }
    return (lines.first { !$0.isProration } ?? lines.first)?.period
  }
}
