import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Which subscription serves")
struct ServingSubscriptionTests {
  private let day = Sample.start + .days(10)
  private let customer: CustomerID = Sample.id("cus")

  /// An event that tells a subscription with its items' prices and quantities.
  private func told(
    _ id: String, _ lines: [(price: String, quantity: Int64?)], status: ProviderStatus = .active, day: Int64 = 0,
    startedOn: Int64 = 0
  ) -> ProviderEvent {
    let period = Period(start: Sample.start, end: Sample.start + .days(30))
    let snapshot = SubscriptionSnapshot(
      id: Sample.id(id), customerID: customer, status: status,
      items: lines.map { line in
        SubscriptionItem(
          id: Sample.id("si_\(id)_\(line.price)"), priceID: Sample.id(line.price), quantity: line.quantity,
          currentPeriod: period)
      }, createdAt: Sample.start + .days(startedOn))
    return ProviderEvent(
      id: Sample.id("evt_\(id)_\(day)"), createdAt: Sample.start + .days(day), isLive: false,
      type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
  }

  private func account(_ events: [ProviderEvent]) -> BillingAccount {
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    return account
  }

  private func entitlements(_ events: [ProviderEvent]) -> Entitlements {
    Sample.rules.entitlements(of: account(events), at: day)
  }

  @Test("a later subscription whose price nobody knows takes no plan away, and is shown")
  func supportContract() {
    let events = [
      told("sub_pro", [("price_pro_m", 1)]),
      told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
    ]
    for order in [events, events.reversed()] {
      let entitlements = entitlements(order)
      #expect(entitlements.plan.id == .pro)
      #expect(entitlements.source == .subscription(Sample.id("sub_pro")))
      #expect(
        entitlements.warnings.contains(.unresolvedPrices(Sample.id("sub_support"), [Sample.id("price_support")])))
      #expect(entitlements.warnings.contains { if case .duplicateSubscriptions = $0 { true } else { false } })
    }
  }

