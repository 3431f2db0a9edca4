import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Metered usage")
struct MeteringTests {
  @Test("reports at once, from many processes, count everything once")
  func concurrentReports() async throws {
    var stage = try await MeteringStage()
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
    var stage = try await MeteringStage()
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
    var stage = try await MeteringStage()
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
    var stage = try await MeteringStage()
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
    var stage = try await MeteringStage()
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
    var stage = try await MeteringStage()
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

  @Test("a report whose answer was lost, and that could not be counted after all, is owed again")
  func asynchronousErrorOfPending() async throws {
    var stage = try await MeteringStage()
    stage.world.gateway.advance(by: .days(1))
    try await stage.record(120, at: stage.world.now)
    stage.world.gateway.fail(.report, .lostAnswer())
    await #expect(throws: BillingError.self) { try await stage.report() }
    let tally = try #require(try await stage.tallies().first)
    let pending = try #require(tally.pending)
    #expect(try stage.counted(tally) == 20)
    stage.world.gateway.refuseReports([pending.identifier])
    #expect(try stage.counted(tally) == 0)
    await stage.world.deliverAll()
    for _ in 0..<2 { try await stage.report() }
    #expect(try stage.counted(tally) == 20)
    let after = try #require(try await stage.tallies().first)
    #expect(after.delivered == 20)
    #expect(after.recent.map(\.identifier) != [pending.identifier])
    // Told once more, it takes nothing back.
    stage.world.gateway.refuseReports([pending.identifier])
    await stage.world.deliverAll()
    #expect(try await stage.tallies().first?.delivered == 20)
  }

  /// A meter that counts what it accepts, so that no errors come later.
  private struct DirectMeter: MeteredUsageGateway {
    var identifierWindow: Duration { .days(1) }
    var reportingWindow: Duration { .days(28) }
    func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer { .accepted }
    func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? { nil }
    func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? { nil }
  }

  @Test("errors of a meter that is not reported to are answered, and change nothing")
  func otherMeter() async throws {
    let stage = try await MeteringStage()
    let webhooks = WebhookProcessor(
      verifier: stage.world.gateway, scope: WebhookScope(isLive: false), store: stage.world.store,
      gateway: stage.world.gateway, rules: stage.world.rules, meteredUsage: stage.reporter(gateway: DirectMeter()))
    stage.world.gateway.refuseReports(["report-1"])
    let webhook = try #require(stage.world.gateway.takeWebhooks().last)
    let answer = await webhooks.process(body: webhook.body, signature: webhook.signature, at: stage.world.now)
    #expect(answer == .ignored(webhook.eventID, .noMeterErrors))
    #expect(answer.httpStatus == 200)
  }

  @Test("a refused report is sent under its name until it is forgotten, and then the sum tells")
  func refusal() async throws {
    var stage = try await MeteringStage()
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

  /// A meter that tells the sum of a period only when it is over, and writes down what it was asked.
  private final class LateMeter: MeteredUsageGateway {
    private let base: FakePaymentGateway
    private let asked = Lock<[ReportedSumQuery]>([])

    init(_ base: FakePaymentGateway) { self.base = base }

    var queries: [ReportedSumQuery] { asked.withLock { $0 } }
    var identifierWindow: Duration { base.identifierWindow }
    var reportingWindow: Duration { base.reportingWindow }
    func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
      try await base.report(report)
    }
    func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
      asked.withLock { $0.append(query) }
      return base.now < query.period.end ? nil : try await base.reportedSum(query)
    }
    func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? { nil }
  }

