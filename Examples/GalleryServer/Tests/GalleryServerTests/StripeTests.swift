import Foundation
import SaaSCore
import Testing

@testable import GalleryServer

@Suite("A server that answers like Stripe") struct StripeTests {
  private static let secret = "a key of more than thirty-two bytes, for tests"
  private static let keys = [
    "STRIPE_SECRET_KEY": "sk_test_4eC39HqLyjWDarjtT1zdp7dc", "STRIPE_WEBHOOK_SECRET": "whsec_1",
  ]

  @Test("sells a plan over HTTP, and a cancellation whose webhook is lost is healed by the command") func plan()
    async throws
  {
    let folder = try ScratchFolder()
    let database = folder.url.appending(path: "gallery.sqlite").path
    try folder.write(try RunningServer.sample("catalog.json"), to: "catalog.json")
    let catalog = folder.url.appending(path: "catalog.json").path
    let create = try GalleryCommand(
      ["tenant", "create", "--database", database, "--platform", "localhost", "--org", "org_a", "a"], in: folder)
    #expect(create.status == 0, "\(create.errors)")
    try await StripeLookAlike.with { stripe, address in
      let server = try await ServerProcess.start(
        database: database, catalog: catalog, secret: Self.secret,
        arguments: ["--stripe-base-url", address, "--public-scheme", "https"],
        environment: Self.keys)
      defer { server.kill() }
      let key = try #require(await TokenKey(secret: Self.secret))
      let token = try await key.token(
        for: Membership(userID: UserID("ada"), organizationID: OrgID("org_a"), role: .owner),
        until: SystemWallClock().now() + .seconds(600))
      func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> Client.Answer {
        try await server.client.call(method, path, host: "a.localhost", token: token, body: body)
      }

      let checkout = try await call("POST", "/api/billing/checkout", #"{"plan":"pro"}"#)
      #expect(checkout.json["url"].string == "https://checkout.example/cs_1", "\(checkout.text)")
      let made = try #require(stripe.calls.last { $0.method == "POST" && $0.path == "/v1/checkout/sessions" })
      #expect(made.form["customer"] == "cus_1")
      #expect(made.form["line_items[0][price]"] == "price_pro_month")
      #expect(made.form["mode"] == "subscription")
      let origin = "https://a.localhost:\(server.client.port)"
      #expect(made.form["success_url"] == origin + "/billing/return?session_id={CHECKOUT_SESSION_ID}")
      #expect(made.form["cancel_url"] == origin + "/admin")
      #expect(made.authorization == "Bearer \(Self.keys["STRIPE_SECRET_KEY"] ?? "")")
      #expect(made.idempotencyKey != nil)

      stripe.pay("cs_1")
      let back = try await call("GET", "/billing/return?session_id=cs_1")
      #expect((200..<400).contains(back.status), "\(back.text)")
      #expect(try await call("GET", "/api/entitlements").json["plan"].string == "pro")

      stripe.cancel("sub_1")
      let reconcile = ["billing", "reconcile", "--database", database, "--catalog", catalog, "--json"]
      let healed = try GalleryCommand(
        reconcile + ["--stripe-base-url", address], in: folder, environment: Self.keys)
      #expect(healed.status == 0, "\(healed.errors)")
      #expect(healed.text.contains(#""healed":["sub_1"]"#), "\(healed.text)")
      #expect(try await call("GET", "/api/entitlements").json["plan"].string == "free")
      let again = try GalleryCommand(reconcile + ["--stripe-base-url", address], in: folder, environment: Self.keys)
      #expect(again.text.contains(#""healed":[]"#), "\(again.text)")
    }
    let reconcile = ["billing", "reconcile", "--database", database, "--catalog", catalog]
    let keyless = try GalleryCommand(reconcile, in: folder)
    #expect(keyless.status == 1)
    #expect(keyless.errors.contains("STRIPE_SECRET_KEY"))
    let unreachable = try GalleryCommand(
      reconcile + ["--stripe-base-url", "http://127.0.0.1:9"], in: folder, environment: Self.keys)
    #expect(unreachable.status == 1)
    #expect(!unreachable.errors.contains("sk_test"), "a secret is in no message")
  }
}
