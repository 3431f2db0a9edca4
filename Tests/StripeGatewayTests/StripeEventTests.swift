import BillingKit
import SaaSCore
import StripeGateway
import Testing

@Suite struct StripeEventTests {
  private func read(_ body: [UInt8]) throws -> ProviderEvent {
    let secret = try #require(StripeWebhookSecret("whsec_a"))
    let header = "t=1750000000,v1=" + StripeWebhookTests.sign(body, "whsec_a", at: "1750000000")
    return try StripeWebhooks(secrets: [secret]).event(body: body, signature: header, at: StripeFixture.start)
  }

  private let start = StripeFixture.start
  private var month: Period? { Period(start: start, end: start + .seconds(2_592_000)) }

  private func expectedSubscription() throws -> SubscriptionSnapshot {
    try SubscriptionSnapshot(
      id: SubscriptionID("sub_1"), customerID: CustomerID("cus_1"), status: .active,
      items: [
        SubscriptionItem(
          id: SubscriptionItemID("si_base"), priceID: PriceID("price_base"), quantity: 1, currentPeriod: month),
        SubscriptionItem(
          id: SubscriptionItemID("si_seat"), priceID: PriceID("price_seat"), quantity: 5, currentPeriod: month),
        SubscriptionItem(
          id: SubscriptionItemID("si_meter"), priceID: PriceID("price_meter"), quantity: nil, usageType: .metered,
          currentPeriod: month),
      ], createdAt: start, startedAt: start - .seconds(60), trialStart: start - .seconds(100),
      trialEnd: start - .seconds(10),
      pausedCollection: .init(behavior: "keep_as_draft", resumesAt: start + .seconds(86_400)),
      latestInvoiceID: InvoiceID("in_1"), metadata: ["orgId": "org-1"])
  }

  @Test(
    arguments: ["before", "since"],
    [
      ("created", ProviderEvent.SubscriptionChangeKind.created), ("updated", .updated), ("deleted", .deleted),
      ("paused", .paused), ("resumed", .resumed), ("trial_will_end", .trialWillEnd),
    ])
  func `a subscription is the same in both shapes`(
    shape: String, type: (String, ProviderEvent.SubscriptionChangeKind)
  ) throws {
    let body = StripeFixture.event(
      "customer.subscription." + type.0, about: try StripeFixture.text("subscription-\(shape)-basil"))
    let event = try read(body)
    #expect(event.payload == .subscription(try expectedSubscription(), type.1))
    #expect(event.id.rawValue == "evt_1")
    #expect(event.createdAt == start)
    #expect(event.isLive == false)
    #expect(event.accountID == nil)
    #expect(event.type == "customer.subscription." + type.0)
  }

  @Test(
    arguments: ["before", "since"],
    [
      ("invoice.paid", ProviderEvent.InvoiceChangeKind.paid), ("invoice.payment_succeeded", .paid),
      ("invoice.payment_failed", .paymentFailed), ("invoice.payment_action_required", .paymentActionRequired),
    ])
  func `an invoice is the same in both shapes`(shape: String, type: (String, ProviderEvent.InvoiceChangeKind)) throws {
    let event = try read(StripeFixture.event(type.0, about: try StripeFixture.text("invoice-\(shape)-basil")))
    let usd = try #require(CurrencyCode("USD"))
    let expected = try InvoiceSnapshot(
      id: InvoiceID("in_1"), customerID: CustomerID("cus_1"), subscriptionID: SubscriptionID("sub_1"), status: "open",
      billingReason: "subscription_cycle", attemptCount: 1, nextPaymentAttempt: start + .seconds(259_200),
      amountDue: Money(minorUnits: 2_500, currency: usd), amountPaid: Money(minorUnits: 0, currency: usd),
      createdAt: start, periodEnd: start, linePeriod: month)
    #expect(event.payload == .invoice(expected, type.1))
  }

