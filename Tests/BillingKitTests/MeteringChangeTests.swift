import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Metered usage across changes of plan and period")
struct MeteringChangeTests {
  /// The instant at which the period after the first ends or begins: 28 February, 10 o'clock, and 31 March.
  private let second = Sample.at("2026-02-28T10:00:00Z")
  private let third = Sample.at("2026-03-31T10:00:00Z")

  private func change(_ stage: MeteringStage, to plan: PlanID) async throws {
    let billing = BillingService(
      store: stage.world.store, gateway: stage.world.gateway, rules: stage.world.rules,
      installation: stage.world.installation, meteredUsage: stage.reporter())
    try await billing.changePlan(to: plan, for: stage.world.tenant, as: stage.world.owner, at: stage.world.now)
    await stage.world.deliverAll()
  }

  /// Ten days with 150 runs, another plan, and a day on it.
  private func dayAfterChange(to plan: PlanID) async throws -> MeteringStage {
    var stage = try await MeteringStage(catalog: Sample.meteredCatalog)
    stage.world.gateway.advance(by: .days(10))
    try await stage.record(150, at: stage.world.now - .days(1))
    try await change(stage, to: plan)
    stage.world.gateway.advance(by: .days(1))
    return stage
  }

  @Test("what was used before a metered price went is billed, and nothing after it")
  func priceGone() async throws {
    var stage = try await MeteringStage()
    stage.world.gateway.advance(by: .days(10))
    try await stage.record(130, at: stage.world.now - .days(1))
    // Nothing was reported until now: the change reports it first.
    try await change(stage, to: .pro)
    #expect(stage.counted() == 30)
    let calls = stage.world.gateway.calls
    #expect(try #require(calls.lastIndex(of: .report)) < #require(calls.lastIndex(of: .updateSubscription)))
    let changedAt = stage.world.now
    stage.world.gateway.advance(by: .days(2))
    try await stage.record(50, at: stage.world.now)
    try await stage.report()
    #expect(stage.counted() == 30)
    // What was used before, and is known late, is still billed, stamped before the change.
    try await stage.record(7, at: changedAt - .hours(5))
    try await stage.report()
    #expect(stage.counted() == 37)
    let before = try #require(Period(start: Sample.start, end: changedAt))
    #expect(stage.counted(in: before) == 7)
    stage.world.gateway.advance(to: second + .hours(3))
    await stage.world.deliverAll()
    let tallies = try await stage.report()
    #expect(tallies.map(\.target) == [37])
    #expect(tallies.map { $0.unbilled(at: stage.world.now) } == [0])
    #expect(tallies.first?.billed == [before])
  }

  @Test("a past period is priced by the plan of its time, also where it is reported first after the plan changed")
  func pastPeriods() async throws {
    // Pro, which meters nothing, in the first period, and team from the second one's middle.
    let world = try await BillingWorld()
    try await world.buy(.pro)
    var stage = try await MeteringStage(joining: world)
    try await stage.record(400, at: world.now + .days(1))
    world.gateway.advance(to: second + .days(5))
    await world.deliverAll()
    try await stage.record(150, at: world.now - .days(1))
    try await change(stage, to: .team)
    world.gateway.advance(by: .days(1))
    try await stage.record(120, at: world.now)
    let tallies = try await stage.report()
    #expect(tallies.map(\.target) == [20])
    #expect(stage.counted() == 20)
    world.gateway.advance(by: .hours(1))
    // And the other way round: back on pro, the metered period is still owed as it was.
    try await change(stage, to: .pro)
    world.gateway.advance(to: third + .days(3))
    await world.deliverAll()
    try await stage.record(6, at: second + .days(5) + .hours(3))
    try await stage.report()
    #expect(stage.counted() == 26)
    #expect(try await stage.tallies().map { $0.unbilled(at: world.now) } == [6])
  }

  @Test("a period ends by the terms that it began with, where another plan bills the same meter")
  func sameMeter() async throws {
    var stage = try await dayAfterChange(to: Sample.id("scale"))
    try await stage.record(50, at: stage.world.now)
    try await stage.report()
    #expect(stage.counted() == 100)
    stage.world.gateway.advance(to: second + .days(1))
    await stage.world.deliverAll()
    try await stage.record(310, at: stage.world.now)
    let tallies = try await stage.report()
    #expect(tallies.map(\.target) == [100, 10])
    #expect(tallies.map(\.price.included) == [100, 300])
    #expect(stage.counted() == 110)
  }

  @Test("a plan on another meter bills what is used from the change on, beside what the one before it bills")
  func otherMeter() async throws {
    var stage = try await dayAfterChange(to: Sample.id("studio"))
    try await stage.record(25, at: stage.world.now)
    try await stage.report()
    #expect(stage.counted() == 50)
    #expect(stage.counted("studio_runs") == 15)
  }

  @Test("a catalogue that was edited, or has dropped a price, changes nothing of a period that was looked at")
  func editedCatalog() async throws {
    var stage = try await MeteringStage()
    stage.world.gateway.advance(by: .days(3))
    try await stage.record(50, at: stage.world.now)
    try await stage.report()
    let dearer = try PlanCatalog(
      json: Array(Sample.json.replacing("\"included\": 100", with: "\"included\": 10").utf8))
    try await stage.record(90, at: stage.world.now)
    try await stage.report(catalog: dearer)
    #expect(stage.counted() == 40)
    let without = try PlanCatalog(plans: [Plan(id: .free, name: "Free", rank: 0)], defaultPlan: .free)
    try await stage.record(3, at: stage.world.now)
    try await stage.report(catalog: without)
    #expect(stage.counted() == 43)
    stage.world.gateway.advance(to: second + .days(1))
    await stage.world.deliverAll()
    try await stage.record(30, at: stage.world.now)
    try await stage.report(catalog: dearer)
    #expect(stage.counted() == 63)
  }

