import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Entitlements")
struct EntitlementTests {
  @Test(
    "each status gives its plan or the default one",
    arguments: [
      ("trialing", true), ("active", true), ("past_due", true), ("incomplete", false), ("incomplete_expired", false),
      ("unpaid", false), ("canceled", false), ("paused", false), ("never heard of", false),
    ])
  func statuses(status: String, isEntitled: Bool) throws {
    let period = Period(start: Sample.start, end: Sample.start + .days(30))
    let snapshot = SubscriptionSnapshot(
      id: Sample.id("sub"), customerID: Sample.id("cus"), status: ProviderStatus(providerText: status),
      items: [
        SubscriptionItem(id: Sample.id("si"), priceID: Sample.id("price_pro_old"), quantity: 1, currentPeriod: period)
      ], createdAt: Sample.start)
    var account = BillingAccount(owner: .customer(Sample.id("cus")))
    account.apply(
      ProviderEvent(
        id: Sample.id("evt"), createdAt: Sample.start, isLive: true, type: "customer.subscription.updated",
        payload: .subscription(snapshot, .updated)), catalog: Sample.catalog)
    let entitlements = Sample.rules.entitlements(of: account, at: Sample.start + .days(1))
    #expect(entitlements.plan.id == (isEntitled ? .pro : .free))
    #expect(entitlements.source == (isEntitled ? .subscription(snapshot.id) : .default))
  }

