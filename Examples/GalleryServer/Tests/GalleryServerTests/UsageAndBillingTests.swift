import SaaSCore
import SaaSTesting
import Testing

@testable import GalleryServer

@Suite("Usage and billing over HTTP") struct UsageAndBillingTests {
  private let host = "orchard.localhost"

  @Test("a cap admits exactly as many runs as it says, and the dashboard counts them to the last dollar")
  func capsAndFigures() async throws {
    try await RunningServer.with { server in
      let client = server.client
      let token = try await server.token("orchard")
      let started = try await withThrowingTaskGroup(of: (Int, String?).self) { group in
        for number in 0..<40 {
          group.addTask {
            let answer = try await client.call(
              "POST", "/api/runs", host: host, token: token,
              body: #"{"workflow":"review","runId":"run\#(number)"}"#)
            return (answer.status, answer.json["runId"].string)
          }
        }
        var runs: [String] = []
        var refused = 0
        for try await (status, id) in group {
          if status == 201, let id { runs.append(id) }
          if status == 402 { refused += 1 }
        }
        #expect(refused == 20)
        return runs
      }
      #expect(started.count == 20)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for run in started {
          // The repeats are the same event, whichever comes first.
          for _ in 0..<3 {
            group.addTask {
              let answer = try await client.call(
                "POST", "/api/runs/\(run)/steps", host: host, token: token, body: step("draft"))
              #expect(answer.status == 201 || answer.status == 200)
            }
          }
        }
        try await group.waitForAll()
      }
      for run in started.prefix(10) {
        let answer = try await client.call(
          "POST", "/api/runs/\(run)/finish", host: host, token: token,
          body: #"{"outcome":"succeeded","artifactCount":1}"#)
        #expect(answer.status == 200)
      }
      let usage = try await client.call("GET", "/api/admin/usage?window=7", host: host, token: token).json["total"]
      #expect(usage["runs"]["value"].int == 20)
      #expect(usage["succeeded"]["value"].int == 10)
      #expect(usage["running"]["value"].int == 10)
      let costs = try await client.call("GET", "/api/admin/costs?window=7", host: host, token: token).json["total"]
      #expect(costs["events"]["value"].int == 20)
      #expect(costs["costUSD"].string == "0.1")
      let query = try #require(costs["events"]["audit"].string)
      let rows = try await client.call("GET", "/api/admin/audit?\(query)", host: host, token: token).json
      #expect(rows["events"].array.count == 20)
      #expect(rows["events"].array.allSatisfy { $0["costUSD"].string == "0.005" })
      let other = try await server.token("meadow")
      let theirs = try await client.call(
        "GET", "/api/admin/audit?\(query)", host: "meadow.localhost", token: other)
      #expect(theirs.json["events"].array.isEmpty)
    }
  }

  @Test("a step that a loop does again is recorded again under the next attempt, and a repeat of one is not")
  func attempts() async throws {
    try await RunningServer.with { server in
      let token = try await server.token("orchard")
      func post(_ path: String, _ body: String) async throws -> Client.Answer {
        try await server.client.call("POST", path, host: host, token: token, body: body)
      }
      #expect(try await post("/api/runs", #"{"workflow":"review","runId":"r"}"#).status == 201)
      for (attempt, status) in [(0, 201), (1, 201), (0, 200), (1, 200), (2, 201)] {
        #expect(try await post("/api/runs/r/steps", step("draft", attempt: attempt)).status == status, "\(attempt)")
      }
      let costs = try await server.client.call("GET", "/api/admin/costs?window=7", host: host, token: token)
      #expect(costs.json["total"]["events"]["value"].int == 3)
    }
  }

  @Test("a checkout with its signed webhooks shuffled and repeated ends in the bought plan", arguments: 1...3)
  func checkout(seed: UInt64) async throws {
    try await RunningServer.with { server in
      let client = server.client
      let token = try await server.token("orchard")
      let fake = try #require(server.services.payments.fake)
      let opened = try await client.call(
        "POST", "/api/billing/checkout", host: host, token: token, body: #"{"plan":"pro"}"#)
      #expect(opened.status == 201)
      let id = try #require(opened.json["id"].string)
      fake.advance(to: SystemWallClock().now())
      _ = try #require(fake.completeCheckout(try .init(id)))
      let webhooks = fake.takeWebhooks()
      #expect(!webhooks.isEmpty)
      var random = SeededGenerator(seed: seed)
      for webhook in (webhooks + webhooks).shuffled(using: &random) {
        let body = String(decoding: webhook.body, as: UTF8.self)
        let answer = try await client.call(
          "POST", "/api/stripe/webhook", host: "127.0.0.1", body: body,
          headers: ["Stripe-Signature": webhook.signature])
        #expect(answer.status == 200, "seed \(seed): \(answer.text)")
        let forged = try await client.call(
          "POST", "/api/stripe/webhook", host: "127.0.0.1", body: body + " ",
          headers: ["Stripe-Signature": webhook.signature])
        #expect(forged.status == 400)
      }
      let bought = try await client.call("GET", "/api/entitlements", host: host, token: token).json
      #expect(bought["plan"].string == "pro", "seed \(seed)")
      #expect(bought["posture"].string == "ACTIVE")
      let returned = try await client.call("GET", "/billing/return?session_id=\(id)", host: host, token: token)
      #expect(returned.status == 200)
      #expect(returned.json["plan"].string == "pro")
      let foreign = try await client.call(
        "GET", "/billing/return?session_id=\(id)", host: "meadow.localhost", token: try await server.token("meadow"))
      #expect(foreign.status == 404)
      let again = try await client.call(
        "POST", "/api/billing/checkout", host: host, token: token, body: #"{"plan":"pro"}"#)
      #expect(again.status == 409)
      let untouched = try await client.call(
        "GET", "/api/entitlements", host: "meadow.localhost", token: try await server.token("meadow"))
      #expect(untouched.json["plan"].string == "free")
    }
  }
}
