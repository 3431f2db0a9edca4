import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Changes of a subscription that race, crash or are refused")
struct SubscriptionChangeTests {
  private static let down = GatewayError(.unavailable, "down")
  private static let team = ["price_runs_m": nil, "price_seat_m": 4, "price_team_m": 1] as [String: Int64?]

  private static func billing(_ world: BillingWorld, over gateway: (any PaymentGateway)? = nil) -> BillingService {
    BillingService(
      store: world.store, gateway: gateway ?? world.gateway, rules: world.rules, installation: world.installation)
  }

  private static func moveToTeam(_ world: BillingWorld, _ billing: BillingService? = nil) async throws {
    try await (billing ?? Self.billing(world)).changePlan(
      to: .team, every: .month, seats: 4, for: world.tenant, as: world.owner, at: world.now)
  }

  /// The items of a subscription, every price of which it has once.
  private static func items(_ world: BillingWorld, _ id: SubscriptionID) throws -> [String: Int64?] {
    let items = try #require(world.gateway.snapshot(of: id)).items
    return try #require(Set(items.map(\.priceID)).count == items.count ? items : nil, "an item stands twice: \(items)")
      .reduce(into: [:]) { $0[$1.priceID.rawValue] = .some($1.quantity) }
  }

  // MARK: Races

  @Test("whenever the same change comes in between, it happens once, and both callers see it")
  func sameChange() async throws {
    var call = 0
    while true {
      call += 1
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      let gateway = InterleavingGateway(world.gateway, beforeCall: call) { [call] in
        do {
          try await Self.moveToTeam(world)
        } catch {
          Issue.record("before call \(call): \(error)")
        }
      }
      try await Self.moveToTeam(world, Self.billing(world, over: gateway))
      #expect(try Self.items(world, id) == Self.team, "before call \(call)")
      #expect(try await world.store.account(for: world.tenant).change == nil, "before call \(call)")
      #expect(try await world.entitlements().seats == 4, "before call \(call)")
      guard gateway.hasInterleaved else { break }
    }
    #expect(call > 3)
  }

  @Test("whenever the same change comes in after a read of the store, it happens once")
  func sameChangeBetweenReads() async throws {
    for reads in 1...6 {
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      let store = FlakyBillingStore(world.store, afterReads: reads) { try? await Self.moveToTeam(world) }
      try await Self.moveToTeam(world, world.billing(over: store))
      #expect(try Self.items(world, id) == Self.team, "after \(reads) reads")
    }
  }

  @Test("whenever another change comes in between, it is done before or refused, and the subscription is of one plan")
  func otherChange() async throws {
    var refusals = 0
    var call = 0
    while true {
      call += 1
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      let until = world.now + ChangeIntent.settlingTime
      let refused = Lock(false)
      let gateway = InterleavingGateway(world.gateway, beforeCall: call) {
        do throws(BillingError) {
          try await Self.billing(world).changePlan(
            to: .pro, every: .year, for: world.tenant, as: world.owner, at: world.now)
        } catch {
          #expect(error == .changeUnderWay(until: until))
          refused.withLock { $0 = true }
        }
      }
      try await Self.moveToTeam(world, Self.billing(world, over: gateway))
      #expect(try Self.items(world, id) == Self.team, "before call \(call)")
      if refused.withLock({ $0 }) { refusals += 1 }
      guard gateway.hasInterleaved else { break }
    }
    #expect(refusals > 0)
  }

