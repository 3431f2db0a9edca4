import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Stores' transactions and the provider")
struct TransactionTests {
  @Test("no call to the provider is made while a call to the store is under way")
  func apart() async throws {
    let world = try await BillingWorld()
    let store = FlakyBillingStore(world.store)
    let calls = Lock(Set<FakeGatewayCall>())
    world.gateway.setFaults { call in
      calls.withLock { _ = $0.insert(call) }
      if store.isInTransaction { Issue.record("\(call) within a transaction") }
      return nil
    }
    let (billing, webhooks) = (world.billing(over: store), world.webhooks(over: store))
    let (tenant, owner) = (world.tenant, world.owner)
    let reconciler = SubscriptionReconciler(store: store, gateway: world.gateway, rules: world.rules)
    func deliver() async {
      for event in world.gateway.takeEvents() {
        #expect(await webhooks.process(event, at: world.now).httpStatus == 200)
      }
    }
    for plan in [PlanID.pro, .team, .pro] {
      _ = try await billing.checkout(plan, for: tenant, as: owner, returningTo: BillingWorld.urls, at: world.now)
    }
    let session = try await billing.checkout(
      .team, seats: 2, for: tenant, as: owner, returningTo: BillingWorld.urls, at: world.now)
    world.gateway.completeCheckout(session.id)
    try await billing.completeCheckout(session.id, for: tenant, as: owner, at: world.now)
    await deliver()
    try await billing.changeSeats(to: 4, for: tenant, as: owner, at: world.now)
    try await billing.changePlan(to: .pro, for: tenant, as: owner, at: world.now)
    try await billing.cancelAtPeriodEnd(for: tenant, as: owner, at: world.now)
    try await billing.keepSubscription(for: tenant, as: owner, at: world.now)
    world.gateway.fail(.updateSubscription, .lostAnswer())
    await #expect(throws: BillingError.self) {
      try await billing.changePlan(to: .team, seats: 2, for: tenant, as: owner, at: world.now)
    }
    world.gateway.advance(by: ChangeIntent.settlingTime)
    try await reconciler.run(at: world.now)
    try await billing.cancelNow(for: tenant, as: owner, at: world.now)
    await deliver()
    _ = try await billing.portal(for: tenant, as: owner, returningTo: "https://app.example", at: world.now)
    let customer = try #require(world.gateway.customerIDs.first)
    world.gateway.deleteCustomer(customer)
    await deliver()
    _ = try await billing.checkout(.pro, for: tenant, as: owner, returningTo: BillingWorld.urls, at: world.now)
    try await reconciler.run(for: tenant, at: world.now)
    // Every call of the port but usage reports was made.
    let usage: Set<FakeGatewayCall> = [.report, .reportedSum, .meterErrors]
    #expect(calls.withLock { $0 } == Set(FakeGatewayCall.allCases).subtracting(usage))
  }
}
