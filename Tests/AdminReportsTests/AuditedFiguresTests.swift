import AdminReports
import BillingKit
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

#if SQLite
  import SQLiteStore
#endif

/// Every figure of random usage is what the reference makes of the pages that it names, while others write between them.
@Suite struct AuditedFiguresTests {
  @Test("every figure is what the reference makes of its pages, also while events arrive", arguments: 0..<UInt64(6))
  func whileInserting(seed: UInt64) async throws {
    try await Self.holdWhileInserting(seed: seed, runs: 120, in: InMemoryUsageStore())
  }

  @Test(
    "where runs end, arrive late or are priced anew between the pages, the answer says so, and else the figure holds",
    arguments: 0..<UInt64(6))
  func whileChanging(seed: UInt64) async throws {
    try await Self.holdWhileChanging(seed: seed, runs: 120, walks: 150, in: InMemoryUsageStore())
  }

  #if SQLite
    @Test("both hold over a SQLite file", arguments: 0..<UInt64(2))
    func inSQLite(seed: UInt64) async throws {
      for hold in [
        { try await Self.holdWhileInserting(seed: seed, runs: 60, in: $0) },
        { try await Self.holdWhileChanging(seed: seed, runs: 60, walks: 60, in: $0) },
      ] as [(SQLiteStore) async throws -> Void] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try await SQLiteStore(path: folder.appending(path: "reports.sqlite").path)
        do {
          try await hold(store)
        } catch {
          await store.close()
          throw error
        }
        await store.close()
      }
    }
  #endif

  private static func holdWhileInserting(seed: UInt64, runs: Int, in store: any UsageStore) async throws {
    var usage = try await RandomUsage(seed: seed, in: store)
    try await usage.record(runs)
    let figures = try await figures(of: usage)
    #expect(figures.contains { $0.count.map { $0 > 20 } ?? false })
    for figure in figures {
      let walk = try await walk(figure, &usage) { usage in
        if usage.chance(1, in: 4) { try await usage.change(.insert) }
      }
      let comment = Comment(rawValue: "seed \(seed), \(figure.audit.text)")
      try #require(!walk.changedSince, comment)
      try #require(figure.differences(from: walk.runs, walk.events) == [], comment)
    }
  }

  private static func holdWhileChanging(seed: UInt64, runs: Int, walks: Int, in store: any UsageStore) async throws {
    var usage = try await RandomUsage(seed: seed, in: store)
    try await usage.record(runs)
    var figures = try await figures(of: usage)
    var (changed, unchanged) = (0, 0)
    for _ in 0..<walks {
      if usage.chance(1, in: 3) { figures = try await Self.figures(of: usage) }
      let figure = figures[usage.number(below: figures.count)]
      let walk = try await walk(figure, &usage) { usage in
        if usage.chance(1, in: 3) { try await usage.change(usage.anyChange()) }
      }
      guard !walk.changedSince else {
        changed += 1
        continue
      }
      if walk.pages > 1 { unchanged += 1 }
      let comment = Comment(rawValue: "seed \(seed), \(figure.audit.text)")
      try #require(figure.differences(from: walk.runs, walk.events) == [], comment)
    }
    #expect(changed > 0 && unchanged > 0, "seed \(seed): \(changed) walks saw a change, \(unchanged) did not")
  }

  // MARK: Reading

  /// A plan with a limit of every metric and window, so that their figures are held, too.
  private static let catalog = """
    {"version": 1, "defaultPlan": "free", "plans": [{"id": "free", "name": "Free", "limits": [
      {"metric": "runs", "base": 10, "window": "month", "action": "block"},
      {"metric": "tokens", "base": 1000, "window": "day", "action": "warn"},
      {"metric": "cost", "base": "1.5", "window": "billingPeriod", "action": "warn"}]}]}
    """

  private static func dashboard(of usage: RandomUsage) throws -> AdminDashboard {
    AdminDashboard(
      tenants: usage.tenants.store, usage: usage.store,
      billing: AdminDashboard.Billing(
        store: InMemoryBillingStore(), rules: EntitlementRules(catalog: try PlanCatalog(json: Array(catalog.utf8)))))
  }

  private static func figures(of usage: RandomUsage) async throws -> [AuditedFigure] {
    let dashboard = try dashboard(of: usage)
    let (tenant, owner, now) = (usage.tenant, usage.owner, RandomUsage.now)
    return AuditedFigure.all(
      try await dashboard.usage(.last7Days, for: tenant, as: owner, at: now),
      try await dashboard.costs(.last7Days, for: tenant, as: owner, at: now),
      limits: try await dashboard.billing(for: tenant, as: owner, at: now)?.limits ?? [])
  }

  /// All pages of a figure's rows.
  private struct Walk {
    var runs: [Run] = []
    var events: [PricedEvent] = []
    var pages = 0
    var changedSince = false
  }

  /// Follows a figure's query to its last page, each held to the model of the store; something may happen between two.
  private static func walk(
    _ figure: AuditedFigure, _ usage: inout RandomUsage, between: (inout RandomUsage) async throws -> Void
  ) async throws -> Walk {
    let dashboard = try dashboard(of: usage)
    var walk = Walk()
    var cursor: AuditCursor?
    repeat {
      if cursor != nil { try await between(&usage) }
      let page = try await dashboard.audit(
        figure.audit, after: cursor, limit: PageLimit(7), for: usage.tenant, as: usage.owner)
      let comment = Comment(rawValue: "page \(walk.pages) of \(figure.audit.text)")
      let (runs, events) = (try page.runs.map { try Run($0) }, try page.events.map { try PricedEvent($0) })
      let isLast: Bool
      switch figure.audit.subject {
      case .runs(let query):
        let left = usage.model.runs(matching: query, at: figure.audit.revision).filter { row in
          walk.runs.last.map { RunCursor(startedAt: $0.startedAt, id: $0.id) < row.cursor } ?? true
        }
        try #require(runs == left.prefix(7).map(\.run) && events.isEmpty, comment)
        isLast = left.count <= 7
      case .events(let query):
        let left = usage.model.events(matching: query, at: figure.audit.revision).filter { row in
          walk.events.last.map { EventCursor(createdAt: $0.event.createdAt, id: $0.event.id) < row.cursor } ?? true
        }
        try #require(events == left.prefix(7).map { PricedEvent($0.event, cost: $0.cost) } && runs.isEmpty, comment)
        try #require(page.events.map(\.userID) == left.prefix(7).map(\.user.name), comment)
        try #require(page.events.map(\.workflow) == left.prefix(7).map(\.workflow.name), comment)
        isLast = left.count <= 7
      }
      try #require((page.next == nil) == isLast, comment)
      let change = usage.change(since: figure.audit)
      if change == .ofRows { try #require(page.changedSince, comment) }
      if change == .none { try #require(!page.changedSince, comment) }
      walk.runs += runs
      walk.events += events
      walk.pages += 1
      walk.changedSince = walk.changedSince || page.changedSince
      cursor = page.next
    } while cursor != nil
    return walk
  }
}

extension RandomUsage {
  /// What has changed since a figure was read.
  enum ChangeSince {
    /// Nothing on the days that the query touches.
    case none
    /// Only what is none of the query's rows.
    case besides
    /// A row of the query's period that was there.
    case ofRows
  }

  func change(since audit: AuditQuery) -> ChangeSince {
    let (period, isOfRuns) =
      switch audit.subject {
      case .runs(let query): (query.period, true)
      case .events(let query): (query.period, false)
      }
    var change = ChangeSince.none
    let rows =
      model.runs.values.map { ($0.run.startedAt, $0.insertedRevision, $0.changedRevision, true) }
      + model.events.values.map { ($0.event.createdAt, $0.insertedRevision, $0.changedRevision, false) }
    for (instant, inserted, changed, isRun) in rows where changed > audit.revision && changed > inserted {
      let day = UTCDay(containing: instant)
      guard day.start < period.end, period.start < day.advanced(by: 1).start else { continue }
      if isRun == isOfRuns, period.contains(instant), inserted <= audit.revision { return .ofRows }
      change = .besides
    }
    return change
  }

  mutating func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
}
