import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("What was metered when, over many changes")
struct MeteringHistoryTests {
  /// A subscription as the provider tells it over and over: its items as they were from each instant on.
  private struct History {
    let snapshot: SubscriptionSnapshot
    private(set) var events: [ProviderEvent] = []

    init(of snapshot: SubscriptionSnapshot) { self.snapshot = snapshot }

    private func item(_ id: String, _ price: String, _ quantity: Int64?) -> SubscriptionItem {
      SubscriptionItem(
        id: Sample.id(id), priceID: Sample.id(price), quantity: quantity,
        usageType: quantity == nil ? .metered : .licensed,
        currentPeriod: snapshot.currentPeriod)
    }

    private mutating func tell(_ items: [SubscriptionItem], at instant: Timestamp) {
      var told = snapshot
      told.items = items
      events.append(
        ProviderEvent(
          id: Sample.id("evt_history_\(events.count)"), createdAt: instant, isLive: false,
          type: "customer.subscription.updated", payload: .subscription(told, .updated)))
    }

    mutating func pro(at instant: Timestamp) { tell([item("si_base", "price_pro_m", 1)], at: instant) }

    mutating func team(seats: Int64, at instant: Timestamp) {
      tell(
        [
          item("si_base", "price_team_m", 1), item("si_seat", "price_seat_m", seats),
          item("si_runs", "price_runs_m", nil),
        ], at: instant)
    }
  }

  /// A tenant whose account knows nothing of its subscription yet, for a history of the test's own.
  private func stage() async throws -> (MeteringStage, History) {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    let id = world.gateway.subscribe(customer, to: Sample.team(seats: 2))
    _ = world.gateway.takeEvents()
    let snapshot = try #require(world.gateway.snapshot(of: id))
    return (try await MeteringStage(joining: world), History(of: snapshot))
  }

  private func save(_ events: some Sequence<ProviderEvent>, in stage: MeteringStage) async throws {
    var account = try await stage.world.store.account(for: stage.world.tenant)
    for event in events { account.apply(event, catalog: Sample.catalog) }
    _ = try await stage.world.store.commit(
      BillingCommit(claim: nil, account: account, events: []), at: stage.world.now)
  }

  @Test("what was used before metering began is not billed, however often seats changed since")
  func seatChanges() async throws {
    var (stage, history) = try await stage()
    let changedAt = Sample.start + .days(20)
    history.pro(at: Sample.start)
    for count in 0..<150 as Range<Int64> {
      history.team(seats: 2 + count % 7, at: changedAt + .seconds(count * 600))
    }
    stage.world.gateway.advance(by: .days(5))
    try await stage.record(400, at: stage.world.now)
    stage.world.gateway.advance(to: changedAt + .days(3))
    try await stage.record(120, at: stage.world.now - .days(1))
    try await save(history.events, in: stage)
    let tallies = try await stage.report()
    #expect(stage.counted() == 20)
    #expect(tallies.first?.billed.first?.start == changedAt)
    let record = try #require(
      try await stage.world.store.account(for: stage.world.tenant).subscription(stage.subscription))
    #expect(record.metering.count <= SubscriptionRecord.maximumMeteringCount)
  }

  @Test("a hundred and fifty snapshots, in any order, leave the same behind")
  func orders() async throws {
    let (stage, empty) = try await stage()
    var history = empty
    history.pro(at: Sample.start)
    for count in 0..<150 as Range<Int64> {
      history.team(seats: 2 + count % 7, at: Sample.start + .days(20) + .seconds(count * 600))
    }
    let customer = stage.customer
    func fold(_ events: [ProviderEvent]) -> SubscriptionRecord? {
      var account = BillingAccount(owner: .customer(customer))
      for event in events { account.apply(event, catalog: Sample.catalog) }
      return account.subscriptions.first
    }
    let expected = try #require(fold(history.events))
    for seed in 1...60 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let order = (history.events + history.events.prefix(20)).shuffled(using: &generator)
      guard fold(order) == expected else {
        Issue.record("seed \(seed) ends elsewhere")
        return
      }
    }
  }

  @Test("where what was metered is forgotten, it is not taken to reach back to the period's start")
  func forgotten() async throws {
    var (stage, history) = try await stage()
    history.pro(at: Sample.start)
    // Every one of these changes what is metered, so that the first ones are forgotten.
    for count in 1...70 as ClosedRange<Int64> {
      let instant = Sample.start + .days(1) + .hours(count)
      if count % 2 == 1 { history.team(seats: 2, at: instant) } else { history.pro(at: instant) }
    }
    stage.world.gateway.advance(by: .hours(2))
    try await stage.record(400, at: stage.world.now - .hours(1))
    stage.world.gateway.advance(by: .days(6))
    try await save(history.events, in: stage)
    try await stage.report()
    #expect(stage.counted() == 0)
    // In whatever order they came, the first one's last.
    var account = BillingAccount(owner: .customer(stage.customer))
    for event in history.events.dropFirst() + history.events.prefix(1) {
      account.apply(event, catalog: Sample.catalog)
    }
    let saved = try await stage.world.store.account(for: stage.world.tenant)
    #expect(account.subscriptions.map(\.metering) == saved.subscriptions.map(\.metering))
    #expect(account.subscriptions.first?.metering.contains { $0.items.isEmpty } == true)
  }

  @Test("what was billed before it was forgotten stays billed, and is not paid back")
  func billedBefore() async throws {
    var (stage, history) = try await stage()
    history.team(seats: 2, at: Sample.start)
    stage.world.gateway.advance(by: .hours(2))
    try await stage.record(150, at: stage.world.now - .hours(1))
    try await save(history.events, in: stage)
    try await stage.report()
    #expect(stage.counted() == 50)
    for count in 1...71 as ClosedRange<Int64> {
      let instant = Sample.start + .days(1) + .hours(count)
      if count % 2 == 0 { history.team(seats: 2, at: instant) } else { history.pro(at: instant) }
    }
    stage.world.gateway.advance(by: .days(6))
    try await save(history.events.dropFirst(), in: stage)
    let tallies = try await stage.report()
    #expect(stage.counted() == 50)
    #expect(tallies.map(\.overreported) == [0])
  }
}