  @Test func `a subscription with more items than the event holds is told in part`() throws {
    let object = #"""
      {"id":"sub_1","customer":"cus_1","created":1750000000,"status":"active","items":{"object":"list","has_more":true,
      "data":[{"id":"si_1","price":{"id":"price_1"},"quantity":1}]}}
      """#
    let part = try read(StripeFixture.event("customer.subscription.updated", about: object)).payload
    guard case .partialSubscription(let snapshot, .updated) = part else {
      Issue.record("\(part)")
      return
    }
    #expect(snapshot.items.map(\.id) == [try SubscriptionItemID("si_1")])
    let whole = object.replacing("\"has_more\":true", with: "\"has_more\":false")
    #expect(
      try read(StripeFixture.event("customer.subscription.updated", about: whole)).payload
        == .subscription(snapshot, .updated))
  }

  @Test func `an invoice of no subscription is of no use`() throws {
    for object in [
      #"{"id":"in_2","customer":"cus_1"}"#, #"{"id":"in_2","subscription":null,"parent":null}"#,
      #"{"parent":{"type":"quote_details"}}"#,
    ] {
      #expect(try read(StripeFixture.event("invoice.paid", about: object)).payload == .unused)
    }
  }

  @Test func `a checkout sells a subscription or is of no use`() throws {
    let text = try StripeFixture.text("checkout-session")
    for type in ["checkout.session.completed", "checkout.session.expired"] {
      guard case .checkout(let session) = try read(StripeFixture.event(type, about: text)).payload else {
        Issue.record("\(type)")
        continue
      }
      #expect(session.subscriptionID?.rawValue == "sub_1")
      #expect(session.metadata == ["orgId": "org-1"])
      let other = text.replacing("\"mode\": \"subscription\"", with: "\"mode\": \"payment\"")
      #expect(try read(StripeFixture.event(type, about: other)).payload == .unused)
    }
  }

  @Test func `a deleted customer is told`() throws {
    let event = try read(
      StripeFixture.event("customer.deleted", about: #"{"id":"cus_1","object":"customer","deleted":true}"#))
    #expect(event.payload == .customerDeleted(try CustomerID("cus_1")))
  }

  @Test(arguments: ["customer.updated", "charge.succeeded", "invoice.upcoming", "a.type.of.next.year", ""])
  func `a type that billing does not use is of no use, whatever it holds`(type: String) throws {
    for object in ["{}", "null", "[]", "7", #"{"id":null}"#] {
      #expect(try read(StripeFixture.event(type, about: object)).payload == .unused)
    }
  }

  @Test func `a connected account and the live mode are told`() throws {
    let body = StripeFixture.event("x", about: "{}", extra: #""account":"acct_1","#)
    #expect(try read(body).accountID?.rawValue == "acct_1")
    let live = String(decoding: body, as: UTF8.self).replacing("\"livemode\":false", with: "\"livemode\":true")
    #expect(try read(Array(live.utf8)).isLive == true)
    let silent = live.replacing("\"livemode\":true,", with: "")
    #expect(try read(Array(silent.utf8)).isLive == nil)
  }

  @Test(arguments: [
    ("v1.billing.meter.error_report_triggered", ProviderEvent.Payload.meterErrors),
    ("v1.billing.meter.no_meter_found", .meterErrors), ("v2.core.account.created", .unused),
  ])
  func `a thin event is told from the others`(type: String, payload: ProviderEvent.Payload) throws {
    let body =
      #"{"id":"evt_t","object":"v2.core.event","type":"\#(type)","livemode":true,"created":"2025-06-15T15:06:40.5Z","context":"acct_2","related_object":{"id":"mtr_1","type":"billing.meter","url":"/v1/billing/meters/mtr_1"}}"#
    let event = try read(Array(body.utf8))
    #expect(event.payload == payload)
    #expect(event.createdAt == start + .milliseconds(500))
    #expect(event.isLive == true)
    #expect(event.accountID?.rawValue == "acct_2")
  }

  @Test func `unknown, missing and null fields neither crash nor invent anything`() throws {
    let bare = #"{"id":"sub_1","customer":{"id":"cus_1","object":"customer"},"created":1750000000}"#
    let event = try read(StripeFixture.event("customer.subscription.updated", about: bare))
    let expected = try SubscriptionSnapshot(
      id: SubscriptionID("sub_1"), customerID: CustomerID("cus_1"), status: .unknown(""), items: [], createdAt: start)
    #expect(event.payload == .subscription(expected, .updated))
    let odd = #"""
      {"id":"sub_1","customer":"cus_1","created":1750000000,"status":"hibernating","items":{"data":[
        {"id":"si_1","price":"price_1","quantity":null,"current_period_start":5,"current_period_end":5},
        {"id":"si_2","price":null,"plan":{"id":"plan_2","usage_type":"metered"}},
        {"id":"si_3","price":{"id":"price_3","recurring":{"usage_type":"barter"}},"quantity":2.5},
        {"id":"si_4"},{"price":"price_5"},null]},
       "cancel_at":"soon","cancel_at_period_end":null,"metadata":{"a":1,"b":"c"},"pause_collection":{},
       "latest_invoice":{"id":"in_9"},"trial_end":null}
      """#
    guard
      case .subscription(let snapshot, _) = try read(StripeFixture.event("customer.subscription.updated", about: odd))
        .payload
    else {
      Issue.record("not a subscription")
      return
    }
    #expect(snapshot.status == .unknown("hibernating"))
    #expect(snapshot.items.map(\.priceID.rawValue) == ["price_1", "plan_2", "price_3"])
    #expect(snapshot.items.map(\.usageType) == [.licensed, .metered, .licensed])
    #expect(snapshot.items.map(\.quantity) == [nil, nil, nil])
    #expect(snapshot.items.allSatisfy { $0.currentPeriod == nil })
    #expect(snapshot.cancelAt == nil && snapshot.trialEnd == nil && !snapshot.cancelAtPeriodEnd)
    #expect(snapshot.metadata == ["b": "c"])
    #expect(snapshot.pausedCollection == .init(behavior: "", resumesAt: nil))
    #expect(snapshot.latestInvoiceID?.rawValue == "in_9")
  }

  /// The last second of the year 9999, and the first one after it.
  @Test(arguments: [
    ("trial_end", "253402300799", true), ("trial_end", "253402300800", false), ("cancel_at", "-1", false),
    ("created", "99999999999999999999", false), ("created", "9223372036854775807", false), ("ended_at", "1.5", false),
    ("start_date", "1e300", false),
  ])
  func `an instant that no text has is refused, and named`(field: String, seconds: String, isRead: Bool) throws {
    let created = field == "created" ? "" : #""created":1750000000,"#
    let object = #"{"id":"sub_1","customer":"cus_1",\#(created)"\#(field)":\#(seconds)}"#
    let body = StripeFixture.event("customer.subscription.updated", about: object)
    if isRead {
      guard case .subscription(let snapshot, _) = try read(body).payload else {
        Issue.record("not a subscription")
        return
      }
      #expect(snapshot.trialEnd?.iso8601 == "9999-12-31T23:59:59Z")
    } else {
      #expect(
        throws: WebhookRefusal.unreadable(
          "an instant that is no second from 1970 to 9999 at /data/object/\(field)")
      ) { try read(body) }
    }
  }
}
