import AdminReports
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite struct AuditTests {
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
