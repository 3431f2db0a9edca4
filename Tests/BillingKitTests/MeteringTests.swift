import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Metered usage")
struct MeteringTests {
  private static let included: Int64 = 100

  /// A team whose runs are metered, and every run that was recorded.
  private struct Stage {
    let world: BillingWorld
    let customer: CustomerID
    var runs: [Timestamp] = []

    init() async throws {
      world = try await BillingWorld()
      try await world.buy(.team, seats: 2)
      customer = try #require(world.gateway.customerIDs.first)
    }

    mutating func record(_ count: Int, at instant: Timestamp) async throws {
      var writes: [UsageWrite] = []
      for _ in 0..<count {
        runs.append(instant)
        writes.append(
          .start(
            try Run(
              id: RunID("run-\(runs.count)"), userID: UserID("user"), workflow: WorkflowName("review"),
              startedAt: instant), limit: nil))
      }
      let answers = try await world.usage.record([UsageBatch(writes, for: world.tenant)], at: world.now)
      #expect(answers.joined().allSatisfy { $0 == .recorded })
    }

    func reporter(over store: (any BillingStore)? = nil) -> MeteredUsageReporter {
      MeteredUsageReporter(
        store: store ?? world.store, usage: world.usage, gateway: world.gateway, catalog: world.catalog,
        installation: world.installation)
    }

    /// What the ledger's rules say a period owes, counted by hand.
    func target(_ period: Period) -> Int64 {
      max(0, Int64(runs.count { period.contains($0) }) - MeteringTests.included)
    }

    func counted(_ tally: UsageTally) throws -> Int64 {
      let period: Period = try #require(tally.summaryPeriod)
      return world.gateway.countedUsage(of: "team_runs", customer: customer, in: period)
    }
  }

  @Test("over two years of crashes, lost answers and late usage the provider's sums become the ledger's")
  func twoYears() async throws {
    for seed in [1] as [UInt64] {
      var generator = SeededGenerator(seed: seed)
      var stage = try await Stage()
      let world = stage.world
      let faults = Lock(SeededGenerator(seed: seed &+ 99))
      world.gateway.setFaults { call in
        guard call == .report || call == .reportedSum else { return nil }
        switch faults.withLock({ Int.random(in: 0..<12, using: &$0) }) {
        case 0: return .before(GatewayError(.unavailable, "down"))
        case 1: return .lostAnswer()
        default: return nil
        }
      }
      world.gateway.setSumLag(.hours(1))
      let end = Sample.start + .days(730)
      var failures = 0
      while world.now < end {
        // Mostly every few hours; now and then reporting is down for days, past the provider's memory of names.
        let pause = Int64.random(in: 0..<60, using: &generator) == 0 ? 40 : Int64.random(in: 3...9, using: &generator)
        world.gateway.advance(by: .hours(pause))
        await world.deliverAll()
        try await stage.record(Int.random(in: 0...3, using: &generator), at: world.now)
        if Int.random(in: 0..<20, using: &generator) == 0 {
          let late = Duration.seconds(Int64.random(in: 0..<30 * 86_400, using: &generator))
          try await stage.record(2, at: max(Sample.start, world.now - late))
        }
        // A process that dies at any step.
        let store = FlakyBillingStore(world.store, failingAfter: Int.random(in: 0..<60, using: &generator))
        do {
          try await stage.reporter(over: store).report(for: world.tenant, at: world.now)
        } catch {
          failures += 1
        }
      }
      #expect(failures > 100)
      world.gateway.setFaults(nil)
      for _ in 0..<6 {
        world.gateway.advance(by: .hours(20))
        await world.deliverAll()
        try await stage.reporter().report(for: world.tenant, at: world.now)
      }
      let tallies = try await world.store.tallies(endingAfter: .distantPast, for: world.tenant)
      #expect(tallies.count >= 24, "seed \(seed)")
      var reported: Int64 = 0
      for tally in tallies {
        let counted = try stage.counted(tally)
        #expect(tally.pending == nil, "seed \(seed), \(tally.period.start)")
        #expect(tally.delivered == counted, "seed \(seed), \(tally.period.start)")
        #expect(tally.target == stage.target(tally.period), "seed \(seed), \(tally.period.start)")
        #expect(tally.owed == 0, "seed \(seed), \(tally.period.start)")
        #expect(tally.unconfirmed == 0, "seed \(seed), \(tally.period.start)")
        reported += counted
      }
      #expect(reported == tallies.map { stage.target($0.period) }.reduce(0, +))
      // What came after an invoice was final is in the sums and shown as unbilled.
      let late = tallies.map { $0.unbilled(at: world.now) }.reduce(0, +)
      #expect(late > 0)
      let told = try await world.events().contains { $0.kind == "billing.usage.unbilled" }
      #expect(told)
    }
  }

