import SaaSCore
import TenancyKit
import Testing

@testable import GalleryServer

@Suite("A host that was given up by rename") struct MovedHostTests {
  @Test("leads every path to the new one, be there a route or not, with its query")
  func everywhere() async throws {
    try await RunningServer.with { server in
      let tenant = try #require(try await server.services.store.context(slug: Slug("orchard")))
      _ = try await server.services.tenants.rename(
        tenant, to: "grove",
        as: Membership(userID: UserID("ada"), organizationID: tenant.organizationID, role: .owner),
        at: SystemWallClock().now())
      let token = try await server.token("orchard")
      let port = server.client.port
      let calls = [
        ("GET", "/"), ("GET", "/admin?window=7"), ("GET", "/nothing/at%20all?a=b&c=%2F"), ("POST", "/api/runs"),
        ("PUT", "/api/settings/slug"), ("DELETE", "/no/such/route?x"), ("GET", "/openapi.json"), ("GET", "/dev/token"),
      ]
      for (method, path) in calls {
        for token in [nil, token, "nonsense"] {
          let answer = try await server.client.call(
            method, path, host: "orchard.localhost", token: token, body: method == "GET" ? nil : "{}")
          #expect(answer.status == 308, "\(method) \(path)")
          #expect(answer.headers["location"] == "http://grove.localhost:\(port)\(path)")
        }
      }
      for path in ["/healthz", "/readyz", "/metrics"] {
        #expect(try await server.client.call("GET", path, host: "orchard.localhost").status == 200)
      }
      let webhook = try await server.client.call(
        "POST", "/api/stripe/webhook", host: "orchard.localhost", body: "{}", headers: ["Stripe-Signature": "t=1,v1=00"]
      )
      #expect(webhook.status == 400, "it is judged by its signature, and not led away")
      for path in ["/healthz/", "/metrics/more", "/api/stripe/webhook/x", "//healthz"] {
        #expect(try await server.client.call("GET", path, host: "orchard.localhost").status == 308, "\(path)")
      }
      #expect(try await server.client.call("GET", "/", host: "grove.localhost").status == 200)
      #expect(try await server.client.call("GET", "/nothing", host: "grove.localhost").code == "routeNotFound")
    }
  }
}