  @Test("a change that is clicked twenty times at once happens once")
  func manyClicks() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { try await Self.moveToTeam(world) } }
      try await group.waitForAll()
    }
    #expect(try Self.items(world, id) == Self.team)
    #expect(try await world.store.account(for: world.tenant).change == nil)
  }

  // MARK: Crashes

  @Test("a change of unknown outcome refuses another until it has settled, which is decided from what came of it")
  func unknownOutcome() async throws {
    for fault in [FakeGatewayFault.lostAnswer(), .before(Self.down), .remembered()] {
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      world.gateway.fail(.updateSubscription, fault)
      await #expect(throws: BillingError.gateway(fault.error)) { try await Self.moveToTeam(world) }
      let until = world.now + ChangeIntent.settlingTime
      func toYearly() async throws {
        try await Self.billing(world).changePlan(
          to: .pro, every: .year, for: world.tenant, as: world.owner, at: world.now)
      }
      await #expect(throws: BillingError.changeUnderWay(until: until)) { try await toYearly() }
      world.gateway.advance(to: until)
      try await toYearly()
      #expect(try Self.items(world, id) == ["price_pro_y": 1])
      try await Self.moveToTeam(world)
      #expect(try Self.items(world, id) == Self.team)
    }
  }

  @Test("reconciliation takes over a change whose caller went away, and forgets it once it has settled")
  func reconciled() async throws {
    let world = try await BillingWorld()
    try await world.buy(.pro)
    world.gateway.fail(.updateSubscription, .lostAnswer())
    await #expect(throws: BillingError.self) { try await Self.moveToTeam(world) }
    _ = world.gateway.takeWebhooks()
    try await world.reconciler.run(at: world.now)
    #expect(try await world.entitlements().seats == 4)
    #expect(try await world.store.account(for: world.tenant).change != nil)
    world.gateway.advance(by: ChangeIntent.settlingTime)
    try await world.reconciler.run(at: world.now)
    #expect(try await world.store.account(for: world.tenant).change == nil)
  }

  @Test("a change that the provider refuses stands in the way of no other")
  func refusedChange() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let refusal = GatewayError(.declined, "Your card was declined.")
    world.gateway.fail(.updateSubscription, .before(refusal))
    await #expect(throws: BillingError.gateway(refusal)) { try await Self.moveToTeam(world) }
    try await Self.billing(world).cancelAtPeriodEnd(for: world.tenant, as: world.owner, at: world.now)
    #expect(world.gateway.snapshot(of: id)?.scheduledCancellation == .atPeriodEnd)
  }

  // MARK: Prices and intervals

  @Test("while a price is unknown nothing is added beside it", arguments: ["seat", "team"])
  func unresolvedPrices(_ item: String) async throws {
    let json = Sample.json
      .replacing(
        #"{ "id": "price_seat_m","#,
        with:
          #"{ "id": "price_seat_x", "role": "seat", "interval": "month", "retired": true }, { "id": "price_seat_m","#
      )
      .replacing(
        #"{ "id": "price_team_m","#,
        with:
          #"{ "id": "price_team_x", "role": "base", "interval": "month", "retired": true }, { "id": "price_team_m","#)
    // The provider has prices that the service's catalogue does not.
    let world = try await BillingWorld(catalog: PlanCatalog(json: Array(json.utf8)))
    let id = try await world.buy(.team, seats: 4)
    let unknown: PriceID = Sample.id("price_\(item)_x")
    let moved = try #require(world.gateway.snapshot(of: id)?.items.first { $0.priceID.rawValue == "price_\(item)_m" })
    world.gateway.change(
      id, .items([.set(moved.id, priceID: unknown, quantity: moved.quantity)], proration: .none))
    let before = world.gateway.snapshot(of: id)
    let billing = BillingService(
      store: world.store, gateway: world.gateway, rules: Sample.rules, installation: world.installation)
    await #expect(throws: BillingError.unresolvedPrices([unknown])) {
      try await billing.changeSeats(to: 10, for: world.tenant, as: world.owner, at: world.now)
    }
    for plan in [PlanID.pro, .team] {
      await #expect(throws: BillingError.unresolvedPrices([unknown])) {
        try await billing.changePlan(to: plan, for: world.tenant, as: world.owner, at: world.now)
      }
    }
    #expect(world.gateway.snapshot(of: id) == before)
    // An end adds nothing.
    try await billing.cancelAtPeriodEnd(for: world.tenant, as: world.owner, at: world.now)
    #expect(world.gateway.snapshot(of: id)?.scheduledCancellation == .atPeriodEnd)
  }

  @Test("a change of plan keeps the interval unless it says another")
  func keptInterval() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro, every: .year)
    try await Self.billing(world).changePlan(to: .pro, for: world.tenant, as: world.owner, at: world.now)
    #expect(try Self.items(world, id) == ["price_pro_y": 1])
    await #expect(throws: BillingError.notForSale(.team, .year)) {
      try await Self.billing(world).changePlan(to: .team, for: world.tenant, as: world.owner, at: world.now)
    }
    try await Self.moveToTeam(world)
    #expect(try Self.items(world, id) == Self.team)
  }

  // MARK: Ends

  @Test("a refused end is no success, unless the subscription has ended meanwhile")
  func refusedEnd() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    for kind in [GatewayError.Kind.refused, .notFound] {
      let refusal = GatewayError(kind, "no")
      world.gateway.fail(.cancelSubscription, .before(refusal))
      await #expect(throws: BillingError.gateway(refusal)) {
        try await Self.billing(world).cancelNow(for: world.tenant, as: world.owner, at: world.now)
      }
    }
    #expect(try await world.entitlements().plan.id == .pro)
    let gateway = InterleavingGateway(world.gateway, beforeCall: 2) { world.gateway.end(id) }
    let free = try await Self.billing(world, over: gateway).cancelNow(
      for: world.tenant, as: world.owner, at: world.now)
    #expect(free.plan.id == .free)
  }
}
