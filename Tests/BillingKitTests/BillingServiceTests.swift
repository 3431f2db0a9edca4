import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Billing service")
struct BillingServiceTests {
  private static let down = GatewayError(.unavailable, "down")

  @Test("a checkout, its webhooks and the buyer's return come in any order", arguments: [true, false])
  func checkout(returnsFirst: Bool) async throws {
    let world = try await BillingWorld()
    let billing = world.billing()
    let session = try await billing.checkout(
      .team, seats: 5, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    #expect(session.url != nil)
    #expect(try await world.entitlements().plan.id == .free)
    // The buyer looks back before paying.
    let early = try await billing.completeCheckout(session.id, for: world.tenant, as: world.owner, at: world.now)
    #expect(early.plan.id == .free)
    world.gateway.completeCheckout(session.id)
    if !returnsFirst { await world.deliverAll() }
    let returned = try await billing.completeCheckout(session.id, for: world.tenant, as: world.owner, at: world.now)
    #expect(returned.plan.id == .team)
    #expect(returned.seats == 5)
    if returnsFirst { await world.deliverAll() }
    let entitlements = try await world.entitlements()
    #expect(entitlements.plan.id == .team)
    #expect(entitlements.seats == 5)
    #expect(entitlements.warnings.isEmpty)
    #expect(try await world.events().count { $0.kind == "billing.plan.changed" } == 1)
    let snapshot = try #require(try await world.store.account(for: world.tenant).currentSubscription?.snapshot)
    let quantities = Dictionary(uniqueKeysWithValues: snapshot.items.map { ($0.priceID.rawValue, $0.quantity) })
    #expect(quantities == ["price_team_m": 1, "price_seat_m": 5, "price_runs_m": nil])
    #expect(snapshot.metadata["orgId"] == world.tenant.organizationID.rawValue)
  }

  @Test("first checkouts at once make one customer and one session")
  func concurrentCheckouts() async throws {
    let world = try await BillingWorld()
    let sessions = try await withThrowingTaskGroup(of: CheckoutSession.self) { group in
      for _ in 0..<20 {
        group.addTask {
          try await world.billing().checkout(
            .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
        }
      }
      return try await group.reduce(into: [CheckoutSession]()) { $0.append($1) }
    }
    #expect(Set(sessions.map(\.id)).count == 1)
    #expect(world.gateway.customerIDs.count == 1)
    let account = try await world.store.account(for: world.tenant)
    #expect(account.customer?.id == world.gateway.customerIDs.first)
  }

  @Test("an answer lost at any call of a checkout is made up for by trying again")
  func lostAnswers() async throws {
    for call in FakeGatewayCall.allCases {
      for fault in [FakeGatewayFault.lostAnswer(), .before(Self.down)] {
        let world = try await BillingWorld()
        world.gateway.fail(call, fault)
        var session: CheckoutSession?
        for _ in 0..<2 where session == nil {
          session = try? await world.billing().checkout(
            .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
        }
        #expect(session?.status == .open, "\(call)")
        #expect(world.gateway.customerIDs.count == 1, "\(call)")
        let customer = try #require(world.gateway.customerIDs.first)
        #expect(try await world.gateway.openCheckoutSessions(of: customer).count == 1, "\(call)")
      }
    }
  }

  @Test("a store that stops at any step of a checkout is made up for by trying again")
  func storeFailures() async throws {
    var steps = 0
    while true {
      let world = try await BillingWorld()
      let flaky = FlakyBillingStore(world.store, failingAfter: steps)
      var session: CheckoutSession?
      for _ in 0..<2 where session == nil {
        session = try? await world.billing(over: flaky).checkout(
          .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
      }
      let customer = try #require(world.gateway.customerIDs.first)
      #expect(world.gateway.customerIDs.count == 1, "after \(steps) steps")
      let open = try await world.gateway.openCheckoutSessions(of: customer)
      #expect(open.map(\.id) == [session?.id], "after \(steps) steps")
      guard flaky.hasFailed else { break }
      steps += 1
    }
    #expect(steps > 10)
  }

  @Test("a customer older than the key's memory is found, not made again")
  func forgottenKey() async throws {
    let world = try await BillingWorld()
    world.gateway.fail(.createCustomer, .lostAnswer())
    await #expect(throws: BillingError.self) {
      try await world.billing().checkout(
        .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    }
    world.gateway.advance(by: .days(3))
    _ = try await world.billing().checkout(
      .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    #expect(world.gateway.customerIDs.count == 1)
  }

  @Test("a refused customer is forgotten, and corrected contact data is asked for under another key")
  func refusedCustomer() async throws {
    let world = try await BillingWorld()
    func checkout(_ email: String) async throws {
      _ = try await world.billing().checkout(
        .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls,
        contact: CustomerContact(email: email), at: world.now)
    }
    let refusal = GatewayError(.refused, "Invalid email address", parameter: "email")
    world.gateway.fail(.createCustomer, .before(refusal))
    await #expect(throws: BillingError.gateway(refusal)) { try await checkout("owner@") }
    #expect(try await world.store.account(for: world.tenant).pendingCustomer == nil)
    // What the provider may have done is asked for again as it was, until it says that it refuses it.
    world.gateway.fail(.createCustomer, .before(Self.down))
    await #expect(throws: BillingError.gateway(Self.down)) { try await checkout("owner@example") }
    #expect(try await world.store.account(for: world.tenant).pendingCustomer?.email == "owner@example")
    world.gateway.fail(.createCustomer, .before(refusal))
    try await checkout("owner@example.com")
    let account = try await world.store.account(for: world.tenant)
    #expect(account.pendingCustomer == nil)
    #expect(account.customerAttempts == 3)
    #expect(world.gateway.customerIDs.count == 1)
  }

  @Test("an open session for the same offer is given again, one for another is expired")
  func sessions() async throws {
    let world = try await BillingWorld()
    func checkout(_ plan: PlanID, seats: Int64? = nil) async throws -> CheckoutSession {
      try await world.billing().checkout(
        plan, seats: seats, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    }
    let first = try await checkout(.pro)
    world.gateway.advance(by: .hours(1))
    #expect(try await checkout(.pro).id == first.id)
    let second = try await checkout(.team, seats: 3)
    #expect(second.id != first.id)
    #expect(try await world.gateway.checkoutSession(first.id).value.status == .expired)
    let third = try await checkout(.team, seats: 4)
    #expect(try await world.gateway.checkoutSession(second.id).value.status == .expired)
    world.gateway.advance(by: .days(2))
    let fourth = try await checkout(.team, seats: 4)
    #expect(fourth.id != third.id)
    let customer = try #require(world.gateway.customerIDs.first)
    #expect(try await world.gateway.openCheckoutSessions(of: customer).map(\.id) == [fourth.id])
  }

  @Test("a subscription refuses a second, also where its webhooks are not here yet")
  func secondSubscription() async throws {
    let world = try await BillingWorld()
    let session = try await world.billing().checkout(
      .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    let id = try #require(world.gateway.completeCheckout(session.id))
    for plan in [PlanID.pro, .team] {
      await #expect(throws: BillingError.alreadySubscribed(id)) {
        try await world.billing().checkout(
          plan, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
      }
    }
    #expect(try await world.entitlements().plan.id == .pro)
  }

  @Test("a trial is for those who never subscribed")
  func trials() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    #expect(world.gateway.snapshot(of: id)?.status == .trialing)
    try await world.billing().cancelNow(for: world.tenant, as: world.owner, at: world.now)
    world.gateway.advance(by: .days(1))
    let second = try await world.buy(.pro)
    #expect(world.gateway.snapshot(of: second)?.status == .active)
  }

  @Test("a deleted customer ends the link, and the next checkout makes a new one", arguments: [true, false])
  func deletedCustomer(isTold: Bool) async throws {
    let world = try await BillingWorld()
    try await world.buy(.pro)
    let customer = try #require(world.gateway.customerIDs.first)
    world.gateway.deleteCustomer(customer)
    if isTold {
      await world.deliverAll()
      #expect(try await world.entitlements().plan.id == .free)
      await #expect(throws: BillingError.noCustomer) {
        try await world.billing().portal(for: world.tenant, as: world.owner, returningTo: "https://a", at: world.now)
      }
    } else {
      // The subscription is live as far as is known; reconciliation sees that it is not.
      try await world.reconciler.run(at: world.now)
    }
    _ = try await world.buy(.team, seats: 2)
    #expect(world.gateway.customerIDs.count == 2)
    #expect(try await world.entitlements().plan.id == .team)
    await world.deliverAll()
    #expect(try await world.entitlements().plan.id == .team)
  }

  @Test("a session of another organisation's customer is refused")
  func foreignSession() async throws {
    let world = try await BillingWorld()
    let session = try await world.billing().checkout(
      .pro, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
    world.gateway.completeCheckout(session.id)
    let other = try await world.tenants.context("other")
    let owner = try world.tenants.member("owner", of: other)
    await #expect(throws: BillingError.foreignSession(session.id)) {
      try await world.billing().completeCheckout(session.id, for: other, as: owner, at: world.now)
    }
    #expect(try await world.billing().entitlements(for: other, at: world.now).plan.id == .free)
  }

  // MARK: Who may

  @Test("only the owner and the billing admin act, and nobody of another organisation")
  func access() async throws {
    let world = try await BillingWorld()
    let (tenant, billing, now) = (world.tenant, world.billing(), world.now)
    let admin = try world.tenants.member("admin", of: tenant, as: .admin)
    let member = try world.tenants.member("member", of: tenant, as: .member)
    let stranger = try world.tenants.member("owner", of: try await world.tenants.context("other"))
    for actor in [admin, member] {
      await #expect(throws: BillingError.notBillingAdmin) {
        try await billing.checkout(.pro, for: tenant, as: actor, returningTo: BillingWorld.urls, at: now)
      }
    }
    await #expect(throws: BillingError.access(.roleTooLow(needed: [.owner]))) {
      try await billing.assignBillingAdmin(member.userID, for: tenant, as: admin, at: now)
    }
    let flaky = FlakyBillingStore(world.store, failingAfter: 0)
    let blind = world.billing(over: flaky)
    await #expect(throws: BillingError.access(.notAMember)) {
      try await blind.checkout(.pro, for: tenant, as: stranger, returningTo: BillingWorld.urls, at: now)
    }
    await #expect(throws: BillingError.access(.notAMember)) {
      try await blind.changeSeats(to: 3, for: tenant, as: stranger, at: now)
    }
    await #expect(throws: BillingError.access(.notAMember)) {
      try await blind.portal(for: tenant, as: stranger, returningTo: "https://a", at: now)
    }
    await #expect(throws: BillingError.access(.notAMember)) { try await blind.account(for: tenant, as: stranger) }
    #expect(!flaky.hasFailed)
    #expect(world.gateway.calls.isEmpty)

    try await billing.assignBillingAdmin(member.userID, for: tenant, as: world.owner, at: now)
    _ = try await billing.checkout(.pro, for: tenant, as: member, returningTo: BillingWorld.urls, at: now)
    #expect(try await billing.account(for: tenant, as: member).billingAdmin == member.userID)
    #expect(try await billing.account(for: tenant, as: admin).customer != nil)
  }

