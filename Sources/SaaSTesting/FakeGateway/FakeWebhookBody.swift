internal import BillingKit
internal import SaaSCore

/// The JSON of a webhook, as Stripe documents it, in one of its two shapes.
struct FakeWebhookBody {
  private let event: FakeProvider.Event
  private let isOld: Bool

  init(_ event: FakeProvider.Event, shape: FakePaymentGateway.WebhookShape) {
    self.event = event
    isOld = shape == .beforeBasil
  }

  var json: FakeJSON {
    let value = event.value
    if case .meterErrors = event.detail {
      // A thin event: it names what happened, and the rest is read.
      return .object([
        ("id", .text(value.id.rawValue)), ("object", "v2.core.event"), ("type", .text(value.type)),
        ("livemode", .flag(value.isLive ?? false)), ("created", .text(value.createdAt.iso8601)),
        ("related_object", nil),
      ])
    }
    return .object([
      ("id", .text(value.id.rawValue)), ("object", "event"),
      ("api_version", isOld ? "2024-12-18.acacia" : "2026-10-28.endive"),
      ("created", Self.seconds(value.createdAt)),
      ("data", .object([("object", object)])),
      ("livemode", .flag(value.isLive ?? false)), ("pending_webhooks", 1),
      ("request", .object([("id", nil), ("idempotency_key", nil)])), ("type", .text(value.type)),
    ])
  }

  private var object: FakeJSON {
    switch event.value.payload {
    case .subscription(let snapshot, _), .partialSubscription(let snapshot, _): subscription(snapshot)
    case .invoice(let invoice, _): self.invoice(invoice)
    case .checkout(let session): checkout(session)
    case .customerDeleted(let id):
      .object([("id", .text(id.rawValue)), ("object", "customer"), ("livemode", .flag(event.value.isLive ?? false))])
    case .meterErrors, .unused: .object([])
    }
  }

  // MARK: Subscriptions

  private func subscription(_ value: SubscriptionSnapshot) -> FakeJSON {
    var members: [(String, FakeJSON)] = [
      ("id", .text(value.id.rawValue)), ("object", "subscription"),
      ("cancel_at", Self.seconds(value.cancelAt)), ("cancel_at_period_end", .flag(value.cancelAtPeriodEnd)),
      ("canceled_at", Self.seconds(value.canceledAt)), ("collection_method", "charge_automatically"),
      ("created", Self.seconds(value.createdAt)), ("currency", "usd"),
      ("customer", .text(value.customerID.rawValue)), ("ended_at", Self.seconds(value.endedAt)),
      ("items", items(of: value)), ("latest_invoice", FakeJSON(value.latestInvoiceID?.rawValue)),
      ("livemode", .flag(event.value.isLive ?? false)), ("metadata", Self.metadata(value.metadata)),
      ("pause_collection", pause(of: value)), ("start_date", Self.seconds(value.startedAt)),
      ("status", .text(value.status.providerText)), ("trial_end", Self.seconds(value.trialEnd)),
      ("trial_start", Self.seconds(value.trialStart)),
    ]
    if isOld {
      members.append(("current_period_start", Self.seconds(value.currentPeriod?.start)))
      members.append(("current_period_end", Self.seconds(value.currentPeriod?.end)))
    }
    return .object(members)
  }

  private func items(of value: SubscriptionSnapshot) -> FakeJSON {
    let months =
      if case .subscription(let months) = event.detail { months } else { 1 }
    let items = value.items.map { item -> FakeJSON in
      var members: [(String, FakeJSON)] = [
        ("id", .text(item.id.rawValue)), ("object", "subscription_item"),
        ("created", Self.seconds(value.createdAt)), ("metadata", .object([])),
        (
          "price",
          .object([
            ("id", .text(item.priceID.rawValue)), ("object", "price"), ("active", true), ("currency", "usd"),
            (
              "recurring",
              .object([
                ("interval", months == 12 ? "year" : "month"), ("interval_count", 1),
                ("usage_type", .text(item.usageType.rawValue)),
              ])
            ), ("type", "recurring"),
          ])
        ), ("subscription", .text(value.id.rawValue)),
      ]
      if item.usageType == .licensed { members.append(("quantity", FakeJSON(item.quantity))) }
      if !isOld {
        members.append(("current_period_start", Self.seconds(item.currentPeriod?.start)))
        members.append(("current_period_end", Self.seconds(item.currentPeriod?.end)))
      }
      return .object(members)
    }
    return .object([
      ("object", "list"), ("data", .list(items)), ("has_more", .flag(isPartial)),
      ("url", .text("/v1/subscription_items?subscription=\(value.id)")),
    ])
  }