  @Test("a period that turns out to begin elsewhere counts what was reported of it for the period that it lies in")
  func movedAnchor() async throws {
    var stage = try await MeteringStage()
    let gateway = stage.world.gateway
    gateway.advance(to: second - .days(3))
    await stage.world.deliverAll()
    gateway.resetAnchor(of: stage.subscription)
    let moved = gateway.now
    // The event is late: meanwhile the next period seems to begin on the 28th.
    try await stage.record(140, at: moved + .days(1))
    gateway.advance(by: .days(2))
    try await stage.report()
    gateway.advance(to: second + .days(2))
    try await stage.record(160, at: gateway.now - .hours(1))
    try await stage.report()
    #expect(stage.counted() == 100)
    await stage.world.deliverAll()
    try await stage.report()
    // The first period ends at the reset and owes nothing: the 40 that it was billed are paid back by the second, which
    // owes 200 of 300 runs and has 60 of them already.
    #expect(stage.counted() == 200)
    try await stage.record(5, at: gateway.now)
    try await stage.report()
    #expect(stage.counted() == 205)
    let tallies = try await stage.tallies()
    #expect(tallies.map(\.isMoved) == [false, false, true])
    #expect(tallies.map(\.period.start) == [Sample.start, moved, second])
    #expect(tallies.map(\.movedIn) == [0, 60, 0])
    gateway.advance(to: moved + .days(28) + .days(2))
    await stage.world.deliverAll()
    let last = try await stage.report()
    #expect(stage.counted() == 205)
    #expect(last.map { $0.unbilled(at: gateway.now) } == [0, 0, 0, 0])
  }

  /// A stage whose periods moved and nobody told, and whose report of 60 units failed in the period that seemed to be next.
  private func reportOfMovedPeriod(_ fault: FakeGatewayFault) async throws -> MeteringStage {
    var stage = try await MeteringStage()
    let gateway = stage.world.gateway
    gateway.advance(to: second - .days(3))
    await stage.world.deliverAll()
    gateway.resetAnchor(of: stage.subscription)
    gateway.advance(to: second + .days(1))
    try await stage.record(160, at: gateway.now - .hours(1))
    gateway.fail(.report, fault)
    await #expect(throws: BillingError.self) { try await stage.report() }
    return stage
  }

  @Test("a report that was begun in a period that moved is sent under its name, and counts in the new one")
  func movedPending() async throws {
    let stage = try await reportOfMovedPeriod(.lostAnswer())
    #expect(stage.counted() == 60)
    await stage.world.deliverAll()
    stage.world.gateway.advance(by: .hours(1))
    let tallies = try await stage.report()
    #expect(stage.counted() == 60)
    #expect(tallies.map(\.movedIn) == [0, 60, 0])
    #expect(tallies.allSatisfy { $0.pending == nil && $0.unconfirmed == 0 && $0.owed <= 0 })
  }

  @Test("where periods moved, the sum of all that lies there tells what did not arrive")
  func movedAndForgotten() async throws {
    let stage = try await reportOfMovedPeriod(.before(GatewayError(.unavailable, "down")))
    let gateway = stage.world.gateway
    await stage.world.deliverAll()
    gateway.advance(by: .days(3))
    let tallies = try await stage.report()
    #expect(tallies.map(\.unconfirmed) == [0, 0, 0])
    #expect(tallies.map(\.delivered) == [0, 60, 0])
    #expect(stage.counted() == 60)
    gateway.advance(by: .days(40))
    await stage.world.deliverAll()
    let last = try await stage.report()
    #expect(stage.counted() == 60)
    #expect(last.map { $0.unbilled(at: gateway.now) } == [0, 0, 0, 0])
  }

  @Test(
    "while the sum lags behind what others report into the same span, nothing is taken for not counted",
    arguments: [FakeGatewayFault.lostAnswer(), .before(GatewayError(.unavailable, "down"))])
  func movedAndShared(fault: FakeGatewayFault) async throws {
    var stage = try await reportOfMovedPeriod(fault)
    let gateway = stage.world.gateway
    gateway.setSumLag(.hours(5))
    await stage.world.deliverAll()
    // The period that answers for it reports as much again, an hour before the sum is asked for.
    gateway.advance(by: .hours(29))
    try await stage.record(60, at: gateway.now)
    try await stage.report()
    gateway.advance(by: .hours(1))
    try await stage.report()
    #expect(stage.counted() == 120)
    #expect(try await stage.tallies().map(\.unconfirmed) == [0, 0, fault.isAfterwards ? 60 : 0])
    // When the period is over, the sum is settled.
    gateway.advance(by: .days(40))
    await stage.world.deliverAll()
    let last = try await stage.report()
    #expect(last.map(\.unconfirmed) == [0, 0, 0, 0])
    #expect(last.map(\.delivered) == (fault.isAfterwards ? [0, 60, 60, 0] : [0, 120, 0, 0]))
    #expect(stage.counted() == 120)
    #expect(last.map { $0.unbilled(at: gateway.now) } == [0, 0, 0, 0])
  }
}