  @Test(
    "a provider that sums only periods that are over tells then what was not confirmed",
    arguments: [FakeGatewayFault.lostAnswer(), .before(GatewayError(.unavailable, "down"))])
  func sumAfterwards(fault: FakeGatewayFault) async throws {
    var stage = try await MeteringStage(toldOnceFrom: Sample.start)
    let (gateway, meter) = (stage.world.gateway, LateMeter(stage.world.gateway))
    let reporter = stage.reporter(gateway: meter)
    func report() async throws -> [UsageTally] { try await reporter.report(for: stage.world.tenant, at: gateway.now) }
    gateway.advance(by: .days(3))
    try await stage.record(9, at: gateway.now - .hours(1))
    gateway.fail(.report, fault)
    await #expect(throws: BillingError.self) { try await report() }
    gateway.advance(by: .days(2))
    #expect(try await report().map(\.unconfirmed) == [7])
    gateway.advance(by: .days(1))
    #expect(try await report().map(\.owed) == [0])
    // The next period's first days.
    gateway.advance(to: Sample.at("2026-03-02T00:00:00Z"))
    let first = try #require(try await report().first)
    #expect(first.unconfirmed == 0 && first.delivered == 7)
    #expect(first.counted == (fault.isAfterwards ? 7 : nil))
    #expect(stage.counted() == 7)
    // What was counted in time is on the invoice; what had to be sent again is not.
    #expect(first.unbilled(at: gateway.now) == (fault.isAfterwards ? 0 : 7))
    #expect(meter.queries.allSatisfy { $0.itemIDs == [Sample.id("si_runs")] })
  }

  @Test("a sum is asked for of every item that reports of the period named")
  func items() throws {
    let windows = MeteringWindows()
    let period = try #require(Period(start: Sample.start, end: Sample.start + .days(28)))
    func tally(_ key: String) -> UsageTally {
      UsageTally(
        key: key, organizationID: Sample.id("org"), customerID: Sample.id("cus"),
        price: MeteredPrice(
          metric: .runs, meter: UsageMeter(name: "m", meterID: nil, priceID: Sample.id("price_runs_m"))),
        itemID: Sample.id("si_1"), period: period)
    }
    var (one, other) = (tally("one"), tally("other"))
    func asked() throws -> [String] {
      let span = try #require(one.countedSpan(among: [one, other]))
      return one.sumQuery(over: span, among: [one, other]).itemIDs.map(\.rawValue)
    }
    // An item that nothing was reported for is none.
    one.bill(by: Sample.id("si_2"))
    #expect(try asked() == ["si_2"])
    one.begin(value: 1, timestamp: Sample.start + .days(1), at: Sample.start + .days(1))
    one.bill(by: Sample.id("si_3"))
    // It is sent again as it was begun.
    #expect(one.pending?.itemID == Sample.id("si_2"))
    one.accept(inTime: true, at: Sample.start + .days(1), windows: windows)
    one.bill(by: Sample.id("si_3"))
    #expect(try asked() == ["si_2", "si_3"])
    other.begin(value: 1, timestamp: Sample.start + .days(2), at: Sample.start + .days(2))
    #expect(try asked() == ["si_1", "si_2", "si_3"])
  }

  @Test("a negative difference is carried, and never sent")
  func corrections() throws {
    let windows = MeteringWindows()
    let period = try #require(Period(start: Sample.start, end: Sample.start + .days(28)))
    var tally = UsageTally(
      key: "k", organizationID: Sample.id("org"), customerID: Sample.id("cus"),
      price: MeteredPrice(
        metric: .runs, meter: UsageMeter(name: "m", meterID: nil, priceID: Sample.id("price_runs_m"))),
      itemID: Sample.id("si"), period: period)
    func step(_ day: Int64) -> UsageTally.Step {
      tally.step(
        at: Sample.start + .days(day), identifierWindow: .days(1), reportingWindow: .days(35), windows: windows)
    }
    tally.aim(at: 50, carriedIn: 0, period: period)
    #expect(step(2) == .begin(value: 50, timestamp: Sample.start + .days(2)))
    tally.begin(value: 50, timestamp: Sample.start + .days(2), at: Sample.start + .days(2))
    #expect(tally.owed == 0)
    tally.accept(inTime: true, at: Sample.start + .days(2), windows: windows)
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
