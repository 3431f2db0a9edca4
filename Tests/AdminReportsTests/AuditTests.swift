import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

#if SQLite
  import SQLiteStore
#endif

@Suite struct AuditTests {
  /// A figure with what its pages must add up to.
  private struct Expectation {
    let audit: AuditQuery
    let count: Int64
    var tokens: [Int64]?
    var cost: CostSum?
    var duration: DurationFigures?
  }

  @Test(
    "every figure is the sum of its pages while events arrive; a changed row is told",
    arguments: 0..<UInt64(6))
  func figuresAreSums(seed: UInt64) async throws {
    try await Self.checkFigures(seed: seed, runs: 120, in: InMemoryUsageStore())
  }

  #if SQLite
    @Test("the same holds over a SQLite file", arguments: 0..<UInt64(2))
    func figuresAreSumsInSQLite(seed: UInt64) async throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let store = try await SQLiteStore(path: folder.appending(path: "reports.sqlite").path)
      do {
        try await Self.checkFigures(seed: seed, runs: 60, in: store)
      } catch {
        await store.close()
        throw error
      }
      await store.close()
    }
  #endif

  private static func checkFigures(seed: UInt64, runs count: Int, in store: any UsageStore) async throws {
    var usage = try await RandomUsage(seed: seed, in: store)
    try await usage.record(count)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let window = ReportWindow.last7Days
    let runs = try await dashboard.usage(window, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
    let costs = try await dashboard.costs(window, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
    let expectations = Self.expectations(runs) + Self.expectations(costs)
    #expect(expectations.contains { $0.count > 0 })

    for (index, expectation) in expectations.enumerated() {
      if index % 25 == 0 { try await usage.record(3, inOrder: true) }
      let comment = Comment(rawValue: "seed \(seed), \(expectation.audit.text)")
      let rows = try await Self.all(expectation.audit, of: dashboard, usage)
      try #require(!rows.changedSince, comment)
      #expect(Int64(rows.runs.count + rows.events.count) == expectation.count, comment)
      if let tokens = expectation.tokens {
        let sums = [
          rows.events.map(\.promptTokens), rows.events.map(\.cachedPromptTokens),
          rows.events.map(\.cacheWritePromptTokens), rows.events.map(\.completionTokens),
        ].map { $0.reduce(0, +) }
        #expect(sums == tokens, comment)
      }
      if let cost = expectation.cost {
        #expect(rows.events.compactMap(\.costUSD).reduce(.zero, +) == cost, comment)
      }
      if let duration = expectation.duration {
        var histogram = DurationHistogram()
        let durations = rows.runs.compactMap(\.durationMilliseconds)
        for value in durations { histogram.add(value) }
        #expect(histogram.percentile(50) == duration.medianMilliseconds, comment)
        #expect(histogram.percentile(95) == duration.percentile95Milliseconds, comment)
        let (sum, count) = (durations.reduce(0, +), Int64(durations.count))
        #expect(abs(duration.averageMilliseconds * count - sum) * 2 <= count, comment)
      }
    }

    try await usage.finishSome()
    try await usage.repriceSome()
    #expect(try await Self.all(runs.total.runs.audit, of: dashboard, usage).changedSince)
    #expect(try await Self.all(costs.total.events.audit, of: dashboard, usage).changedSince)
  }

  private static func expectations(_ section: UsageSection) -> [Expectation] {
    let figures =
      [section.total, section.before] + section.days.map(\.figures) + section.users.map(\.figures)
      + section.workflows.map(\.figures)
    return figures.flatMap { figures in
      [
        figures.runs, figures.finished, figures.succeeded, figures.failed, figures.cancelled, figures.abandoned,
        figures.running, figures.withArtifacts,
      ].map { Expectation(audit: $0.audit, count: $0.value) }
        + (figures.duration.map {
          [Expectation(audit: $0.audit, count: figures.finished.value, duration: $0)]
        } ?? [])
    }
  }

  private static func expectations(_ section: CostSection) -> [Expectation] {
    let figures =
      [section.total, section.before] + section.days.map(\.figures) + section.users.map(\.figures)
      + section.workflows.map(\.figures) + section.models.map(\.figures)
    return figures.flatMap { figures in
      [
        Expectation(
          audit: figures.events.audit, count: figures.events.value,
          tokens: [
            figures.promptTokens, figures.cachedPromptTokens, figures.cacheWritePromptTokens,
            figures.completionTokens,
          ], cost: figures.costUSD),
        Expectation(audit: figures.unpriced.audit, count: figures.unpriced.value, cost: .zero),
        Expectation(audit: figures.partlyUnpriced.audit, count: figures.partlyUnpriced.value),
      ]
    }
  }

  private static func all(_ query: AuditQuery, of dashboard: AdminDashboard, _ usage: RandomUsage) async throws
    -> (runs: [AuditedRun], events: [AuditedEvent], changedSince: Bool)
  {
    var runs: [AuditedRun] = []
    var events: [AuditedEvent] = []
    var changedSince = false
    var cursor: AuditCursor?
    repeat {
      let page = try await dashboard.audit(
        query, after: cursor, limit: PageLimit(17), for: usage.tenant, as: usage.owner)
      runs += page.runs
      events += page.events
      changedSince = changedSince || page.changedSince
      cursor = page.next
    } while cursor != nil
    return (runs, events, changedSince)
  }

  @Test("a cursor of another organisation, another query, or nobody's is refused")
  func foreignCursors() async throws {
    var usage = try await RandomUsage(seed: 1)
    try await usage.record(60)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let section = try await dashboard.usage(.last30Days, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
    let query = section.total.runs.audit
    let page = try await dashboard.audit(query, limit: PageLimit(3), for: usage.tenant, as: usage.owner)
    let cursor = try #require(page.next)
    let other = try await usage.tenants.context("team-b")
    let stranger = try usage.tenants.member(of: other)
    await #expect(throws: ReportError.invalidCursor) {
      try await dashboard.audit(query, after: cursor, for: other, as: stranger)
    }
    await #expect(throws: ReportError.invalidCursor) {
      try await dashboard.audit(section.total.failed.audit, after: cursor, for: usage.tenant, as: usage.owner)
    }
    for text in ["", "x", cursor.text + "A", String(cursor.text.dropLast(4))] {
      await #expect(throws: ReportError.invalidCursor) {
        try await dashboard.audit(query, after: AuditCursor(text), for: usage.tenant, as: usage.owner)
      }
    }
  }

  @Test("a query's text is read back as the same query", arguments: 0..<UInt64(50))
  func queryRoundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let start = Timestamp(microseconds: Int64.random(in: 0..<2_000_000_000_000_000, using: &random))
    let period = try #require(
      Period(start: start, end: start + .seconds(Int.random(in: 1..<9_999_999, using: &random))))
    func name() -> String { ["a&b=c", "ü ß", "100%", "plain", "x+y?z#w"].randomElement(using: &random) ?? "" }
    let runs = RunQuery(
      period: period, userID: Bool.random(using: &random) ? try UserID(name()) : nil,
      workflow: Bool.random(using: &random) ? try WorkflowName(name()) : nil,
      outcomes: Bool.random(using: &random) ? [.failed, .succeeded] : nil,
      finishedWithArtifacts: [nil, true, false].randomElement(using: &random) ?? nil)
    let events = EventQuery(
      period: period, runID: Bool.random(using: &random) ? try RunID(name()) : nil,
      user: [nil, .unknown, .known(try UserID(name()))].randomElement(using: &random) ?? nil,
      workflow: [nil, .unknown, .known(try WorkflowName(name()))].randomElement(using: &random) ?? nil,
      provider: Bool.random(using: &random) ? try ProviderName(name()) : nil,
      model: Bool.random(using: &random) ? try ModelName(name()) : nil,
      pricing: EventCost.Pricing.allCases.randomElement(using: &random))
    for subject in [AuditQuery.Subject.runs(runs), .events(events)] {
      let query = AuditQuery(subject, revision: Int64.random(in: 0..<1_000, using: &random))
      #expect(try AuditQuery(query.text) == query, "seed \(seed)")
    }
  }

  @Test(
    "a text that is no query is refused with the key that is wrong",
    arguments: [
      ("", AuditQueryError.invalid(key: "")),
      ("of=runs", .missing(key: "from")),
      ("of=runs&from=2026-05-01T00:00:00Z", .missing(key: "to")),
      ("of=runs&from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z&revision=1", .invalid(key: "to")),
      ("of=runs&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&revision=-1", .invalid(key: "revision")),
      ("of=rows&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&revision=1", .invalid(key: "of")),
      ("of=runs&of=runs", .unexpected(key: "of")),
      ("of=runs&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&revision=1&model=m", .unexpected(key: "model")),
      ("of=runs&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&revision=1&user=%zz", .invalid(key: "user")),
      ("of=runs&from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z&revision=1&outcome=won", .invalid(key: "outcome")),
    ])
  func malformedQueries(text: String, error: AuditQueryError) {
    #expect(throws: error) { try AuditQuery(text) }
  }
}
