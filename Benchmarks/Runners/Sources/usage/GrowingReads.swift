import AdminReports
import BillingKit
import Customers
import Foundation
import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// One organisation's reads, over any number of events in the same groups: every day has each hour, user, workflow, model
/// and duration of a run, whether it has a hundred events or ten thousand.
struct GrowingReads {
  let path: String

  /// Ninety days to the one in whose afternoon the reads are.
  private static let days = 90
  private static let start = EventFile.lastDay.advanced(by: 1 - days).start
  private static let now = EventFile.lastDay.start + .seconds(56_557) + .microseconds(123_457)
  /// The subscription began at an odd second within the window, so that its periods do too.
  private static let subscribed = EventFile.lastDay.advanced(by: -20).start + .seconds(47_843)

  // MARK: Writing

  /// Makes the file with so many events; at least ten thousand, for the groups to be the same.
  func write(count: Int) async throws {
    let store = try await SQLiteStore(path: path)
    guard let tenant = try await Tenants.make(in: store).first else { return }
    try await Provider(at: Self.subscribed).sell(
      PriceID("price"), to: tenant, in: store, rules: EntitlementRules(catalog: Self.catalog()), at: Self.subscribed)
    let step = Int64(Self.days) * 86_400_000_000 / Int64(count)
    for first in stride(from: 0, to: count, by: 1_000) {
      let writes = try (first..<min(first + 1_000, count)).flatMap { number in
        try Self.writes(number, at: Self.start + .microseconds(Int64(number) * step))
      }
      try await record(writes, for: tenant, in: store)
    }
    await store.close()
  }

  /// An event, and before every fourth its run.
  private static func writes(_ number: Int, at instant: Timestamp) throws -> [UsageWrite] {
    let run = number / 4
    let facts = try UsageEvent(
      id: EventID("evt_\(number)"), runID: RunID("run_\(run)"),
      provider: ProviderName(EventFile.providers[number % 3]), model: ModelName(EventFile.models[number % 4]),
      tokens: TokenCounts(prompt: Int64(500 + number % 997), completion: Int64(50 + number % 211)),
      durationMilliseconds: Int64(100 + number % 9_973), createdAt: instant)
    let cost = EventCost.priced(PicoUSD(picos: Int64(1_000_000 + number % 99_991)), rate: try RateID("card"))
    let event = UsageWrite.event(PricedEvent(facts, cost: cost))
    guard number % 4 == 0 else { return [event] }
    let finished = try Run(
      id: facts.runID, userID: UserID("user_\(run % 7)"), workflow: WorkflowName("workflow_\(run % 5)"),
      startedAt: instant, finishedAt: instant + .seconds(Int64(1 + run / 7 % 4)), outcome: .succeeded,
      artifactCount: 1)
    return [.run(finished), event]
  }

  private func record(_ writes: [UsageWrite], for tenant: TenantContext, in store: SQLiteStore) async throws {
    for answer in try await store.record([UsageBatch(writes, for: tenant)], at: Self.now).joined()
    where answer != .recorded { print("error \(answer)") }
  }

  private static func catalog() throws -> PlanCatalog {
    let windows: [LimitWindow] = [.billingPeriod, .month, .day]
    return try PlanCatalog(
      plans: [
        Plan(id: .free, name: "Free", rank: 0),
        Plan(
          id: .pro, name: "Pro", rank: 1, prices: [PlanPrice(id: PriceID("price"), role: .base, interval: .month)],
          limits: zip([LimitMetric.runs, .tokens, .cost], windows).map {
            PlanLimit(metric: $0, window: $1, base: 1_000_000_000_000, action: .warn)
          }),
      ], defaultPlan: .free)
  }

  private static func owner(of tenant: TenantContext) throws -> Membership {
    Membership(userID: try UserID("user_0"), organizationID: tenant.organizationID, role: .owner)
  }

  // MARK: Reading

  /// Times each read, best of some passes; before each pass one more event is recorded, as happens to a service.
  func run(passes: Int) async throws {
    let store = try await SQLiteStore(path: path)
    guard let tenant = try await Tenants.make(in: store).first,
      let window = DayWindow(first: EventFile.lastDay.advanced(by: 1 - Self.days), last: EventFile.lastDay),
      let period = Period(start: Self.subscribed, end: Self.subscribed + .seconds(30 * 86_400)),
      let shown = ReportWindow(lastDays: Self.days)
    else { return }
    let dashboard = AdminDashboard(
      tenants: store, usage: store, billing: .init(store: store, rules: EntitlementRules(catalog: try Self.catalog())))
    let owner = try Self.owner(of: tenant)
    let reads: [(String, () async throws -> Void)] = [
      ("consumption", { _ = try await store.sums(of: [period], for: tenant) }),
      ("report", { _ = try await store.report(for: window, of: tenant) }),
      ("page", { _ = try await dashboard.page(shown, for: tenant, as: owner, at: Self.now) }),
    ]
    let clock = ContinuousClock()
    var least: [String: Double] = [:]
    for pass in 0...passes {
      try await recordOneMore(for: tenant, in: store)
      for (name, read) in reads {
        let time = try await clock.measure { try await read() } / .nanoseconds(1)
        if pass == 0 { print("first-\(name).ns \(time)") } else { least[name] = min(least[name] ?? .infinity, time) }
      }
    }
    for (name, _) in reads { print("\(name).ns \(least[name] ?? 0)") }
    let report = try await store.report(for: window, of: tenant).value
    print("check.groups", report.days.count, report.users.count, report.workflows.count, report.models.count)
    await store.close()
  }

  private func recordOneMore(for tenant: TenantContext, in store: SQLiteStore) async throws {
    let event = try UsageEvent(
      id: EventID("more_\(UInt64.random(in: 0 ... .max))"), runID: RunID("run_0"),
      provider: ProviderName(EventFile.providers[0]), model: ModelName(EventFile.models[0]),
      tokens: TokenCounts(prompt: 10, completion: 1), durationMilliseconds: 1, createdAt: Self.now)
    try await record([.event(PricedEvent(event, cost: .unpriced))], for: tenant, in: store)
  }
}
