internal import BillingKit
internal import SaaSCore

extension StripeReader {
  /// An event, in the format of snapshots or of thin events.
  func event() throws(StripeReadError) -> ProviderEvent {
    guard value.kind == .object else { throw failure("no object") }
    guard let type = text("type") else { throw failure("no text 'type'") }
    if text("object")?.hasPrefix("v2.") == true { return try thinEvent(type) }
    return ProviderEvent(
      id: try requiredIdentifier("id"), createdAt: try requiredInstant("created"), isLive: flag("livemode"),
      accountID: identifier("account"), type: type, payload: try payload(type))
  }

  /// A thin event tells only that something happened; what billing needs of it is read from the gateway.
  private func thinEvent(_ type: String) throws(StripeReadError) -> ProviderEvent {
    guard let created = text("created").flatMap({ try? Timestamp(iso8601: $0) }) else {
      throw failure("no instant 'created'")
    }
    let isMeterError =
      type == "v1.billing.meter.error_report_triggered" || type == "v1.billing.meter.no_meter_found"
    // `context` names the connected account.
    return ProviderEvent(
      id: try requiredIdentifier("id"), createdAt: created, isLive: flag("livemode"),
      accountID: identifier("context"), type: type, payload: isMeterError ? .meterErrors : .unused)
  }

  private func payload(_ type: String) throws(StripeReadError) -> ProviderEvent.Payload {
    let subscriptionKind: ProviderEvent.SubscriptionChangeKind? =
      switch type {
      case "customer.subscription.created": .created
      case "customer.subscription.updated": .updated
      case "customer.subscription.deleted": .deleted
      case "customer.subscription.paused": .paused
      case "customer.subscription.resumed": .resumed
      case "customer.subscription.trial_will_end": .trialWillEnd
      default: nil
      }
    if let subscriptionKind {
      let part = try subject().subscriptionPart()
      return part.lacksItems
        ? .partialSubscription(part.snapshot, subscriptionKind) : .subscription(part.snapshot, subscriptionKind)
    }
    let invoiceKind: ProviderEvent.InvoiceChangeKind? =
      switch type {
      // Two events for one payment; both are read alike.
      case "invoice.paid", "invoice.payment_succeeded": .paid
      case "invoice.payment_failed": .paymentFailed
      case "invoice.payment_action_required": .paymentActionRequired
      default: nil
      }
    if let invoiceKind {
      let invoice = try subject().invoice()
      return invoice.subscriptionID == nil ? .unused : .invoice(invoice, invoiceKind)
    }
    switch type {
    case "checkout.session.completed", "checkout.session.expired":
      let session = try subject()
      // A version that does not tell the mode is read as one that sells subscriptions.
      guard session.text("mode") ?? "subscription" == "subscription" else { return .unused }
      return .checkout(try session.checkoutSession())
    case "customer.deleted": return .customerDeleted(try subject().requiredIdentifier("id"))
    default: return .unused
    }
  }

  private func subject() throws(StripeReadError) -> StripeReader {
    guard let subject = object("data")?.object("object") else { throw failure("no object 'data.object'") }
    return subject
  }
}
