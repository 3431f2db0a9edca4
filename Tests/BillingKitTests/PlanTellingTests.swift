import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Plans that time changes are told")
struct PlanTellingTests {
  /// A change of plan, as the outbox was told.
  private struct Told: Equatable {
    let from: PlanID
    let to: PlanID
    let isByTime: Bool
  }

  private func told(_ world: BillingWorld) async throws -> [Told] {
    try await world.events().compactMap { event in
      guard case .planChanged(let from, let to, let cause) = event else { return nil }
      return Told(from: from.planID, to: to.planID, isByTime: cause == .time)
    }
  }

  private let bought = Told(from: .free, to: .team, isByTime: false)
  private let ended = Told(from: .team, to: .free, isByTime: true)
  private let renewal = Sample.at("2026-02-28T10:00:00Z")

  /// A team whose renewal failed, and whose grace of seven days is over without anything having happened since.
  private func worldPastGrace() async throws -> (BillingWorld, SubscriptionID) {
    let world = try await BillingWorld()
    let id = try await world.buy(.team, seats: 2)
    world.gateway.setCancelsAfterRetries(false)
    world.gateway.setPaymentWorks(false, for: try #require(world.gateway.customerIDs.first))
    world.gateway.advance(to: renewal + .hours(2))
    await world.deliverAll()
    #expect(try await told(world) == [bought])
    world.gateway.advance(to: renewal + .days(8))
    return (world, id)
  }

  @Test("reconciliation tells the end of a grace once, and the recovery after it once")
  func graceAndRecovery() async throws {
    let (world, id) = try await worldPastGrace()
    for _ in 0..<3 { try await world.reconciler.run(at: world.now) }
    #expect(try await told(world) == [bought, ended])
    await world.deliverAll()
    #expect(try await told(world) == [bought, ended])
    world.gateway.setPaymentWorks(true, for: try #require(world.gateway.customerIDs.first))
    world.gateway.payOpenInvoices(of: id)
    await world.deliverAll()
    try await world.reconciler.run(at: world.now)
    #expect(try await told(world) == [bought, ended, bought])
  }

  @Test("without any pass, the event that comes after the grace tells its end")
  func cancellationAfterGrace() async throws {
    let (world, id) = try await worldPastGrace()
    world.gateway.end(id)
    await world.deliverAll()
    await world.deliverAll()
    #expect(try await told(world) == [bought, ended])
  }

  @Test("a recovery that comes before anybody saw the grace end tells nothing")
  func unseenEnd() async throws {
    let (world, id) = try await worldPastGrace()
    _ = world.gateway.takeEvents()
    world.gateway.setPaymentWorks(true, for: try #require(world.gateway.customerIDs.first))
    world.gateway.payOpenInvoices(of: id)
    let snapshot = try #require(world.gateway.snapshot(of: id))
    #expect(snapshot.status == .active)
    try await world.reconciler.run(at: world.now)
    #expect(try await told(world) == [bought])
    #expect(try await world.entitlements().plan.id == .team)
  }

  @Test("the end of a grant is told once, however many passes run at once, also without a subscription")
  func grant() async throws {
    let world = try await BillingWorld()
    let grant = Grant(
      id: Sample.id("grant"), kind: .plan(.pro, seats: 1), reason: "trial", grantedBy: "staff", startsAt: world.now,
      endsAt: world.now + .days(10))
    try await BillingOperator(world.billing()).grant(grant, to: world.tenant, at: world.now)
    let granted = Told(from: .free, to: .pro, isByTime: false)
    #expect(try await told(world) == [granted])
    let reconciler = world.reconciler
    try await reconciler.tellPlan(of: world.tenant, at: grant.endsAt - .microseconds(1))
    #expect(try await told(world) == [granted])
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 {
        group.addTask { (try? await reconciler.tellPlan(of: world.tenant, at: grant.endsAt)) != nil }
      }
      for await isDone in group { #expect(isDone) }
    }
    let ended = Told(from: .pro, to: .free, isByTime: true)
    #expect(try await told(world) == [granted, ended])
    // A subscription that begins later is told from there.
    world.gateway.advance(to: grant.endsAt)
    try await world.buy(.team, seats: 3)
    #expect(try await told(world) == [granted, ended, bought])
  }

  @Test("a grant that begins later is told when it does")
  func laterGrant() async throws {
    let world = try await BillingWorld()
    let start = world.now + .days(5)
    let grant = Grant(
      id: Sample.id("grant"), kind: .plan(.pro, seats: 1), reason: "launch", grantedBy: "staff", startsAt: start,
      endsAt: start + .days(10))
    try await BillingOperator(world.billing()).grant(grant, to: world.tenant, at: world.now)
    #expect(try await told(world) == [])
    try await world.reconciler.run(for: world.tenant, at: start)
    #expect(try await told(world) == [Told(from: .free, to: .pro, isByTime: true)])
  }
}
