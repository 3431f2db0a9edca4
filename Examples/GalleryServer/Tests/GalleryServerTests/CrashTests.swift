import Testing

@Suite("Two servers on one file") struct CrashTests {
  @Test("one of two servers is killed under load, and nothing that was acknowledged is lost or doubled")
  func kill() async throws {
    let place = try ServerPlace()
    try place.createTenant("a")
    let first = try await place.start()
    let second = try await place.start()
    defer { first.kill(); second.kill() }
    let token = try await place.token(of: "a")
    let run = try await first.client.call(
      "POST", "/api/runs", host: "a.localhost", token: token, body: #"{"workflow":"w","runId":"r"}"#)
    #expect(run.status == 201)

    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for number in 0..<60 {
            let name = "s\(worker)-\(number)"
            // The first server dies half-way; whoever gets no answer asks the second one.
            for client in [first.client, second.client] {
              guard
                let answer = try? await client.call(
                  "POST", "/api/runs/r/steps", host: "a.localhost", token: token, body: step(name)),
                answer.status == 200 || answer.status == 201
              else { continue }
              if await tally.acknowledge(name) == 150 { first.kill() }
              break
            }
          }
        }
      }
      try await group.waitForAll()
    }
    first.kill()
    #expect(await tally.acknowledged.count == 480)
    #expect(!first.isRunning)
    let costs = try await second.client.call(
      "GET", "/api/admin/costs?window=7", host: "a.localhost", token: token
    ).json["total"]
    #expect(costs["events"]["value"].int == 480)
    #expect(costs["costUSD"].string == "2.4")
    // Another server takes the dead one's place on the same file.
    let third = try await place.start()
    defer { third.kill() }
    let again = try await third.client.call(
      "POST", "/api/runs/r/steps", host: "a.localhost", token: token, body: step("s0-0"))
    #expect(again.status == 200)
    #expect(third.terminate() == 0)
  }

  @Test("a server that is asked to end under load answers what it took, and records nothing else")
  func graceful() async throws {
    let place = try ServerPlace()
    try place.createTenant("a")
    let server = try await place.start()
    defer { server.kill() }
    let token = try await place.token(of: "a")
    let run = try await server.client.call(
      "POST", "/api/runs", host: "a.localhost", token: token, body: #"{"workflow":"w","runId":"r"}"#)
    #expect(run.status == 201)
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for number in 0..<200 {
            let name = "s\(worker)-\(number)"
            guard
              let answer = try? await server.client.call(
                "POST", "/api/runs/r/steps", host: "a.localhost", token: token, body: step(name)),
              answer.status == 201
            else { return }
            if await tally.acknowledge(name) == 100 { server.ask() }
          }
        }
      }
    }
    #expect(server.exitStatus() == 0)
    let acknowledged = await tally.acknowledged.count
    #expect((100..<1_600).contains(acknowledged))
    let second = try await place.start()
    defer { second.kill() }
    let costs = try await second.client.call(
      "GET", "/api/admin/costs?window=7", host: "a.localhost", token: token)
    #expect(costs.json["total"]["events"]["value"].int == acknowledged)
    #expect(second.terminate() == 0)
  }

  @Test("metrics tell what is overdue, and the last roll-up also after a restart") func metrics() async throws {
    let place = try ServerPlace()
    func metrics(_ server: ServerProcess) async throws -> [Substring] {
      try await server.client.call("GET", "/metrics", host: "x").text.split(separator: "\n")
    }
    func rollup(_ lines: [Substring]) -> Substring? {
      lines.first { $0.hasPrefix(#"gallery_job_completed_timestamp_seconds{name="rollup"} "#) }
    }
    let server = try await place.start()
    defer { server.kill() }
    var told: [Substring] = []
    for _ in 0..<600 where rollup(told) == nil {
      told = try await metrics(server)
      try await Task.sleep(for: .milliseconds(50))
    }
    let last = try #require(rollup(told), "\(told)")
    for name in ["outbox_oldest_seconds", "billing_unsettled_oldest_seconds", "billing_unsettled", "index_age_seconds"]
    {
      #expect(told.contains { $0.hasPrefix("gallery_\(name) ") }, "\(told)")
    }
    #expect(server.terminate() == 0)
    let second = try await place.start()
    defer { second.kill() }
    #expect(try await rollup(metrics(second)) == last)
    #expect(second.terminate() == 0)
  }
}

/// The steps that some server said it has.
private actor Tally {
  private(set) var acknowledged: Set<String> = []

  func acknowledge(_ name: String) -> Int {
    acknowledged.insert(name)
    return acknowledged.count
  }
}
