import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// A process that stands still for longer than another change waits for it, and then goes on.
@Suite("Changes whose process stands still")
struct StalledChangeTests {
  private static let team = ["price_runs_m": nil, "price_seat_m": 4, "price_team_m": 1] as [String: Int64?]
  private static let yearly = ["price_pro_y": 1] as [String: Int64?]
  private static let down = GatewayError(.unavailable, "down")

  private static func billing(_ world: BillingWorld, over gateway: (any PaymentGateway)? = nil) -> BillingService {
    BillingService(
      store: world.store, gateway: gateway ?? world.gateway, rules: world.rules, installation: world.installation)
  }

  private static func moveToTeam(_ world: BillingWorld, over gateway: (any PaymentGateway)? = nil) async throws {
    try await billing(world, over: gateway).changePlan(
      to: .team, every: .month, seats: 4, for: world.tenant, as: world.owner, at: world.now)
  }

  private static func moveToYearly(_ world: BillingWorld) async throws {
    try await billing(world).changePlan(to: .pro, every: .year, for: world.tenant, as: world.owner, at: world.now)
  }

  private static func items(_ world: BillingWorld, _ id: SubscriptionID) throws -> [String: Int64?] {
    Dictionary(
      try #require(world.gateway.snapshot(of: id)).items.map { ($0.priceID.rawValue, $0.quantity) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func operations(_ world: BillingWorld) async -> Int64 {
    (try? await world.store.account(for: world.tenant).operations) ?? -1
  }

  @Test("wherever a change stands still, the one that was begun last is what the subscription is")
  func newestWins() async throws {
    var call = 0
    var late = 0
    while true {
      call += 1
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      let hadBegun = Lock(false)
      let gateway = InterleavingGateway(world.gateway, beforeCall: call) { [call] in
        let begun = await Self.operations(world) > 0
        hadBegun.withLock { $0 = begun }
        world.gateway.advance(by: ChangeIntent.settlingTime)
        do {
          try await Self.moveToYearly(world)
        } catch {
          Issue.record("before call \(call): \(error)")
        }
      }
      do throws(BillingError) {
        try await Self.billing(world, over: gateway).changePlan(
          to: .team, every: .month, seats: 4, for: world.tenant, as: world.owner, at: world.now)
      } catch {
        #expect(error == .contended)
        late += 1
      }
      let wasBefore = gateway.hasInterleaved && hadBegun.withLock { $0 }
      #expect(try Self.items(world, id) == (wasBefore ? Self.yearly : Self.team), "before call \(call)")
      let account = try await world.store.account(for: world.tenant)
      #expect(account.change == nil, "before call \(call)")
      #expect(account.subscription(id)?.snapshot == world.gateway.snapshot(of: id), "before call \(call)")
      guard gateway.hasInterleaved else { break }
    }
    #expect(late > 0)
  }

  @Test("the same change, asked for again when the first one stands still, happens once")
  func sameChange() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let gateway = InterleavingGateway(world.gateway, beforeCall: 2) {
      world.gateway.advance(by: ChangeIntent.settlingTime)
      try? await Self.moveToTeam(world)
    }
    await #expect(throws: BillingError.contended) { try await Self.moveToTeam(world, over: gateway) }
    #expect(try Self.items(world, id) == Self.team)
    #expect(world.gateway.takeEvents().count { $0.type == "customer.subscription.updated" } == 1)
  }

  @Test("what reconciliation forgot is not done later")
  func reconciled() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let before = try Self.items(world, id)
    let gateway = InterleavingGateway(world.gateway, beforeCall: 2) {
      world.gateway.advance(by: ChangeIntent.settlingTime)
      _ = try? await world.reconciler.run(at: world.now)
    }
    await #expect(throws: BillingError.contended) { try await Self.moveToTeam(world, over: gateway) }
    #expect(try await world.store.account(for: world.tenant).change == nil)
    #expect(try Self.items(world, id) == before)
  }

  @Test("while the provider cannot be asked to forget a change, no other is begun")
  func unreachable() async throws {
    for fault in [FakeGatewayFault.before(Self.down), .lostAnswer()] {
      let world = try await BillingWorld()
      let id = try await world.buy(.pro)
      let gateway = InterleavingGateway(world.gateway, beforeCall: 2) {
        world.gateway.advance(by: ChangeIntent.settlingTime)
        world.gateway.fail(.updateSubscription, fault)
        await #expect(throws: BillingError.gateway(fault.error)) { try await Self.moveToYearly(world) }
        await #expect(throws: Never.self) { try await Self.moveToYearly(world) }
      }
      await #expect(throws: BillingError.contended) { try await Self.moveToTeam(world, over: gateway) }
      #expect(try Self.items(world, id) == Self.yearly)
    }
  }

  @Test("a change of a subscription that has ended meanwhile stands in the way of none of the next one's")
  func nextSubscription() async throws {
    let world = try await BillingWorld()
    let first = try await world.buy(.pro)
    world.gateway.fail(.updateSubscription, .lostAnswer())
    await #expect(throws: BillingError.self) { try await Self.moveToTeam(world) }
    world.gateway.end(first)
    await world.deliverAll()
    let second = try await world.buy(.pro)
    try await Self.moveToYearly(world)
    #expect(try Self.items(world, second) == Self.yearly)
  }
}