  /// Whether the event lacks items that did not fit.
  private var isPartial: Bool {
    if case .partialSubscription = event.value.payload { true } else { false }
  }

  private func pause(of value: SubscriptionSnapshot) -> FakeJSON {
    guard let paused = value.pausedCollection else { return nil }
    return .object([("behavior", .text(paused.behavior)), ("resumes_at", Self.seconds(paused.resumesAt))])
  }

  // MARK: Invoices

  private func invoice(_ value: InvoiceSnapshot) -> FakeJSON {
    var line: [(String, FakeJSON)] = [
      ("id", .text("il_\(value.id?.rawValue ?? "none")")), ("object", "line_item"),
      (
        "period",
        .object([
          ("start", Self.seconds(value.linePeriod?.start)), ("end", Self.seconds(value.linePeriod?.end)),
        ])
      ), ("amount", FakeJSON(value.amountDue?.minorUnits)), ("currency", "usd"),
    ]
    let subscription = FakeJSON(value.subscriptionID?.rawValue)
    if isOld {
      line.append(("subscription", subscription))
      line.append(("type", "subscription"))
    } else {
      line.append(
        (
          "parent",
          .object([
            ("type", "subscription_item_details"),
            ("subscription_item_details", .object([("subscription", subscription), ("proration", false)])),
          ])
        ))
    }
    var members: [(String, FakeJSON)] = [
      ("id", FakeJSON(value.id?.rawValue)), ("object", "invoice"),
      ("amount_due", FakeJSON(value.amountDue?.minorUnits)), ("amount_paid", FakeJSON(value.amountPaid?.minorUnits)),
      ("attempt_count", FakeJSON(value.attemptCount)), ("attempted", true),
      ("billing_reason", FakeJSON(value.billingReason)), ("created", Self.seconds(value.createdAt)),
      ("currency", "usd"), ("customer", FakeJSON(value.customerID?.rawValue)),
      ("lines", .object([("object", "list"), ("data", .list([.object(line)])), ("has_more", false)])),
      ("livemode", .flag(event.value.isLive ?? false)),
      ("next_payment_attempt", Self.seconds(value.nextPaymentAttempt)),
      ("period_end", Self.seconds(value.periodEnd)), ("period_start", Self.seconds(value.periodEnd)),
      ("status", FakeJSON(value.status)),
    ]
    if isOld {
      members.append(("subscription", subscription))
    } else {
      members.append(
        (
          "parent",
          .object([
            ("type", "subscription_details"), ("quote_details", nil),
            ("subscription_details", .object([("subscription", subscription), ("metadata", .object([]))])),
          ])
        ))
    }
    return .object(members)
  }

  // MARK: Checkouts

  private func checkout(_ value: CheckoutSession) -> FakeJSON {
    .object([
      ("id", .text(value.id.rawValue)), ("object", "checkout.session"),
      ("client_reference_id", FakeJSON(value.clientReference)), ("created", Self.seconds(value.createdAt)),
      ("customer", FakeJSON(value.customerID?.rawValue)), ("expires_at", Self.seconds(value.expiresAt)),
      ("livemode", .flag(event.value.isLive ?? false)), ("metadata", Self.metadata(value.metadata)),
      ("mode", "subscription"), ("payment_status", FakeJSON(value.paymentStatus)),
      ("status", .text(value.status.rawValue)), ("subscription", FakeJSON(value.subscriptionID?.rawValue)),
      ("url", FakeJSON(value.url)),
    ])
  }

  // MARK: Values

  private static func seconds(_ instant: Timestamp?) -> FakeJSON {
    instant.map { .number($0.microseconds.flooredDivision(by: 1_000_000).quotient) } ?? nil
  }

  private static func metadata(_ metadata: [String: String]) -> FakeJSON {
    .object(metadata.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
  }
}
