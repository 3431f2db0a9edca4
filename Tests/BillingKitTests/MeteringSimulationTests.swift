import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// Two years of a team: crashes, lost answers, outages past the provider's memory, late usage, retention, changes of plan,
/// and periods that move while the event of it is late.
@Suite("Metered usage over two years")
struct MeteringSimulationTests {
  /// What the subscription had at the provider, written down as it happened.
  private struct History {
    /// The anchors that periods were counted from, each from its own instant on.
    var anchors = [Sample.start]
    /// When the account was told of each anchor but the first.
    var toldAt: [Timestamp] = []
    /// When which plan began.
    var plans: [(at: Timestamp, plan: PlanID)] = [(Sample.start, .team)]

    /// The starts of the periods that there really were.
    func starts(until end: Timestamp) -> [Timestamp] {
      var starts: [Timestamp] = []
      for (index, anchor) in anchors.enumerated() {
        let next = index + 1 < anchors.count ? anchors[index + 1] : end
        var number = 0
        while CalendarMonths(anchor: anchor).boundary(number) < next {
          starts.append(CalendarMonths(anchor: anchor).boundary(number))
          number += 1
        }
      }
      return starts
    }

    /// Until when nobody knew that a period ends where it does; nil where it was known before.
    func unknownUntil(_ end: Timestamp) -> Timestamp? {
      anchors.firstIndex(of: end).flatMap { $0 > 0 && $0 <= toldAt.count ? toldAt[$0 - 1] : nil }
    }

    /// The plans that metered runs on the team's meter, with what each includes.
    private static let included: [PlanID: Int64] = [.team: 100, Sample.id("scale"): 300]

    /// What a period owes by its runs: those of its metered parts, beyond what the first metered plan includes.
    func target(_ period: Period, _ runs: [MeteringStage.RecordedRun]) -> Int64 {
      var billed: [Period] = []
      var included: Int64?
      for (index, change) in plans.enumerated() {
        let next = index + 1 < plans.count ? plans[index + 1].at : .distantFuture
        guard let plan = Self.included[change.plan],
          let part = Period(start: max(period.start, change.at), end: min(period.end, next))
        else { continue }
        billed.append(part)
        included = included ?? plan
      }
      let used = runs.count { run in billed.contains { $0.contains(run.startedAt) } }
      return max(0, Int64(used) - (included ?? 0))
    }
  }

  @Test(
    "the provider's sums become the ledger's, and what could not be billed is told to the unit",
    arguments: [1, 2] as [UInt64])
  func twoYears(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    var stage = try await MeteringStage(catalog: Sample.meteredCatalog)
    var history = History()
    let (world, meter) = (stage.world, WatchedMeter(stage.world.gateway))
    let faults = Lock(SeededGenerator(seed: seed &+ 99))
    let faulty: @Sendable (FakeGatewayCall) -> FakeGatewayFault? = { call in
      guard call == .report || call == .reportedSum else { return nil }
      switch faults.withLock({ Int.random(in: 0..<12, using: &$0) }) {
      case 0: return .before(GatewayError(.unavailable, "down"))
      case 1: return .lostAnswer()
      default: return nil
      }
    }
    world.gateway.setFaults(faulty)
    world.gateway.setSumLag(.hours(1))
    // What happens when, in days since the start: the event of a moved anchor arrives three days late.
    var changes: [(day: Int64, plan: PlanID)] = [
      (100, Sample.id("scale")), (190, .team), (260, .pro), (330, .team), (500, Sample.id("scale")), (515, .team),
    ]
    var moves: [Int64] = [87, 417]
    var heldUntil = Timestamp.distantPast
    var (failures, refused) = (0, 0)
    let end = Sample.start + .days(730)
    while world.now < end {
      // Mostly every few hours; now and then reporting is down for days, past the provider's memory of names.
      let pause = Int64.random(in: 0..<60, using: &generator) == 0 ? 40 : Int64.random(in: 3...9, using: &generator)
      world.gateway.advance(by: .hours(pause))
      if let day = moves.first, world.now >= Sample.start + .days(day) {
        moves.removeFirst()
        await world.deliverAll()
        world.gateway.resetAnchor(of: stage.subscription)
        history.anchors.append(world.now)
        heldUntil = world.now + .days(5)
      }
      if world.now > heldUntil {
        await world.deliverAll()
        if history.toldAt.count < history.anchors.count - 1 { history.toldAt.append(world.now) }
      }
      if let change = changes.first, world.now >= Sample.start + .days(change.day) {
        changes.removeFirst()
        try await world.billing().changePlan(to: change.plan, for: world.tenant, as: world.owner, at: world.now)
        history.plans.append((world.now, change.plan))
        await world.deliverAll()
      }
      try await stage.record(Int.random(in: 0...4, using: &generator), at: world.now)
      if Int.random(in: 0..<20, using: &generator) == 0 {
        let late = Duration.seconds(Int64.random(in: 0..<38 * 86_400, using: &generator))
        try await stage.record(2, at: max(Sample.start, world.now - late))
      }
      if world.now > Sample.start + .days(200), Int.random(in: 0..<200, using: &generator) == 0 {
        if try await !stage.record(2, at: world.now - .days(150)) { refused += 1 }
      }
      if Int.random(in: 0..<25, using: &generator) == 0 {
        try await rollUp(world)
        _ = try await world.usage.sealLedger(endedBy: world.now - .days(40), of: world.tenant, at: world.now)
        let day = UTCDay(containing: world.now - .days(50))
        _ = try await world.usage.deleteRows(before: day, limit: .maximum, of: world.tenant)
      }
      // A process that dies at any step.
      let store = FlakyBillingStore(world.store, failingAfter: Int.random(in: 0..<60, using: &generator))
      do {
        try await stage.reporter(over: store, gateway: meter).report(for: world.tenant, at: world.now)
      } catch {
        failures += 1
      }
    }
    #expect(failures > 100)
    #expect(refused > 0)
    #expect(try await world.usage.status(of: world.tenant).horizon != nil)
    world.gateway.setFaults(nil)
    for _ in 0..<6 {
      world.gateway.advance(by: .hours(20))
      await world.deliverAll()
      try await stage.reporter(gateway: meter).report(for: world.tenant, at: world.now)
    }
    try check(try await stage.tallies(), of: stage, history, meter.sent, seed: seed)
    // The outbox was told the same: the last word on each period is what its tally says.
    var told: [Timestamp: Int64] = [:]
    for event in try await world.events() {
      if case .unbilledUsage(let usage) = event { told[usage.period.start] = usage.units }
    }
    for tally in try await stage.tallies() where tally.unbilled(at: world.now) > 0 {
      #expect(told[tally.period.start] == tally.unbilled(at: world.now), "seed \(seed), \(tally.period.start)")
    }
  }

