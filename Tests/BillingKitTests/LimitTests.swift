import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Limits")
struct LimitTests {
  private static func run(_ number: Int, at instant: Timestamp) throws -> Run {
    try Run(
      id: RunID("run-\(number)"), userID: UserID("user"), workflow: WorkflowName("review"), startedAt: instant)
  }

  @Test("fifty recorders that cross 80% and 100% at once leave one event of each")
  func oneAlert() async throws {
    let world = try await BillingWorld()
    let now = world.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<50 {
        group.addTask {
          // A monitor of its own, as in a process of its own.
          let monitor = LimitMonitor(store: world.store, usage: world.usage, rules: world.rules)
          let run = try Self.run(number, at: now)
          _ = try await world.usage.record([UsageBatch([.start(run, limit: nil)], for: world.tenant)], at: now)
          try await monitor.check(world.tenant, at: now)
        }
      }
      try await group.waitForAll()
    }
    let alerts = try await world.events().compactMap { event -> Int? in
      if case .limitReached(let alert) = event { return alert.percent }
      return nil
    }
    #expect(alerts.sorted() == [80, 100])
    #expect(
      try await LimitMonitor(store: world.store, usage: world.usage, rules: world.rules)
        .limits(for: world.tenant, at: now).first?.used == 50)
  }

  @Test("a threshold is told in the moment it is reached, and again in the next window")
  func thresholds() async throws {
    let world = try await BillingWorld()
    let monitor = LimitMonitor(store: world.store, usage: world.usage, rules: world.rules)
    var told: [Int] = []
    for number in 1...20 {
      _ = try await world.usage.record(
        [UsageBatch([.start(try Self.run(number, at: world.now), limit: nil)], for: world.tenant)], at: world.now)
      try await monitor.check(world.tenant, at: world.now)
      told.append(try await world.events().count)
    }
    #expect(told == Array(repeating: 0, count: 15) + [1, 1, 1, 1, 2])
    let february = Sample.at("2026-02-03T00:00:00Z")
    for number in 21...36 {
      _ = try await world.usage.record(
        [UsageBatch([.start(try Self.run(number, at: february), limit: nil)], for: world.tenant)], at: february)
    }
    let statuses = try await monitor.check(world.tenant, at: february)
    #expect(statuses.first?.used == 16)
    #expect(statuses.first?.remaining == 4)
    #expect(statuses.first?.resetsAt == Sample.at("2026-03-01T00:00:00Z"))
    #expect(try await world.events().count == 3)
  }

  @Test("two hundred admissions at once start as many runs as the cap, and a repeat gets its first answer")
  func admissions() async throws {
    let world = try await BillingWorld()
    let admission = RunAdmission(store: world.store, usage: world.usage, rules: world.rules)
    let now = world.now
    func admit(_ number: Int) async throws -> Bool {
      let run = try Self.run(number, at: now)
      do throws(AdmissionRefusal) {
        return try await admission.start(run, for: world.tenant, at: now) == .recorded
      } catch {
        guard case .limitReached(let status) = error else { throw error }
        #expect(status.isReached)
        return false
      }
    }
    let started = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
      for number in 0..<200 { group.addTask { (number, try await admit(number)) } }
      return try await group.reduce(into: [Int]()) { if $1.1 { $0.append($1.0) } }
    }
    #expect(started.count == 20)
    let first = try #require(started.first)
    #expect(
      try await admission.start(try Self.run(first, at: now), for: world.tenant, at: now) == .duplicate)
  }

  @Test("a cap on cost admits while what is recorded is below it; a warning limit admits for ever")
  func costs() async throws {
    let world = try await BillingWorld()
    try await world.buy(.team, seats: 2)
    let admission = RunAdmission(store: world.store, usage: world.usage, rules: world.rules)
    // 250 and two seats of 40.50 dollars.
    let cap = try CostSum(decimal: "331").totalPicos
    func spend(_ id: String, _ dollars: String) async throws {
      let event = try UsageEvent(
        id: EventID(id), runID: RunID("run-0"), stepID: nil, provider: ProviderName("p"), model: ModelName("m"),
        tokens: TokenCounts(prompt: 1, completion: 1), durationMilliseconds: 1, resultSize: 0, createdAt: world.now)
      let priced = PricedEvent(event, cost: .priced(try PicoUSD(decimal: dollars), rate: try RateID("rate")))
      _ = try await world.usage.record([UsageBatch([.event(priced)], for: world.tenant)], at: world.now)
    }
    try await spend("a", "330.999999999999")
    #expect(try await admission.limit(for: world.tenant, at: world.now) == nil)
    try await spend("b", "0.000000000001")
    do {
      _ = try await admission.limit(for: world.tenant, at: world.now)
      Issue.record("a run was admitted at the cap")
    } catch AdmissionRefusal.limitReached(let status) {
      #expect(status.allowance.limit.metric == .cost)
      #expect(status.used == cap)
      #expect(status.remaining == 0)
    }
  }
}
