import BillingKit
import SaaSCore
import StripeGateway
import Testing
import URLSessionTransport

/// One call of the gateway, with what it must put on the wire.
struct StripeCall: Sendable, CustomTestStringConvertible {
  let name: String
  let method: String
  let path: String
  /// The parameters in order, decoded.
  let parameters: [String]
  /// The idempotency key; "*" for any, nil for none.
  let key: String?
  /// The fixture that a good answer holds, or its text.
  let answer: @Sendable () throws -> String
  let perform: @Sendable (StripeConfiguration) async throws -> Void

  var testDescription: String { name }

  private init(
    _ name: String, _ method: String, _ path: String, _ parameters: [String], key: String?,
    answer: @escaping @Sendable () throws -> String,
    perform: @escaping @Sendable (StripeConfiguration) async throws -> Void
  ) {
    self.name = name
    self.method = method
    self.path = path
    self.parameters = parameters
    self.key = key
    self.answer = answer
    self.perform = perform
  }

  private static func fixture(_ name: String) -> @Sendable () throws -> String { { try StripeFixture.text(name) } }

  static let all: [StripeCall] = [
    StripeCall(
      "create a customer", "POST", "/v1/customers",
      ["email=owner@example.com", "name=Org & Co", "metadata[installation]=main", "metadata[orgId]=org-1"], key: "k-1",
      answer: fixture("customer")
    ) { configuration in
      let customer = try await StripeFixture.gateway(configuration).createCustomer(
        NewCustomer(
          organizationID: OrgID("org-1"), installation: InstallationID("main"), email: "owner@example.com",
          name: "Org & Co"), key: IdempotencyKey("k-1"))
      try expect(customer.id.rawValue == "cus_1" && customer.metadata["orgId"] == "org-1")
    },
    StripeCall("read a customer", "GET", "/v1/customers/cus_1", [], key: nil, answer: fixture("customer")) {
      let read = try await StripeFixture.gateway($0).customer(CustomerID("cus_1"))
      try expect(!read.value.isDeleted && read.asOf <= StripeFixture.start)
    },
    StripeCall(
      "find a customer", "GET", "/v1/customers/search",
      [#"query=metadata["orgId"]:"org-1" AND metadata["installation"]:"main""#, "limit=100"], key: nil,
      answer: {
        let customer = try StripeFixture.text("customer")
        let later = customer.replacing("cus_1", with: "cus_9").replacing("1750000000", with: "1750000001")
        let other = customer.replacing("cus_1", with: "cus_0").replacing("org-1", with: "ORG-1")
        return StripeFixture.list([later, other, customer])
      }
    ) {
      let found = try await StripeFixture.gateway($0).findCustomer(
        organization: OrgID("org-1"), installation: InstallationID("main"))
      try expect(found?.id.rawValue == "cus_1")
    },
    StripeCall(
      "create a checkout", "POST", "/v1/checkout/sessions",
      [
        "mode=subscription", "customer=cus_1", "line_items[0][price]=price_base", "line_items[0][quantity]=1",
        "line_items[1][price]=price_meter", "success_url=https://app.example/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url=https://app.example/", "metadata[a b]=ü", "metadata[orgId]=org-1", "client_reference_id=org-1",
        "subscription_data[metadata][a b]=ü", "subscription_data[metadata][orgId]=org-1",
        "subscription_data[trial_period_days]=14", "expires_at=1750003600", "allow_promotion_codes=true",
        "automatic_tax[enabled]=true", "customer_update[address]=auto",
      ], key: "k-2", answer: fixture("checkout-session")
    ) {
      let session = try await StripeFixture.gateway($0).createCheckoutSession(
        NewCheckoutSession(
          customerID: CustomerID("cus_1"),
          lines: [
            CheckoutLine(priceID: PriceID("price_base"), quantity: 1),
            CheckoutLine(priceID: PriceID("price_meter"), quantity: nil),
          ], successURL: "https://app.example/done?s={CHECKOUT_SESSION_ID}", cancelURL: "https://app.example/",
          clientReference: "org-1", metadata: ["orgId": "org-1", "a b": "ü"], trialDays: 14,
          expiresAt: Timestamp(seconds: 1_750_003_600), allowsPromotionCodes: true, automaticTax: true),
        key: IdempotencyKey("k-2"))
      try expect(session.id.rawValue == "cs_1" && session.status == .complete)
    },
    StripeCall(
      "create a plain checkout", "POST", "/v1/checkout/sessions",
      [
        "mode=subscription", "customer=cus_1", "line_items[0][price]=price_base", "line_items[0][quantity]=3",
        "success_url=s", "cancel_url=c",
      ], key: "k-3", answer: fixture("checkout-session")
    ) {
      // No reference that Stripe would refuse is sent.
      _ = try await StripeFixture.gateway($0).createCheckoutSession(
        NewCheckoutSession(
          customerID: CustomerID("cus_1"), lines: [CheckoutLine(priceID: PriceID("price_base"), quantity: 3)],
          successURL: "s", cancelURL: "c", clientReference: "org/1", metadata: [:]), key: IdempotencyKey("k-3"))
    },
    StripeCall(
      "read a checkout", "GET", "/v1/checkout/sessions/cs_1", [], key: nil, answer: fixture("checkout-session")
    ) {
      let session = try await StripeFixture.gateway($0).checkoutSession(CheckoutSessionID("cs_1")).value
      try expect(
        session.subscriptionID?.rawValue == "sub_1" && session.customerID?.rawValue == "cus_1" && session.url == nil
          && session.clientReference == "org-1" && session.paymentStatus == "paid"
          && session.expiresAt == StripeFixture.start + .seconds(86_400))
    },
    StripeCall(
      "list open checkouts", "GET", "/v1/checkout/sessions", ["customer=cus_1", "status=open", "limit=100"], key: nil,
      answer: { StripeFixture.list([try StripeFixture.text("checkout-session")]) }
    ) {
      let sessions = try await StripeFixture.gateway($0).openCheckoutSessions(of: CustomerID("cus_1"))
      try expect(sessions.map(\.id.rawValue) == ["cs_1"])
    },
    StripeCall(
      "expire a checkout", "POST", "/v1/checkout/sessions/cs_1/expire", [], key: "k-4",
      answer: fixture("checkout-session")
    ) {
      try await StripeFixture.gateway($0).expireCheckoutSession(CheckoutSessionID("cs_1"), key: IdempotencyKey("k-4"))
    },
    StripeCall(
      "open the portal", "POST", "/v1/billing_portal/sessions",
      ["customer=cus_1", "return_url=https://app.example/billing", "configuration=bpc_1"], key: "k-5",
      answer: fixture("portal-session")
    ) {
      var configuration = $0
      configuration.portalConfiguration = "bpc_1"
      let session = try await StripeFixture.gateway(configuration).createPortalSession(
        for: CustomerID("cus_1"), returnURL: "https://app.example/billing", key: IdempotencyKey("k-5"))
      try expect(session.url == "https://billing.example/p/1")
    },
    StripeCall(
      "read a subscription", "GET", "/v1/subscriptions/sub_1", [], key: nil,
      answer: fixture("subscription-since-basil")
    ) {
      let read = try await StripeFixture.gateway($0).subscription(SubscriptionID("sub_1"))
      try expect(read.value.items.count == 3 && read.asOf <= StripeFixture.start)
      try expect(read.asOf >= StripeFixture.start - .seconds(900))
    },
    StripeCall(
      "list subscriptions", "GET", "/v1/subscriptions",
      ["status=all", "limit=100", "customer=cus_1", "starting_after=sub_0"], key: nil,
      answer: { StripeFixture.list([try StripeFixture.text("subscription-since-basil")], hasMore: true) }
    ) {
      let page = try await StripeFixture.gateway($0).subscriptions(
        of: CustomerID("cus_1"), after: SubscriptionID("sub_0"), limit: .maximum)
      try expect(page.value.next?.rawValue == "sub_1" && page.value.elements.count == 1)
    },
    StripeCall(
      "list every subscription", "GET", "/v1/subscriptions", ["status=all", "limit=2"], key: nil,
      answer: { StripeFixture.list([]) }
    ) {
      let page = try await StripeFixture.gateway($0).subscriptions(of: nil, after: nil, limit: PageLimit(2))
      try expect(page.value.next == nil && page.value.elements.isEmpty)
    },
    StripeCall(
      "change items", "POST", "/v1/subscriptions/sub_1",
      [
        "items[0][id]=si_1", "items[0][price]=price_2", "items[0][quantity]=7", "items[1][id]=si_2",
        "items[1][price]=price_meter", "items[2][price]=price_new", "items[2][quantity]=1", "items[3][id]=si_3",
        "items[3][deleted]=true", "proration_behavior=always_invoice",
      ], key: "k-6", answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).updateSubscription(
        SubscriptionID("sub_1"),
        .items(
          [
            .set(SubscriptionItemID("si_1"), priceID: PriceID("price_2"), quantity: 7),
            .set(SubscriptionItemID("si_2"), priceID: PriceID("price_meter"), quantity: nil),
            .add(priceID: PriceID("price_new"), quantity: 1), .remove(SubscriptionItemID("si_3")),
          ], proration: .now), key: IdempotencyKey("k-6"))
    },
    StripeCall(
      "cancel at the period's end", "POST", "/v1/subscriptions/sub_1", ["cancel_at_period_end=true"], key: "k-7",
      answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).updateSubscription(
        SubscriptionID("sub_1"), .cancelAtPeriodEnd, key: IdempotencyKey("k-7"))
    },
    StripeCall(
      "undo it", "POST", "/v1/subscriptions/sub_1", ["cancel_at_period_end=false"], key: "k-8",
      answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).updateSubscription(
        SubscriptionID("sub_1"), .undo(.atPeriodEnd), key: IdempotencyKey("k-8"))
    },
    StripeCall(
      "undo an end at an instant", "POST", "/v1/subscriptions/sub_1", ["cancel_at="], key: "k-9",
      answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).updateSubscription(
        SubscriptionID("sub_1"), .undo(.at(StripeFixture.start)), key: IdempotencyKey("k-9"))
    },
    StripeCall(
      "use a key up", "POST", "/v1/subscriptions/sub_1", ["proration_behavior=none"], key: "k-9b",
      answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).updateSubscription(
        SubscriptionID("sub_1"), .nothing, key: IdempotencyKey("k-9b"))
    },
    StripeCall(
      "cancel now", "DELETE", "/v1/subscriptions/sub_1", ["invoice_now=true", "prorate=false"], key: "k-10",
      answer: fixture("subscription-since-basil")
    ) {
      try await StripeFixture.gateway($0).cancelSubscription(
        SubscriptionID("sub_1"), ImmediateCancellation(invoicesNow: true), key: IdempotencyKey("k-10"))
    },
    StripeCall(
      "report to a meter", "POST", "/v1/billing/meter_events",
      [
        "event_name=tokens", "identifier=report-1", "payload[stripe_customer_id]=cus_1", "payload[value]=42",
        "timestamp=1750000000",
      ], key: "*", answer: fixture("meter-event")
    ) { try expect(try await meters($0).report(report()) == .accepted) },
    StripeCall(
      "sum a meter", "GET", "/v1/billing/meters/mtr_1/event_summaries",
      ["customer=cus_1", "start_time=1750000000", "end_time=1750003600", "limit=100"], key: nil,
      answer: {
        let summary = try StripeFixture.text("meter-event-summary")
        return StripeFixture.list([summary, summary.replacing("42.0", with: "8")])
      }
    ) {
      let period = Period(start: StripeFixture.start, end: StripeFixture.start + .seconds(3_600))
      guard let period else { throw Unexpected() }
      let sum = try await meters($0).reportedSum(sumQuery(period))
      try expect(sum == 50)
    },
    StripeCall(
      "read meter errors", "GET", "/v2/core/events/evt_thin_1", [], key: nil, answer: fixture("meter-error-event")
    ) {
      let report = try await meters($0).meterErrors(of: ProviderEventID("evt_thin_1"))
      guard let report else { throw Unexpected() }
      try expect(report.count == 2 && report.identifiers == ["report-1", "report-2"])
      try expect(report.summary == "There are 2 invalid events")
      try expect(report.start == StripeFixture.start - .seconds(20) && report.end == StripeFixture.start - .seconds(10))
    },
    StripeCall(
      "report a usage record", "POST", "/v1/subscription_items/si_9/usage_records",
      ["quantity=42", "timestamp=1750000000", "action=increment"], key: "report-1",
      answer: { #"{"id":"mbur_1","object":"usage_record","quantity":42,"timestamp":1750000000}"# }
    ) {
      try expect(try await records($0).report(report()) == .accepted)
    },
    StripeCall(
      "sum usage records", "GET", "/v1/subscription_items/si_9/usage_record_summaries", ["limit=100"], key: nil,
      answer: { StripeFixture.list([try StripeFixture.text("usage-record-summary-before-basil")]) }
    ) {
      // From the first whole minute to the last.
      let start = StripeFixture.start + .seconds(20)
      guard let period = Period(start: start, end: start + .seconds(30 * 86_400)) else { throw Unexpected() }
      try expect(try await records($0).reportedSum(sumQuery(period)) == 42)
    },
  ]

  struct Unexpected: Error {}

  private static func expect(_ condition: Bool) throws { if !condition { throw Unexpected() } }

  static func meters(_ configuration: StripeConfiguration) throws -> StripeMeters {
    StripeMeters(key: try StripeFixture.apiKey(), transport: StripeFixture.transport, configuration: configuration)
  }

  static func records(_ configuration: StripeConfiguration) throws -> StripeUsageRecords {
    var configuration = configuration
    configuration.apiVersion = StripeUsageRecords.lastVersion
    return StripeUsageRecords(
      key: try StripeFixture.apiKey(), transport: StripeFixture.transport, configuration: configuration)
  }

  static func sumQuery(_ period: Period, items: [String] = ["si_9"]) throws -> ReportedSumQuery {
    try ReportedSumQuery(
      meter: meter(), customerID: CustomerID("cus_1"), itemIDs: items.map { try SubscriptionItemID($0) }, period: period
    )
  }

  static func meter() throws -> UsageMeter {
    try UsageMeter(name: "tokens", meterID: MeterID("mtr_1"), priceID: PriceID("price_meter"))
  }

  static func report() throws -> MeteredUsageReport {
    try MeteredUsageReport(
      identifier: "report-1", customerID: CustomerID("cus_1"), meter: meter(), itemID: SubscriptionItemID("si_9"),
      value: 42, timestamp: StripeFixture.start)
  }
}