  /// Rolls up what late usage left stale, as the job of the ledger does.
  private func rollUp(_ world: BillingWorld) async throws {
    let periods = SubscriptionPeriods(store: world.store)
    var stale: Set<Period> = []
    for day in try await world.usage.staleDays(limit: .maximum, of: world.tenant) {
      for instant in [day.start, day.start + .hours(23)] {
        stale.insert(try await periods.period(containing: instant, for: world.tenant))
      }
    }
    _ = try await world.usage.rollUp(stale.sorted { $0.start < $1.start }, of: world.tenant)
  }

  private func check(
    _ tallies: [UsageTally], of stage: MeteringStage, _ history: History, _ sent: [String: WatchedMeter.Sent],
    seed: UInt64
  ) throws {
    let now = stage.world.now
    let live = tallies.filter { !$0.isMoved }
    let starts = history.starts(until: now)
    #expect(tallies.count { $0.isMoved } >= 1, "seed \(seed)")
    #expect(live.count >= 20, "seed \(seed)")
    func reports(of tally: UsageTally) -> [WatchedMeter.Sent] {
      sent.filter { $0.key.hasPrefix(tally.key) }.map(\.value)
    }
    var carried: Int64 = 0
    var (unbilled, owed): (Int64, Int64) = (0, 0)
    for tally in live {
      let place: Comment = "seed \(seed), \(tally.period.start)"
      let start = try #require(starts.firstIndex(of: tally.period.start), place)
      let end = start + 1 < starts.count ? starts[start + 1] : tally.period.end
      #expect(tally.period.end == end, place)
      #expect(tally.target == history.target(tally.period, stage.runs), place)
      // Whatever was sent for the period, under its own name or that of one that moved into it.
      let names = [tally] + tallies.filter { $0.isMoved && tally.period.contains($0.period.start) }
      let all = names.flatMap(reports)
      let counted = all.filter { $0.countedAt != nil }.reduce(0) { $0 + $1.value }
      let final = tally.period.end + .hours(1)
      // What was stamped after a period that was cut short is on the next one's invoice.
      func value(countedBefore end: Timestamp, _ instant: (WatchedMeter.Sent) -> Timestamp?) -> Int64 {
        all.filter { report in
          report.countedAt != nil && (report.stamp >= tally.period.end || instant(report).map { $0 < end } ?? false)
        }.reduce(0) { $0 + $1.value }
      }
      // Before a cut is told, reports are taken to be in time that are not; after an answer was lost twice, reports are
      // taken to be late that may not be.
      let inTime = value(countedBefore: max(final, history.unknownUntil(end) ?? final), \.countedAt)
      let surelyInTime = value(countedBefore: final, \.toldAt)
      #expect(tally.delivered + tally.movedIn == counted, place)
      #expect(tally.pending == nil && tally.unconfirmed == 0, place)
      #expect(tally.carriedIn == carried, place)
      carried = max(0, counted - max(0, tally.target - carried))
      #expect(tally.owed == tally.target - tally.carriedIn - counted, place)
      // All was delivered but what the provider takes no more.
      let tooLate = stage.runs.count { run in
        tally.period.contains(run.startedAt) && run.recordedAt > tally.period.end + .days(34)
      }
      #expect(tally.owed <= Int64(tooLate), place)
      owed += tally.owed
      let shown = tally.unbilled(at: now)
      let due = tally.target - tally.carriedIn
      if now < final {
        #expect(shown == 0, place)
      } else {
        #expect((max(0, due - inTime)...max(0, due - surelyInTime)).contains(shown), place)
      }
      unbilled += shown
    }
    #expect(unbilled > 0)
    #expect(stage.counted() == sent.values.filter { $0.countedAt != nil }.reduce(0) { $0 + $1.value }, "seed \(seed)")
    #expect(stage.counted() == live.reduce(0) { $0 + $1.target - $1.carriedIn } - owed, "seed \(seed)")
  }
}