  @Test("what is not sold cannot be bought")
  func offers() async throws {
    let world = try await BillingWorld()
    func checkout(_ plan: PlanID, _ interval: BillingInterval = .month, seats: Int64? = nil) async throws {
      _ = try await world.billing().checkout(
        plan, every: interval, seats: seats, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls,
        at: world.now)
    }
    await #expect(throws: BillingError.unknownPlan(Sample.id("gold"))) { try await checkout(Sample.id("gold")) }
    await #expect(throws: BillingError.notForSale(.free, .month)) { try await checkout(.free) }
    await #expect(throws: BillingError.notForSale(.team, .year)) { try await checkout(.team, .year) }
    for seats in [1, 101, .min, .max] as [Int64] {
      await #expect(throws: BillingError.seatsOutOfRange(minimum: 2, maximum: 100)) {
        try await checkout(.team, seats: seats)
      }
    }
    #expect(world.gateway.calls.isEmpty)
  }

  // MARK: Changes

  @Test("seats and plan change, items that pay for the same thing keep their place, others come and go")
  func changes() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let base = try #require(world.gateway.snapshot(of: id)?.items.first?.id)
    func items() -> [String: Int64?] {
      Dictionary(
        uniqueKeysWithValues: (world.gateway.snapshot(of: id)?.items ?? []).map { ($0.priceID.rawValue, $0.quantity) })
    }
    let (billing, tenant, owner, now) = (world.billing(), world.tenant, world.owner, world.now)
    await #expect(throws: BillingError.noSeats(.pro)) {
      try await billing.changeSeats(to: 3, for: tenant, as: owner, at: now)
    }
    let team = try await billing.changePlan(to: .team, seats: 4, for: tenant, as: owner, at: now)
    #expect(team.plan.id == .team)
    #expect(team.seats == 4)
    #expect(items() == ["price_team_m": 1, "price_seat_m": 4, "price_runs_m": nil])
    #expect(world.gateway.snapshot(of: id)?.items.first?.id == base)
    #expect(try await billing.changeSeats(to: 9, for: tenant, as: owner, at: now).seats == 9)
    #expect(items() == ["price_team_m": 1, "price_seat_m": 9, "price_runs_m": nil])
    let before = world.gateway.keys.count
    #expect(try await billing.changeSeats(to: 9, for: tenant, as: owner, at: now).seats == 9)
    #expect(world.gateway.keys.count == before)
    let pro = try await billing.changePlan(to: .pro, every: .year, for: tenant, as: owner, at: now)
    #expect(pro.plan.id == .pro)
    #expect(items() == ["price_pro_y": 1])
    await world.deliverAll()
    #expect(try await world.entitlements().plan.id == .pro)
  }

  @Test("a subscription is cancelled with its period, kept after all, and ended at once")
  func cancelling() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let (billing, tenant, owner) = (world.billing(), world.tenant, world.owner)
    await #expect(throws: BillingError.notCancelling) {
      try await billing.keepSubscription(for: tenant, as: owner, at: world.now)
    }
    try await billing.cancelAtPeriodEnd(for: tenant, as: owner, at: world.now)
    #expect(world.gateway.snapshot(of: id)?.cancelAtPeriodEnd == true)
    let end = try await world.store.account(for: tenant).currentSubscription?.scheduledEnd
    #expect(end == world.gateway.snapshot(of: id)?.currentPeriod?.end)
    try await billing.keepSubscription(for: tenant, as: owner, at: world.now)
    #expect(world.gateway.snapshot(of: id)?.scheduledCancellation == nil)
    // On the portal's page only an instant is set.
    world.gateway.cancelInPortal(id)
    await world.deliverAll()
    #expect(try await world.store.account(for: tenant).currentSubscription?.scheduledEnd == end)
    try await billing.keepSubscription(for: tenant, as: owner, at: world.now)
    #expect(world.gateway.snapshot(of: id)?.scheduledCancellation == nil)
    let free = try await billing.cancelNow(for: tenant, as: owner, at: world.now)
    #expect(free.plan.id == .free)
    await #expect(throws: BillingError.noSubscription) {
      try await billing.cancelNow(for: tenant, as: owner, at: world.now)
    }
    await world.deliverAll()
    #expect(try await world.entitlements().plan.id == .free)
    let ends = try await world.events().compactMap { event -> Timestamp?? in
      if case .cancellationChanged(_, let end) = event { return .some(end) }
      return nil
    }
    #expect(ends == [end, nil, end, nil])
  }

  @Test("a change whose answer is lost can be asked for again")
  func lostChange() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.team, seats: 3)
    world.gateway.fail(.updateSubscription, .lostAnswer())
    await #expect(throws: BillingError.self) {
      try await world.billing().changeSeats(to: 7, for: world.tenant, as: world.owner, at: world.now)
    }
    #expect(try await world.billing().changeSeats(to: 7, for: world.tenant, as: world.owner, at: world.now).seats == 7)
    world.gateway.fail(.updateSubscription, .before(Self.down))
    await #expect(throws: BillingError.gateway(Self.down)) {
      try await world.billing().changeSeats(to: 8, for: world.tenant, as: world.owner, at: world.now)
    }
    #expect(world.gateway.snapshot(of: id)?.items.contains { $0.quantity == 8 } == false)
    #expect(try await world.billing().changeSeats(to: 8, for: world.tenant, as: world.owner, at: world.now).seats == 8)
  }

  @Test("a change whose outcome could not be read is stored as unsettled, until a read settles it")
  func unreadChange() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.team, seats: 3)
    let reads = Lock(0)
    world.gateway.setFaults { call in
      guard call == .subscription else { return nil }
      let count = reads.withLock { count in
        count += 1
        return count
      }
      return count == 2 ? .before(Self.down) : nil
    }
    try await world.billing().changeSeats(to: 7, for: world.tenant, as: world.owner, at: world.now)
    #expect(reads.withLock { $0 } == 2)
    #expect(try await world.store.account(for: world.tenant).unsettled == [id])
    // Nothing that the provider told arrives.
    _ = world.gateway.takeWebhooks()
    world.gateway.advance(by: .hours(1))
    try await world.reconciler.run(at: world.now)
    #expect(try await world.store.account(for: world.tenant).unsettled.isEmpty)
    #expect(try await world.entitlements().seats == 7)
  }

  @Test("of two paid subscriptions the admin sees both, and the catalogue says whether the later one ends")
  func duplicates() async throws {
    for rule in PlanCatalog.DuplicateRule.allCases {
      let catalog = try PlanCatalog(plans: Sample.catalog.plans, defaultPlan: .free, duplicates: rule)
      let world = try await BillingWorld(catalog: catalog)
      let first = try await world.buy(.team, seats: 2)
      let customer = try #require(world.gateway.customerIDs.first)
      world.gateway.advance(by: .days(1))
      let second = world.gateway.subscribe(customer, to: Sample.pro)
      await world.deliverAll()
      #expect(try await world.entitlements().warnings.contains(.duplicateSubscriptions([second, first])))
      #expect(try await world.events().count { $0.kind == "billing.subscription.duplicate" } == 1)
      let outcome = try await world.reconciler.run(at: world.now)
      #expect(outcome.cancelled == (rule == .cancelLater ? [second] : []))
      #expect(try await world.entitlements().plan.id == (rule == .cancelLater ? .team : .pro))
    }
  }

  // MARK: Grants

  @Test("a grant gives a greater plan, a feature and an allowance until it ends, and no webhook touches it")
  func grants() async throws {
    let world = try await BillingWorld()
    let operations = BillingOperator(world.billing())
    func grant(_ id: String, _ kind: Grant.Kind, days: Int64) -> Grant {
      Grant(
        id: Sample.id(id), kind: kind, reason: "a pilot", grantedBy: "ops", startsAt: world.now,
        endsAt: world.now + .days(days))
    }
    let end = world.now + .days(10)
    try await operations.grant(grant("plan", .plan(.team, seats: 6), days: 10), to: world.tenant, at: world.now)
    try await operations.grant(
      grant("more", .allowance(.runs, 1_000), days: 20), to: world.tenant, at: world.now)
    try await operations.grant(
      grant("domains", .feature(.customDomains, .number(50)), days: 5), to: world.tenant, at: world.now)
    let granted = try await world.entitlements()
    #expect(granted.plan.id == .team)
    #expect(granted.source == .grant(Sample.id("plan")))
    #expect(granted.feature(.customDomains) == .number(50))
    #expect(granted.limits(on: .runs).map(\.cap) == [2_700])
    try await world.buy(.pro)
    #expect(try await world.entitlements().plan.id == .team)
    #expect(try await world.billing().entitlements(for: world.tenant, at: end).plan.id == .pro)
    #expect(try await world.billing().entitlements(for: world.tenant, at: end).feature(.customDomains) == .number(1))
    try await operations.revoke(Sample.id("plan"), from: world.tenant, by: "ops", at: world.now)
    #expect(try await world.entitlements().plan.id == .pro)
  }
}
