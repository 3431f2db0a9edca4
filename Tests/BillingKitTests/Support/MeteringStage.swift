import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// A team whose runs are metered, and every run that was recorded.
struct MeteringStage {
  let world: BillingWorld
  let customer: CustomerID
  let subscription: SubscriptionID
  private(set) var runs: [RecordedRun] = []
  private var subscribedAt = Sample.start
  private var number = 0

  /// A run that the store took.
  struct RecordedRun {
    let startedAt: Timestamp
    let recordedAt: Timestamp
  }

  init(catalog: PlanCatalog = Sample.catalog) async throws {
    world = try await BillingWorld(catalog: catalog)
    subscription = try await world.buy(.team, seats: 2)
    customer = try #require(world.gateway.customerIDs.first)
  }

  /// A stage in a world whose tenant subscribes already.
  init(joining world: BillingWorld) async throws {
    self.world = world
    customer = try #require(world.gateway.customerIDs.first)
    subscription = try #require(
      try await world.gateway.subscriptions(of: customer, after: nil, limit: .maximum).value.elements.first?.id)
  }

  /// A stage whose account was told of its subscription once: two runs of each period are included.
  init(toldOnceFrom start: Timestamp) async throws {
    world = try await BillingWorld(catalog: Sample.smallCatalog, startingAt: start)
    customer = Sample.id("cus_told")
    subscription = Sample.id("sub_told")
    subscribedAt = start
    try await tell(CalendarMonths(anchor: start).period(containing: start), at: start)
  }

  /// Tells the account that the subscription is a team's, with a period, from an instant on.
  func tell(_ period: Period, at instant: Timestamp) async throws {
    let item = SubscriptionItem(
      id: Sample.id("si_runs"), priceID: Sample.id("price_runs_m"), quantity: nil, usageType: .metered,
      currentPeriod: period)
    let base = SubscriptionItem(
      id: Sample.id("si_team"), priceID: Sample.id("price_team_m"), quantity: 1, usageType: .licensed,
      currentPeriod: period)
    let snapshot = SubscriptionSnapshot(
      id: subscription, customerID: customer, status: .active, items: [base, item], createdAt: subscribedAt)
    let event = ProviderEvent(
      id: Sample.id("evt_told_\(instant.microseconds)"), createdAt: instant, isLive: false,
      type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
    var account = try await world.store.account(for: world.tenant)
    account.link(customer, adopting: nil, at: instant)
    account.apply(event, catalog: world.catalog)
    _ = try await world.store.commit(BillingCommit(claim: nil, account: account, events: []), at: world.now)
  }

  /// Records runs that started at an instant.
  /// - Returns: whether the store took them; it refuses what lies before its horizon.
  @discardableResult
  mutating func record(_ count: Int, at instant: Timestamp) async throws -> Bool {
    var writes: [UsageWrite] = []
    for _ in 0..<count {
      number += 1
      writes.append(
        .start(
          try Run(
            id: RunID("run-\(number)"), userID: UserID("user"), workflow: WorkflowName("review"), startedAt: instant),
          limit: nil))
    }
    let answers = try await world.usage.record([UsageBatch(writes, for: world.tenant)], at: world.now).joined()
    let isTaken = answers.allSatisfy { $0 == .recorded }
    #expect(isTaken || answers.allSatisfy { $0 != .recorded })
    if isTaken { runs += Array(repeating: RecordedRun(startedAt: instant, recordedAt: world.now), count: count) }
    return isTaken
  }

  func reporter(
    over store: (any BillingStore)? = nil, gateway: (any MeteredUsageGateway)? = nil, catalog: PlanCatalog? = nil
  ) -> MeteredUsageReporter {
    MeteredUsageReporter(
      store: store ?? world.store, usage: world.usage, gateway: gateway ?? world.gateway,
      catalog: catalog ?? world.catalog, installation: world.installation)
  }

  /// A process that reports, and stops at a point.
  func reporter(over meter: any MeteredUsageGateway, stoppingAt point: CrashPoint) -> MeteredUsageReporter {
    MeteredUsageReporter(
      store: FlakyBillingStore(world.store, at: point), usage: CrashingUsageStore(world.usage, at: point),
      gateway: CrashingMeter(meter, at: point), catalog: world.catalog, installation: world.installation)
  }

  @discardableResult
  func report(catalog: PlanCatalog? = nil) async throws -> [UsageTally] {
    try await reporter(catalog: catalog).report(for: world.tenant, at: world.now)
  }

  func tallies() async throws -> [UsageTally] {
    try await world.store.tallies(endingAfter: .distantPast, for: world.tenant)
  }

  /// What the provider counted of a meter.
  func counted(_ meter: String = "team_runs", in period: Period? = nil) -> Int64 {
    world.gateway.countedUsage(of: meter, customer: customer, in: period)
  }

  func counted(_ tally: UsageTally) throws -> Int64 {
    let period: Period = try #require(tally.countedSpan(among: []))
    return world.gateway.countedUsage(of: tally.meter, customer: customer, in: period)
  }
}

extension Sample {
  /// The sample catalogue with two runs included for a team.
  static let smallCatalog: PlanCatalog = {
    do {
      return try PlanCatalog(json: Array(json.replacing("\"included\": 100", with: "\"included\": 2").utf8))
    } catch {
      preconditionFailure("the small catalogue is wrong: \(error)")
    }
  }()

  /// The sample catalogue with two plans more whose runs are metered: `scale` on the team's meter with more included,
  /// `studio` on a meter of its own.
  static let meteredCatalog: PlanCatalog = {
    let more = """
      { "id": "scale", "name": "Scale",
        "prices": [
          { "id": "price_scale_m", "role": "base", "interval": "month" },
          { "id": "price_scale_runs", "role": "metered", "interval": "month", "metric": "runs", "meter": "team_runs",
            "meterID": "mtr_runs", "included": 300 } ] },
      { "id": "studio", "name": "Studio",
        "prices": [
          { "id": "price_studio_m", "role": "base", "interval": "month" },
          { "id": "price_studio_runs", "role": "metered", "interval": "month", "metric": "runs", "meter": "studio_runs",
            "meterID": "mtr_studio", "included": 10 } ] }
      ]
      """
    guard let end = json.lastIndex(of: "]") else { preconditionFailure("the sample catalogue has no plans") }
    do {
      return try PlanCatalog(json: Array((json[..<end] + ", " + more + json[json.index(after: end)...]).utf8))
    } catch {
      preconditionFailure("the catalogue of metered plans is wrong: \(error)")
    }
  }()
}
