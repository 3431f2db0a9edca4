import SQLiteStore
import SaaSCore
import TenancyKit
import Testing

@testable import GalleryServer

@Suite("Two tenants on one server") struct TenantIsolationTests {
  @Test("what is another tenant's is refused, however it is asked for")
  func crossTenant() async throws {
    try await RunningServer.with { server in
      let client = server.client
      let orchard = try await server.token("orchard")
      let meadow = try await server.token("meadow")
      let run = try await client.call(
        "POST", "/api/runs", host: "orchard.localhost", token: orchard, body: #"{"workflow":"review","runId":"r1"}"#)
      #expect(run.status == 201)

      let foreignRun = try await client.call(
        "POST", "/api/runs/r1/steps", host: "meadow.localhost", token: meadow, body: step("draft"))
      #expect(foreignRun.status == 404)
      #expect(foreignRun.code == "noSuchRun")
      for path in ["/api/entitlements", "/api/admin/usage", "/api/settings/domains", "/admin"] {
        let foreignToken = try await client.call("GET", path, host: "orchard.localhost", token: meadow)
        #expect(foreignToken.status == 403, "\(path)")
        let none = try await client.call("GET", path, host: "orchard.localhost")
        #expect(none.status == 401, "\(path)")
      }
      let spoofed = try await client.call(
        "GET", "/api/admin/usage", host: "meadow.localhost", token: orchard,
        headers: ["X-Forwarded-Host": "orchard.localhost", "Forwarded": "host=orchard.localhost"])
      #expect(spoofed.status == 403)
      let queried = try await client.call(
        "GET", "/api/admin/usage?tenantId=org_orchard&orgId=org_orchard", host: "meadow.localhost", token: meadow)
      #expect(queried.status == 200)
      #expect(queried.json["total"]["runs"]["value"].int == 0)
      let own = try await client.call("GET", "/api/admin/usage", host: "orchard.localhost", token: orchard)
      #expect(own.json["total"]["runs"]["value"].int == 1)
      let member = try await server.token("orchard", role: .member)
      let low = try await client.call("GET", "/api/admin/usage", host: "orchard.localhost", token: member)
      #expect(low.status == 403)
      #expect(low.code == "roleTooLow")
      let forged = try await client.call("GET", "/api/entitlements", host: "orchard.localhost", token: orchard + "x")
      #expect(forged.status == 401)
    }
  }

  @Test("hosts are served, moved, suspended or nobody's")
  func hosts() async throws {
    try await RunningServer.with { server in
      let client = server.client
      let token = try await server.token("orchard")
      #expect(try await client.call("GET", "/", host: "orchard.localhost").text.contains("orchard"))
      let renamed = try await client.call(
        "PUT", "/api/settings/slug", host: "orchard.localhost", token: token, body: #"{"slug":"grove"}"#)
      #expect(renamed.status == 200)
      let moved = try await client.call("GET", "/admin?window=7", host: "orchard.localhost")
      #expect(moved.status == 308)
      #expect(moved.headers["location"] == "http://grove.localhost:\(client.port)/admin?window=7")
      for host in ["nobody.localhost", "orchard.localhost.evil.example", "a.b.localhost", "www.localhost"] {
        let unknown = try await client.call("GET", "/", host: host)
        #expect(unknown.status == 404, "\(host)")
        #expect(unknown.code == "hostNotFound")
        let page = try await client.call("GET", "/", host: host, headers: ["Accept": "text/html"])
        #expect(page.status == 404)
        #expect(page.text.hasPrefix("<!doctype html>"))
      }
      let meadow = try await server.services.store.tenant(organization: OrgID("org_meadow"))
      let id = try #require(meadow?.id)
      try await server.services.tenants.asOperator.suspend(id, at: SystemWallClock().now())
      #expect(try await client.call("GET", "/", host: "meadow.localhost").status == 403)
      #expect(try await client.call("GET", "/healthz", host: "meadow.localhost").status == 200)
    }
  }

  @Test("a request that names two hosts is refused at every path, and one that names none is nobody's")
  func ambiguousHosts() async throws {
    try await RunningServer.with { server in
      let token = try await server.token("orchard")
      func status(_ head: String) async throws -> String {
        let connection = try RawConnection(port: server.client.port)
        try connection.send(head + "Authorization: Bearer \(token)\r\nConnection: close\r\n\r\n")
        return String(try await connection.readToEnd().prefix(12))
      }
      let (orchard, meadow) = ("Host: orchard.localhost\r\n", "Host: meadow.localhost\r\n")
      for path in ["/api/entitlements", "/healthz", "/nothing"] {
        let first = "GET \(path) HTTP/1.1\r\n"
        #expect(try await status(first + orchard + meadow) == "HTTP/1.1 400")
        #expect(try await status(first + orchard + orchard) == "HTTP/1.1 400")
      }
      // The Host header counts, whatever the target says.
      let absolute = "GET http://orchard.localhost/api/entitlements HTTP/1.1\r\n"
      #expect(try await status(absolute + orchard) == "HTTP/1.1 200")
      #expect(try await status(absolute + meadow) == "HTTP/1.1 403")
      #expect(try await status("GET /api/entitlements HTTP/1.0\r\n") == "HTTP/1.1 404")
    }
  }

  @Test("a token in a cookie reads and changes nothing, so that no other site can act through a browser")
  func cookies() async throws {
    try await RunningServer.with { server in
      let cookie = ["Cookie": "other=1; gallery_token=\(try await server.token("orchard"))"]
      func status(_ method: String, _ path: String, _ body: String? = nil) async throws -> Int {
        try await server.client.call(method, path, host: "orchard.localhost", body: body, headers: cookie).status
      }
      #expect(try await status("GET", "/admin") == 200)
      #expect(try await status("POST", "/api/runs", #"{"workflow":"w"}"#) == 401)
      #expect(try await status("PUT", "/api/settings/slug", #"{"slug":"grove"}"#) == 401)
      #expect(try await status("DELETE", "/api/settings/domains", #"{"domain":"a.example"}"#) == 401)
      #expect(try await server.client.call("GET", "/admin", host: "meadow.localhost", headers: cookie).status == 403)
    }
  }
}
