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

  @Test(
    "a contract sold by hand is nobody's duplicate, and no member's change or end touches it", arguments: [true, false])
  func contract(beganLater: Bool) async throws {
    let json = Sample.json.replacing(
      #"{ "id": "price_pro_old","#,
      with:
        #"{ "id": "price_support", "role": "base", "interval": "month", "retired": true }, { "id": "price_pro_old","#)
    // The provider has a price that the service's catalogue does not.
    let world = try await BillingWorld(catalog: PlanCatalog(json: Array(json.utf8)))
    let rules = EntitlementRules(
      catalog: try PlanCatalog(plans: Sample.catalog.plans, defaultPlan: .free, duplicates: .cancelLater))
    let billing = BillingService(
      store: world.store, gateway: world.gateway, rules: rules, installation: world.installation)
    let reconciler = SubscriptionReconciler(store: world.store, gateway: world.gateway, rules: rules)
    let customer = try await world.linkedCustomer()
    func sell(_ lines: [CheckoutLine]) -> SubscriptionID {
      defer { world.gateway.advance(by: .days(1)) }
      return world.gateway.subscribe(customer, to: lines)
    }
    let support = [CheckoutLine(priceID: Sample.id("price_support"), quantity: 1)]
    let earlier = sell(beganLater ? Sample.team(seats: 2) : support)
    let later = sell(beganLater ? support : Sample.team(seats: 2))
    let (plan, contract) = beganLater ? (earlier, later) : (later, earlier)
    let sold = world.gateway.snapshot(of: contract)
    #expect(try await reconciler.run(at: world.now).cancelled.isEmpty)
    let account = try await world.store.account(for: world.tenant)
    #expect(Set(account.payingSubscriptions.map(\.id)) == [plan, contract])

    try await billing.changeSeats(to: 5, for: world.tenant, as: world.owner, at: world.now)
    #expect(try await billing.entitlements(for: world.tenant, at: world.now).seats == 5)
    try await billing.cancelNow(for: world.tenant, as: world.owner, at: world.now)
    #expect(world.gateway.snapshot(of: plan)?.status == .canceled)
    // A second click finds nothing of ours to end.
    await #expect(throws: BillingError.unresolvedPrices([Sample.id("price_support")])) {
      try await billing.cancelNow(for: world.tenant, as: world.owner, at: world.now)
    }
    await #expect(throws: BillingError.unresolvedPrices([Sample.id("price_support")])) {
      try await billing.cancelAtPeriodEnd(for: world.tenant, as: world.owner, at: world.now)
    }
    #expect(world.gateway.snapshot(of: contract) == sold)
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
