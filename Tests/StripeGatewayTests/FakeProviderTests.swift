import BillingKit
import Foundation
import SaaSCore
import SaaSTesting
import StripeGateway
import Testing

/// The webhooks of the fake provider in SaaSTesting, read as the real provider's are.
@Suite struct FakeProviderTests {
  private static let catalogJSON = """
    { "version": 1, "defaultPlan": "free", "plans": [
      { "id": "free" },
      { "id": "team", "seats": { "minimum": 1 }, "prices": [
        { "id": "price_base", "role": "base", "interval": "month" },
        { "id": "price_seat", "role": "seat", "interval": "month" },
        { "id": "price_runs", "role": "metered", "interval": "month", "metric": "runs", "meter": "runs" } ] },
      { "id": "yearly", "prices": [ { "id": "price_year", "role": "base", "interval": "year" } ] } ] }
    """

  /// Everything that a provider tells of: a checkout with a trial, renewals that fail and recover, a portal's cancellation,
  /// a pause, an end, a deletion, refused reports.
  private static func play(_ shape: FakePaymentGateway.WebhookShape) async throws
    -> [(webhook: FakeWebhook, event: ProviderEvent)]
  {
    let gateway = FakePaymentGateway(
      catalog: try PlanCatalog(json: Array(catalogJSON.utf8)), startingAt: StripeFixture.start, shape: shape,
      webhookSecret: "whsec_a")
    let customer = try await gateway.createCustomer(
      NewCustomer(organizationID: OrgID("org \"ü\""), installation: InstallationID("test")),
      key: IdempotencyKey("customer")
    ).id
    let lines = [
      CheckoutLine(priceID: try PriceID("price_base"), quantity: 1),
      CheckoutLine(priceID: try PriceID("price_seat"), quantity: 3),
      CheckoutLine(priceID: try PriceID("price_runs"), quantity: nil),
    ]
    for number in 1...2 {
      let session = try await gateway.createCheckoutSession(
        NewCheckoutSession(
          customerID: customer, lines: lines, successURL: "https://a", cancelURL: "https://b",
          clientReference: "org \"ü\"", metadata: ["orgId": "org \"ü\"\n"], trialDays: 14),
        key: IdempotencyKey("session-\(number)"))
      if number == 1 {
        try await gateway.expireCheckoutSession(session.id, key: IdempotencyKey("expire"))
      } else {
        gateway.completeCheckout(session.id)
      }
    }
    gateway.advance(by: .seconds(20 * 86_400))
    gateway.setPaymentWorks(false, for: customer)
    gateway.advance(by: .seconds(30 * 86_400))
    gateway.setPaymentWorks(true, for: customer)
    gateway.advance(by: .seconds(5 * 86_400))
    let yearly = gateway.subscribe(customer, to: [CheckoutLine(priceID: try PriceID("price_year"), quantity: 1)])
    gateway.setPaused(true, yearly)
    gateway.setPaused(false, yearly)
    gateway.cancelInPortal(yearly)
    gateway.refuseReports(["report-1"])
    gateway.deleteCustomer(customer)
    return try gateway.takeWebhooks().map { webhook in
      (webhook, try gateway.event(body: webhook.body, signature: webhook.signature, at: gateway.now))
    }
  }

  @Test(arguments: FakePaymentGateway.WebhookShape.allCases)
  func `the fake provider's webhooks are believed and read as what it told`(
    shape: FakePaymentGateway.WebhookShape
  ) async throws {
    let told = try await Self.play(shape)
    let secret = try #require(StripeWebhookSecret("whsec_a"))
    let webhooks = StripeWebhooks(secrets: [secret])
    for (webhook, event) in told {
      let instant = try #require(webhook.signature.dropFirst(2).split(separator: ",").first.flatMap { Int64($0) })
      let read = try webhooks.event(
        body: webhook.body, signature: webhook.signature, at: Timestamp(seconds: instant))
      #expect(read == event, "\(webhook.type)")
    }
    let types = Set(told.map(\.webhook.type))
    #expect(types.isSuperset(of: ["checkout.session.completed", "checkout.session.expired", "customer.deleted"]))
    #expect(types.isSuperset(of: ["invoice.paid", "invoice.payment_succeeded", "invoice.payment_failed"]))
    let changes = ["created", "updated", "deleted", "paused", "resumed", "trial_will_end"]
    #expect(types.isSuperset(of: changes.map { "customer.subscription." + $0 }))
  }

  @Test(.enabled(if: StripeSDKTests.SDK.current.isThere))
  func `every field of the fake provider's webhooks is one of its object`() async throws {
    let output = try await check(.sinceBasil, by: .current)
    #expect(output == "", "\(output)")
    // The check itself can fail.
    #expect(try await check(.beforeBasil, by: .current).contains("current_period_end is no field of Subscription"))
  }

  @Test(.enabled(if: StripeSDKTests.SDK.beforeBasil.path != nil && StripeSDKTests.SDK.beforeBasil.isThere))
  func `every field of the fake provider's old webhooks is one of its object in an old SDK`() async throws {
    let output = try await check(.beforeBasil, by: .beforeBasil)
    #expect(output == "", "\(output)")
  }

  /// What the SDK does not know of the events and of the objects in them.
  private func check(_ shape: FakePaymentGateway.WebhookShape, by sdk: StripeSDKTests.SDK) async throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fake-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var paths: [String] = []
    for (webhook, _) in try await Self.play(shape) where !webhook.type.hasPrefix("v1.") {
      let event = try JSONSerialization.jsonObject(with: Data(webhook.body)) as? [String: Any]
      let object = (event?["data"] as? [String: Any])?["object"] as? [String: Any]
      for (name, value) in [("event", event), ("object", object)] {
        let url = folder.appendingPathComponent("\(webhook.eventID)-\(webhook.type)-\(name).json")
        try JSONSerialization.data(withJSONObject: try #require(value)).write(to: url)
        paths.append(url.path)
      }
    }
    return try sdk.check(["fixtures"] + paths).output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
