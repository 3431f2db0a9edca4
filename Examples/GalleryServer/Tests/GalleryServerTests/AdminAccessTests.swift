import Foundation
import SaaSCore
import TenancyKit
import Testing

@testable import GalleryServer

@Suite("What owners and admins see") struct AdminAccessTests {
  /// Somebody who must see nothing of the orchard, with the answer that he gets.
  private struct Outsider {
    let name: String
    let token: String?
    let status: Int
  }

  private static func outsiders(of server: RunningServer) async throws -> [Outsider] {
    let now = SystemWallClock().now()
    let owner = Membership(userID: try UserID("ada"), organizationID: try OrgID("org_orchard"), role: .owner)
    let key = server.services.configuration.tokenKey
    let otherKey = try #require(await TokenKey(secret: "another key of more than thirty-two bytes"))
    let good = try await server.token("orchard")
    let other = try await server.token("meadow", user: "ada")
    let (goodParts, otherParts) = (good.split(separator: "."), other.split(separator: "."))
    // One token's claims under another one's signature.
    let mixed = ([otherParts.first, goodParts.dropFirst().first, otherParts.last] as [Substring?]).compactMap(\.self)
      .joined(separator: ".")
    return [
      Outsider(name: "nobody", token: nil, status: 401),
      Outsider(
        name: "an expired token", token: try await key.token(for: owner, until: now - .seconds(60)), status: 401),
      Outsider(
        name: "a forged token", token: try await otherKey.token(for: owner, until: now + .seconds(600)), status: 401),
      Outsider(name: "a token with a foreign signature", token: mixed, status: 401),
      Outsider(name: "no token at all", token: "x", status: 401),
      Outsider(name: "a member", token: try await server.token("orchard", role: .member), status: 403),
      Outsider(name: "another tenant's owner", token: other, status: 403),
      Outsider(name: "another tenant's admin", token: try await server.token("meadow", role: .admin), status: 403),
    ]
  }

  @Test("a member, another tenant's owner and whoever has no good token get nothing from any of its routes")
  func refusals() async throws {
    try await RunningServer.with { server in
      let client = server.client
      let owner = try await server.token("orchard")
      // Words that stand in every answer to the owner, and in no other.
      for path in ["/api/runs", "/api/runs/secret-run/steps"] {
        let body = path == "/api/runs" ? #"{"workflow":"secret-flow","runId":"secret-run"}"# : step("secret-step")
        let answer = try await client.call("POST", path, host: "orchard.localhost", token: owner, body: body)
        #expect((200..<300).contains(answer.status), "\(path): \(answer.text)")
      }
      let usage = try await client.call("GET", "/api/admin/usage", host: "orchard.localhost", token: owner)
      let costs = try await client.call("GET", "/api/admin/costs", host: "orchard.localhost", token: owner)
      let runs = try #require(usage.json["total"]["runs"]["audit"].string)
      let events = try #require(costs.json["total"]["events"]["audit"].string)
      let routes = [
        "/admin", "/admin?window=7", "/api/admin/usage", "/api/admin/costs", "/api/admin/billing", "/api/admin/domains",
        "/api/admin/audit?\(runs)", "/api/admin/audit?\(events)",
      ]
      let secrets = ["secret-flow", "secret-run", "secret-step", "gpt-4o", "madeAt", "org_orchard", runs]
      for route in routes {
        for role in [Membership.Role.owner, .admin] {
          let token = try await server.token("orchard", role: role)
          let own = try await client.call("GET", route, host: "orchard.localhost", token: token)
          #expect(own.status == 200, "\(route)")
          #expect(secrets.contains(where: own.text.contains), "\(route)")
        }
        for outsider in try await Self.outsiders(of: server) {
          let comment = Comment(rawValue: "\(outsider.name) at \(route)")
          let answer = try await client.call("GET", route, host: "orchard.localhost", token: outsider.token)
          #expect(answer.status == outsider.status, comment)
          for secret in secrets { #expect(!answer.text.contains(secret), comment) }
          #expect(answer.headers.values.allSatisfy { value in !secrets.contains(where: value.contains) }, comment)
        }
      }
      // At his own host, another tenant's owner asks for the orchard's rows by their query.
      let meadow = try await server.token("meadow")
      for query in [runs, events] {
        let answer = try await client.call(
          "GET", "/api/admin/audit?\(query)", host: "meadow.localhost", token: meadow)
        #expect(answer.status == 200)
        #expect(answer.json["runs"].array.isEmpty && answer.json["events"].array.isEmpty)
        #expect(!answer.text.contains("secret"))
      }
    }
  }
}