  @Test("reports at once, from many processes, count everything once")
  func concurrentReports() async throws {
    var stage = try await Stage()
    try await stage.record(250, at: stage.world.now)
    stage.world.gateway.advance(by: .hours(1))
    let (reporter, tenant, now) = (stage.reporter(), stage.world.tenant, stage.world.now)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await reporter.report(for: tenant, at: now) } }
      try await group.waitForAll()
    }
    #expect(stage.world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 150)
  }

  @Test("what is within the plan is not reported, and nothing in a period's first minute")
  func included() async throws {
    var stage = try await Stage()
    try await stage.record(100, at: stage.world.now)
    stage.world.gateway.advance(by: .hours(1))
    try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(!stage.world.gateway.calls.contains(.report))
    try await stage.record(1, at: stage.world.now)
    try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(stage.world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 1)
  }

  @Test("a sealed row of another period that overlaps is not taken for the period's usage")
  func sealedOverlap() async throws {
    var stage = try await Stage()
    let world = stage.world
    world.gateway.advance(by: .days(1))
    try await stage.record(150, at: world.now)
    world.gateway.advance(by: .days(9))
    // Before the subscription was known, periods began elsewhere.
    let other = try #require(
      Period(start: Sample.at("2026-01-20T00:00:00Z"), end: Sample.at("2026-02-04T00:00:00Z")))
    _ = try await world.usage.rollUp([other], of: world.tenant)
    #expect(try await world.usage.sealLedger(endedBy: world.now, of: world.tenant, at: world.now) == 1)
    try await stage.record(20, at: world.now)
    world.gateway.advance(by: .hours(1))
    try await stage.reporter().report(for: world.tenant, at: world.now)
    #expect(world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 70)
  }

  @Test("ending a subscription at once reports what is owed first")
  func cancellation() async throws {
    var stage = try await Stage()
    stage.world.gateway.advance(by: .days(2))
    try await stage.record(130, at: stage.world.now)
    let billing = BillingService(
      store: stage.world.store, gateway: stage.world.gateway, rules: stage.world.rules,
      installation: stage.world.installation, meteredUsage: stage.reporter())
    try await billing.cancelNow(for: stage.world.tenant, as: stage.world.owner, at: stage.world.now)
    #expect(stage.world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 30)
    let calls = stage.world.gateway.calls
    let report = try #require(calls.lastIndex(of: .report))
    let cancel = try #require(calls.firstIndex(of: .cancelSubscription))
    #expect(report < cancel)
  }

  @Test("usage that the provider takes no more is shown as unbilled")
  func tooLate() async throws {
    var stage = try await Stage()
    stage.world.gateway.advance(by: .days(1))
    try await stage.record(140, at: stage.world.now)
    stage.world.gateway.advance(by: .days(70))
    await stage.world.deliverAll()
    let tallies = try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(stage.world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 0)
    #expect(tallies.first?.unbilled(at: stage.world.now) == 40)
    let events = try await stage.world.events()
    #expect(
      events.contains { event in
        if case .unbilledUsage(let usage) = event { return usage.units == 40 && usage.reason == .late }
        return false
      })
  }

  @Test("reports that the provider could not count after all are owed again")
  func asynchronousErrors() async throws {
    var stage = try await Stage()
    stage.world.gateway.advance(by: .days(1))
    try await stage.record(120, at: stage.world.now)
    try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    let tally = try #require(
      try await stage.world.store.tallies(endingAfter: .distantPast, for: stage.world.tenant).first)
    #expect(tally.delivered == 20)
    stage.world.gateway.refuseReports(tally.recent.map(\.identifier))
    #expect(try stage.counted(tally) == 0)
    await stage.world.deliverAll()
    await stage.world.deliverAll()
    try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(try stage.counted(tally) == 20)
  }

  @Test("a refused report is sent under its name until it is forgotten, and then the sum tells")
  func refusal() async throws {
    var stage = try await Stage()
    stage.world.gateway.advance(by: .days(1))
    try await stage.record(120, at: stage.world.now)
    stage.world.gateway.fail(.report, .before(GatewayError(.refused, "no such meter")))
    let refused = try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(refused.first?.refusal == "no such meter")
    #expect(refused.first?.owed == 0)
    stage.world.gateway.advance(by: .days(2))
    let again = try await stage.reporter().report(for: stage.world.tenant, at: stage.world.now)
    #expect(again.first?.delivered == 20)
    #expect(again.first?.reports == 2)
    #expect(stage.world.gateway.countedUsage(of: "team_runs", customer: stage.customer) == 20)
  }

  @Test("a negative difference is carried, and never sent")
  func corrections() throws {
    let windows = MeteringWindows()
    let period = try #require(Period(start: Sample.start, end: Sample.start + .days(28)))
    var tally = UsageTally(
      key: "k", organizationID: Sample.id("org"), customerID: Sample.id("cus"), meter: "m", period: period)
    func step(_ day: Int64) -> UsageTally.Step {
      tally.step(
        at: Sample.start + .days(day), identifierWindow: .days(1), reportingWindow: .days(35), windows: windows)
    }
    tally.aim(at: 50, carriedIn: 0, period: period)
    #expect(step(2) == .begin(value: 50, timestamp: Sample.start + .days(2)))
    tally.begin(value: 50, timestamp: Sample.start + .days(2), at: Sample.start + .days(2))
    #expect(tally.owed == 0)
    tally.accept(at: Sample.start + .days(2), windows: windows)
    tally.aim(at: 30, carriedIn: 0, period: period)
    #expect(step(3) == .wait)
    #expect(tally.owed == -20)
    #expect(tally.overreported == 20)
    tally.aim(at: 55, carriedIn: 0, period: period)
    #expect(step(4) == .begin(value: 5, timestamp: Sample.start + .days(4)))
    // After the period, a stamp lies in its last second.
    #expect(step(29) == .begin(value: 5, timestamp: Sample.start + .days(28) - .seconds(1)))
    // What the period before was billed too much is paid back first.
    tally.aim(at: 55, carriedIn: 5, period: period)
    #expect(step(5) == .wait)
    #expect(tally.unbilled(at: period.end + .hours(2)) == 0)
  }
}