  @Test("what has no plan neither serves, nor is changed, nor makes the periods, whatever the plan's status is")
  func oneRule() {
    for status in [ProviderStatus.active, .pastDue, .unpaid, .paused] {
      let events = [
        told("sub_pro", [("price_pro_m", 1)], status: status),
        told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
      ]
      for order in [events, events.reversed()] {
        let account = account(order)
        let pro: SubscriptionID = Sample.id("sub_pro")
        #expect(account.currentSubscription?.id == pro, "\(status)")
        #expect(account.liveSubscription?.id == pro, "\(status)")
        #expect(PeriodTimeline(account).subscription(at: day) == pro, "\(status)")
        let entitlements = Sample.rules.entitlements(of: account, at: Sample.start + .days(6))
        #expect(entitlements.posture == status.posture)
        #expect(entitlements.plan.id == (status == .active || status == .pastDue ? .pro : .free))
        #expect(
          entitlements.warnings.contains(.unresolvedPrices(Sample.id("sub_support"), [Sample.id("price_support")])))
      }
    }
    // One whose first payment is awaited, or that ended, is no reason to look past a live one.
    for status in [ProviderStatus.incomplete, .canceled] {
      let account = account([
        told("sub_pro", [("price_pro_m", 1)], status: status),
        told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
      ])
      #expect(account.currentSubscription?.id == Sample.id("sub_support"))
    }
  }

  @Test("every subscription that is not over tells what somebody should look at, wherever it ranks")
  func warnings() {
    let entitlements = entitlements([
      told("sub_pro", [("price_pro_m", 1)]),
      told("sub_a", [("price_a", 1)], status: .paused, startedOn: 1),
      told("sub_b", [("price_b", 1)], status: .pastDue, startedOn: 2),
      told("sub_c", [("price_c", 1)], status: .canceled, startedOn: 3),
      told("sub_d", [("price_pro_m", 1)], status: .unknown("hibernating"), startedOn: 4),
    ])
    for name in ["a", "b"] {
      #expect(
        entitlements.warnings.contains(.unresolvedPrices(Sample.id("sub_\(name)"), [Sample.id("price_\(name)")])))
    }
    #expect(entitlements.warnings.count { if case .unresolvedPrices = $0 { true } else { false } } == 2)
    #expect(entitlements.warnings.contains(.unknownStatus(Sample.id("sub_d"), "hibernating")))
    #expect(entitlements.warnings.contains { if case .pastDue = $0 { true } else { false } })
  }

  @Test("a price that the catalogue came to know makes a subscription serve, once the account is looked at")
  func mappedLater() async throws {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    world.gateway.subscribe(customer, to: Sample.team(seats: 3))
    let before = try PlanCatalog(plans: Sample.catalog.plans.filter { $0.id != .team }, defaultPlan: .free)
    let webhooks = WebhookProcessor(
      verifier: world.gateway, scope: WebhookScope(isLive: false), store: world.store, gateway: world.gateway,
      rules: EntitlementRules(catalog: before))
    for event in world.gateway.takeEvents() { _ = await webhooks.process(event, at: world.now) }
    world.gateway.advance(by: .days(1))
    let pro = world.gateway.subscribe(customer, to: Sample.pro)
    for event in world.gateway.takeEvents() { _ = await webhooks.process(event, at: world.now) }
    #expect(try await world.store.account(for: world.tenant).currentSubscription?.id == pro)
    world.gateway.end(pro)
    for event in world.gateway.takeEvents() { _ = await webhooks.process(event, at: world.now) }
    await #expect(throws: BillingError.self) {
      try await BillingService(
        store: world.store, gateway: world.gateway, rules: EntitlementRules(catalog: before),
        installation: world.installation
      ).cancelNow(for: world.tenant, as: world.owner, at: world.now)
    }
    // The operator maps the prices; nothing happens at the provider.
    try await world.reconciler.run(at: world.now)
    #expect(try await world.entitlements().plan.id == .team)
    #expect(try await world.entitlements().seats == 3)
    try await world.billing().cancelNow(for: world.tenant, as: world.owner, at: world.now)
    #expect(try await world.entitlements().plan.id == .free)
  }

  @Test("a live plan comes before the plan of a subscription that ended")
  func liveBeforeEnded() {
    let entitlements = entitlements([
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)]),
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)], status: .canceled, day: 1),
      told("sub_pro", [("price_pro_m", 1)], day: 2, startedOn: 2),
      told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
    ])
    #expect(entitlements.plan.id == .pro)
  }

  @Test("where no live subscription ever had a plan, the one before leaves its plan and seats")
  func asItWas() {
    let entitlements = entitlements([
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)]),
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)], status: .canceled, day: 1),
      told("sub_new", [("price_custom", 1)], day: 2, startedOn: 2),
    ])
    #expect(entitlements.plan.id == .team)
    #expect(entitlements.seats == 9)
    #expect(entitlements.source == .subscription(Sample.id("sub_new")))
  }

  @Test(
    "seats whose price nobody knows stay as they were, and are shown",
    arguments: [
      [(price: "price_team_m", quantity: 1), (price: "price_seats_new", quantity: 25)],
      [(price: "price_team_new", quantity: 1), (price: "price_seats_new", quantity: 25)],
    ] as [[(price: String, quantity: Int64?)]])
  func unknownSeats(lines: [(price: String, quantity: Int64?)]) {
    let events = [
      told("sub", [("price_team_m", 1), ("price_seat_m", 20)]), told("sub", lines, day: 3),
    ]
    for order in [events, events.reversed()] {
      let entitlements = entitlements(order)
      #expect(entitlements.plan.id == .team)
      #expect(entitlements.seats == 20)
      #expect(entitlements.warnings.contains { if case .unresolvedPrices = $0 { true } else { false } })
    }
    // What is told whole counts again, also where it is less.
    let fewer = entitlements(events + [told("sub", [("price_team_m", 1), ("price_seat_m", 4)], day: 4)])
    #expect(fewer.seats == 4)
    // Beside a price that nobody knows, seats that are told count.
    let beside = entitlements(
      events + [told("sub", [("price_team_m", 1), ("price_seat_m", 4), ("price_support", 1)], day: 4)])
    #expect(beside.seats == 4)
  }
}