  @Test("past due keeps the plan for seven days from the start of the unpaid period")
  func grace() async throws {
    let world = try await BillingWorld()
    try await world.buy(.team, seats: 2)
    let customer = try #require(world.gateway.customerIDs.first)
    world.gateway.setPaymentWorks(false, for: customer)
    world.gateway.setCancelsAfterRetries(false)
    // A month from 31 January ends on 28 February.
    let renewal = Sample.at("2026-02-28T10:00:00Z")
    world.gateway.advance(to: renewal + .hours(2))
    await world.deliverAll()
    let billing = world.billing()
    func plan(_ instant: Timestamp) async throws -> PlanID {
      try await billing.entitlements(for: world.tenant, at: instant).plan.id
    }
    let end = renewal + .days(7)
    #expect(try await plan(end - .microseconds(1)) == .team)
    #expect(try await plan(end) == .free)
    #expect(try await world.entitlements().warnings.contains { if case .pastDue(_, end) = $0 { true } else { false } })
    // Later in the unpaid period there is no other grace.
    world.gateway.advance(to: Sample.at("2026-03-14T00:00:00Z"))
    await world.deliverAll()
    #expect(try await plan(world.now) == .free)
    world.gateway.setPaymentWorks(true, for: customer)
    world.gateway.payOpenInvoices(
      of: try #require(try await world.store.account(for: world.tenant).currentSubscription?.id))
    await world.deliverAll()
    #expect(try await plan(world.now) == .team)
  }

  @Test("a failure within a period gives seven days from the first failure, and never past the period's end")
  func graceWithinPeriod() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.team, seats: 2)
    let customer = try #require(world.gateway.customerIDs.first)
    for (day, grace) in [(10, 17), (24, 28)] as [(Int64, Int64)] {
      let world = try await BillingWorld()
      try await world.buy(.team, seats: 2)
      let customer = try #require(world.gateway.customerIDs.first)
      world.gateway.advance(by: .days(day))
      world.gateway.setPaymentWorks(false, for: customer)
      try await world.billing().changeSeats(to: 5, for: world.tenant, as: world.owner, proration: .now, at: world.now)
      await world.deliverAll()
      let end = Sample.start + .days(grace)
      let billing = world.billing()
      #expect(try await billing.entitlements(for: world.tenant, at: end - .seconds(1)).plan.id == .team)
      #expect(try await billing.entitlements(for: world.tenant, at: end).plan.id == .free)
    }
    _ = (id, customer)
  }

  @Test("who never pays has one grace, and an invoice that was voided or paid unheard of takes none away")
  func graceAfterBygoneInvoice() throws {
    let month = Duration.days(30)
    let start = Sample.start + month + month
    let current = Period(start: start, end: start + month)
    let snapshot = SubscriptionSnapshot(
      id: Sample.id("sub"), customerID: Sample.id("cus"), status: .pastDue,
      items: [
        SubscriptionItem(id: Sample.id("si"), priceID: Sample.id("price_pro_m"), quantity: 1, currentPeriod: current)
      ], createdAt: Sample.start)
    func failure(_ name: String, _ reason: String, of period: Period?, at instant: Timestamp) -> ProviderEvent {
      let invoice = InvoiceSnapshot(
        id: Sample.id("in_\(name)"), customerID: snapshot.customerID, subscriptionID: snapshot.id,
        billingReason: reason, createdAt: instant, linePeriod: period)
      return ProviderEvent(
        id: Sample.id("evt_\(name)"), createdAt: instant, isLive: false, type: "invoice.payment_failed",
        payload: .invoice(invoice, .paymentFailed))
    }
    let renewal = failure("now", "subscription_cycle", of: current, at: start + .hours(1))
    let told = ProviderEvent(
      id: Sample.id("evt_sub"), createdAt: start + .hours(1), isLive: false, type: "customer.subscription.updated",
      payload: .subscription(snapshot, .updated))
    let before = Period(start: start - month, end: start)
    var bygone = [
      failure("voided", "subscription_cycle", of: before, at: before?.start ?? start),
      failure("change", "subscription_update", of: before, at: start - .days(3)),
    ]
    // Who never paid has no other grace in the next period.
    for (events, unpaidSince) in [
      (bygone + [told, renewal], start - month), ([renewal, told] + bygone, start - month),
      ([bygone[1], told, renewal], start - .days(3)),
    ] {
      var account = BillingAccount(owner: .customer(snapshot.customerID))
      for event in events { account.apply(event, catalog: Sample.catalog) }
      let record = try #require(account.subscription(snapshot.id))
      #expect(EntitlementPolicy().graceEnd(of: record) == unpaidSince + .days(7))
      #expect(!EntitlementPolicy(pastDueGrace: .days(2)).isEntitled(record, at: start + .hours(1)))
    }
    // Who was active in between has paid, or need not.
    var active = snapshot
    active.status = .active
    bygone.append(
      ProviderEvent(
        id: Sample.id("evt_active"), createdAt: start - .days(1), isLive: false, type: "customer.subscription.updated",
        payload: .subscription(active, .updated)))
    for events in [bygone + [told, renewal], [renewal, told] + bygone, bygone + [told]] {
      var account = BillingAccount(owner: .customer(snapshot.customerID))
      for event in events { account.apply(event, catalog: Sample.catalog) }
      let record = try #require(account.subscription(snapshot.id))
      #expect(EntitlementPolicy().graceEnd(of: record) == start + .days(7))
    }
    // What failed within the current period still counts.
    var account = BillingAccount(owner: .customer(snapshot.customerID))
    let change = failure("early", "subscription_update", of: current, at: start)
    for event in bygone + [told, renewal, change] { account.apply(event, catalog: Sample.catalog) }
    let record = try #require(account.subscription(snapshot.id))
    #expect(EntitlementPolicy().graceEnd(of: record) == start + .days(7))
    #expect(EntitlementPolicy(pastDueGrace: .days(40)).graceEnd(of: record) == current?.end)
  }

  @Test("a price that nobody knows leaves the plan as it was and is shown")
  func unresolvedPrice() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    let event = try #require(world.gateway.snapshot(of: id))
    var snapshot = event
    snapshot.items[0].priceID = Sample.id("price_custom")
    world.gateway.advance(by: .days(1))
    let told = ProviderEvent(
      id: Sample.id("evt_custom"), createdAt: world.now, isLive: false, type: "customer.subscription.updated",
      payload: .subscription(snapshot, .updated))
    var account = try await world.store.account(for: world.tenant)
    account.apply(told, catalog: Sample.catalog)
    let entitlements = Sample.rules.entitlements(of: account, at: world.now)
    #expect(entitlements.plan.id == .pro)
    #expect(entitlements.warnings.contains(.unresolvedPrices(id, [Sample.id("price_custom")])))
    let events = Sample.rules.events(
      from: try await world.store.account(for: world.tenant), to: account, cause: .reconciliation, at: world.now)
    #expect(events.contains(.unresolvedPrices(id, [Sample.id("price_custom")])))
  }

  @Test("a status that nobody knows downgrades nobody")
  func unknownStatus() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.pro)
    world.gateway.advance(by: .days(1))
    world.gateway.setUnknownStatus("hibernating", id)
    await world.deliverAll()
    let entitlements = try await world.entitlements()
    #expect(entitlements.plan.id == .pro)
    #expect(entitlements.posture == .active)
    #expect(entitlements.warnings.contains(.unknownStatus(id, "hibernating")))
  }

  @Test("a yearly price gives a month's runs, anchored at its start with the day clamped")
  func yearlyWindows() async throws {
    let world = try await BillingWorld()
    try await world.buy(.pro, every: .year)
    let billing = world.billing()
    let start = Sample.start + .days(14)
    for (instant, first, end) in [
      ("2026-03-01T00:00:00Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
      ("2026-03-31T09:59:59Z", "2026-02-28T10:00:00Z", "2026-03-31T10:00:00Z"),
      ("2026-03-31T10:00:00Z", "2026-03-31T10:00:00Z", "2026-04-30T10:00:00Z"),
    ] {
      let entitlements = try await billing.entitlements(for: world.tenant, at: Sample.at(instant))
      let runs = try #require(entitlements.limits(on: .runs).first)
      #expect(runs.period == Period(start: Sample.at(first), end: Sample.at(end)))
      #expect(runs.cap == 500)
    }
    world.gateway.advance(to: start + .days(1))
    await world.deliverAll()
    let year = try await world.entitlements().billingPeriod
    #expect(year == Period(start: start, end: Sample.at("2027-02-14T10:00:00Z")))
  }
}
