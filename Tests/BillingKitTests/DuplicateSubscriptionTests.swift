import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Duplicate subscriptions and customers")
struct DuplicateSubscriptionTests {
  /// Of two paid subscriptions the later one ends; of these the first is known, and the second is not.
  private static func world() async throws -> (BillingWorld, first: SubscriptionID, second: SubscriptionID) {
    let catalog = try PlanCatalog(plans: Sample.catalog.plans, defaultPlan: .free, duplicates: .cancelLater)
    let world = try await BillingWorld(catalog: catalog)
    let first = try await world.buy(.team, seats: 2)
    let customer = try #require(world.gateway.customerIDs.first)
    world.gateway.advance(by: .days(1))
    return (world, first, world.gateway.subscribe(customer, to: Sample.pro))
  }

  @Test("a duplicate is not ended where the other one has ended and nobody told")
  func onlyLive() async throws {
    let (world, first, second) = try await Self.world()
    world.gateway.end(first)
    _ = world.gateway.takeWebhooks()
    let outcome = try await world.reconciler.run(at: world.now)
    #expect(outcome.cancelled.isEmpty)
    #expect(world.gateway.snapshot(of: second)?.status == .active)
    #expect(try await world.entitlements().plan.id == .pro)
  }

  @Test("a duplicate is not ended where the other one is to end, or owes, and nobody told")
  func endingOrOwing() async throws {
    for isEnding in [true, false] {
      let (world, first, second) = try await Self.world()
      if isEnding {
        world.gateway.cancelInPortal(first)
      } else {
        world.gateway.setPaused(true, first)
      }
      _ = world.gateway.takeWebhooks()
      #expect(try await world.reconciler.run(at: world.now).cancelled.isEmpty)
      #expect(world.gateway.snapshot(of: second)?.status == .active)
    }
  }

  @Test("a duplicate whose end is refused is not listed as ended")
  func refusedEnd() async throws {
    let (world, _, second) = try await Self.world()
    world.gateway.setFaults { call in
      call == .cancelSubscription ? .before(GatewayError(.refused, "no")) : nil
    }
    #expect(try await world.reconciler.run(at: world.now).cancelled.isEmpty)
    #expect(world.gateway.snapshot(of: second)?.status == .active)
    world.gateway.setFaults(nil)
    #expect(try await world.reconciler.run(at: world.now).cancelled == [second])
    #expect(world.gateway.snapshot(of: second)?.status == .canceled)
  }

  @Test("an operator links no second customer while the first is not deleted")
  func secondCustomer() async throws {
    let world = try await BillingWorld()
    let first = try await world.linkedCustomer()
    let second = try await world.gateway.createCustomer(
      NewCustomer(organizationID: world.tenant.organizationID, installation: world.installation),
      key: Sample.id("another")
    ).id
    let operations = BillingOperator(world.billing())
    try await operations.link(first, to: world.tenant, by: "ops", at: world.now)
    await #expect(throws: BillingError.alreadyLinked(first)) {
      try await operations.link(second, to: world.tenant, by: "ops", at: world.now)
    }
    #expect(try await world.store.account(for: world.tenant).customers.map(\.id) == [first])
    world.gateway.deleteCustomer(first)
    await world.deliverAll()
    try await operations.link(second, to: world.tenant, by: "ops", at: world.now)
    #expect(try await world.store.account(for: world.tenant).customer?.id == second)
  }
}
