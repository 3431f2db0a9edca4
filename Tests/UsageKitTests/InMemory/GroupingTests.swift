import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@testable import UsageKit

@Suite("Adding events to their days in the usage store in memory")
struct GroupingTests {
  @Test("figures are those of all events, of which some were added while recording", arguments: [UInt64(1), 2, 3, 4])
  func figures(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let runs = try (0..<300).map { number in
      try UsageFixture.run(
        "r\(number)", user: "u\(number % 7)", at: Int64(number) * 1_000, took: 60, .succeeded)
    }
    var events = try (0..<3_300).map { try event($0) }
    events.shuffle(using: &random)
    var usage = OrganizationUsage(secret: TextHashSecret())
    _ = usage.record(runs.map { .run($0) }, call: 1) { _ in }
    var (start, call, most) = (0, UInt64(1), 0)
    while start < events.count {
      let end = min(start + Int.random(in: 1...160, using: &random), events.count)
      call += 1
      let answers = usage.record(events[start..<end].map { .event($0) }, call: call) { _ in }
      #expect(answers.allSatisfy { $0 == .recorded }, "seed \(seed)")
      most = max(most, usage.ungrouped.count)
      start = end
    }
    let inDays = usage.days.reduce(0) { $0 + $1.events.rows.count }
    #expect(!usage.ungrouped.isEmpty && inDays > 0, "seed \(seed)")
    #expect(usage.ungrouped.count + inDays == events.count, "seed \(seed)")
    #expect(most < OrganizationUsage.groupedAtOnce, "seed \(seed)")
    usage.groupEvents()
    let window = try Self.window
    #expect(
      usage.report(for: window) == UsageAggregation.report(for: window, runs: runs, events: events), "seed \(seed)")
    for period in try periods {
      let sums = UsageAggregation.sums(for: period, runs: runs, events: events)
      #expect(usage.sums(of: PeriodParts(period)) == sums, "seed \(seed), \(period)")
    }
    #expect(usage.staleDays == Set(events.map { UTCDay(containing: $0.event.createdAt) }), "seed \(seed)")
  }

  @Test(
    "no more events wait than are added at once, whether they come in one call or one by one", arguments: [1, 5_000])
  func bound(size: Int) throws {
    var usage = OrganizationUsage(secret: TextHashSecret())
    for start in stride(from: 0, to: 5_000, by: size) {
      let writes = try (start..<start + size).map { UsageWrite.event(try event($0)) }
      _ = usage.record(writes, call: UInt64(start + 1)) { _ in }
    }
    #expect(usage.ungrouped.count == 5_000 % OrganizationUsage.groupedAtOnce)
  }

  @Test("whatever is called first after recording knows of all events", arguments: FirstCall.allCases)
  func firstCall(_ call: FirstCall) async throws {
    let tenant = try await TestTenants().context("gallery")
    let (prepared, waiting, empty) = (InMemoryUsageStore(), InMemoryUsageStore(), InMemoryUsageStore())
    for store in [prepared, waiting] {
      for start in stride(from: 0, to: 400, by: 100) {
        let writes = try (start..<start + 100).map { UsageWrite.event(try event($0)) }
        _ = try await store.record([UsageBatch(writes, for: tenant)], at: UsageFixture.start)
      }
    }
    // Which adds all events to their days.
    _ = try await prepared.staleDays(limit: .maximum, of: tenant)
    let expected = try await call.answer(of: prepared, tenant)
    #expect(try await call.answer(of: waiting, tenant) == expected)
    #expect(try await call.answer(of: empty, tenant) != expected)
    let window = try Self.window
    let (first, second) = (
      try await prepared.report(for: window, of: tenant), try await waiting.report(for: window, of: tenant)
    )
    #expect(first == second)
  }

  enum FirstCall: CaseIterable {
    case report, sums, staleDays, rollUp, events, delete, reprice, run, start, status, event

    func answer(of store: InMemoryUsageStore, _ tenant: TenantContext) async throws -> String {
      let whole = try GroupingTests.whole
      let run = try UsageFixture.run("r3", at: 10, took: 60, .succeeded)
      switch self {
      case .report: return "\(try await store.report(for: GroupingTests.window, of: tenant))"
      case .sums: return "\(try await store.sums(of: [whole], for: tenant))"
      case .staleDays: return "\(try await store.staleDays(limit: .maximum, of: tenant))"
      case .rollUp: return "\(try await store.rollUp([whole], of: tenant))"
      case .events:
        return
          "\(try await store.events(matching: EventQuery(period: whole), at: nil, after: nil, limit: .maximum, of: tenant))"
      case .delete:
        // Stale days are kept, so that the first of them is as far as this goes.
        return "\(try await store.deleteRows(before: GroupingTests.window.last, limit: .maximum, of: tenant))"
      case .reprice:
        let cost = EventCost.priced(PicoUSD(picos: 9), rate: try RateID("b"))
        return "\(try await store.reprice([EventID("e1"): cost, EventID("e9"): cost], for: tenant))"
      case .run:
        // Events of it wait for it.
        return "\(try await store.record([UsageBatch([.run(run)], for: tenant)], at: UsageFixture.start))"
          + "\(try await store.event(EventID("e3"), of: tenant) as Any)"
      case .start:
        let limit = RunLimit(1, in: whole)
        return
          "\(try await store.record([UsageBatch([.start(run, limit: limit)], for: tenant)], at: UsageFixture.start))"
          + "\(try await store.event(EventID("e3"), of: tenant) as Any)"
      case .status: return "\(try await store.status(of: tenant))"
      case .event: return "\(try await store.event(EventID("e399"), of: tenant) as Any)"
      }
    }
  }

  private static let days: Int64 = 5

  private static var window: DayWindow {
    get throws {
      let first = UTCDay(containing: UsageFixture.start)
      return try #require(DayWindow(first: first, last: first.advanced(by: Int(days) - 1)))
    }
  }

  /// All days.
  private static var whole: Period {
    get throws { try #require(Period(start: window.first.start, end: window.last.advanced(by: 1).start)) }
  }

  /// All days, and a part from an odd second on, so that days, hours and rows are summed.
  private var periods: [Period] {
    get throws {
      let whole = try Self.whole
      return [
        whole, try #require(Period(start: whole.start + .seconds(4_321), end: whole.start + .seconds(200_017))),
      ]
    }
  }

  /// An event whose facts follow from its number.
  private func event(_ number: Int) throws -> PricedEvent {
    let event = try UsageFixture.event(
      "e\(number)", run: "r\(number % 300)", model: "m\(number % 5)", at: Int64(number * 7_919) % (86_400 * Self.days))
    let isPriced = number % 9 != 0
    return PricedEvent(
      event, cost: isPriced ? .priced(PicoUSD(picos: Int64(number)), rate: try RateID("a")) : .unpriced)
  }
}
