import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@testable import UsageKit

@Suite("Adding events to their days in the usage store in memory")
struct SettlingTests {
  @Test(
    "figures are the same whether somebody reads after each call or nobody before the last",
    arguments: [UInt64(1), 2, 3, 4])
  func readingTimes(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let tenant = try await TestTenants().context("gallery")
    let window = try Self.window
    let (asked, unasked) = (InMemoryUsageStore(), InMemoryUsageStore())
    for _ in 0..<60 {
      let writes = try (0..<Int.random(in: 1...160, using: &random)).map { _ in try write(using: &random) }
      let costs = try costs(Int.random(in: 0..<8, using: &random) == 0 ? 40 : 0, using: &random)
      for store in [asked, unasked] {
        _ = try await store.record([UsageBatch(writes, for: tenant)], at: UsageFixture.start)
        if !costs.isEmpty { _ = try await store.reprice(costs, for: tenant) }
      }
      _ = try await asked.report(for: window, of: tenant)
    }
    let (expected, figures) = (
      try await Figures(of: asked, tenant, window), try await Figures(of: unasked, tenant, window)
    )
    #expect(figures.report == expected.report, "seed \(seed)")
    #expect(figures.sums == expected.sums, "seed \(seed)")
    #expect(figures.staleDays == expected.staleDays, "seed \(seed)")
    #expect(figures.events == expected.events, "seed \(seed)")
    #expect(figures.sums[0].events.count > Int64(OrganizationUsage.mostUnsettled), "seed \(seed)")
  }

  @Test(
    "no more events wait than are added at once, whether they come in one call or one by one", arguments: [1, 5_000])
  func bound(size: Int) throws {
    var usage = OrganizationUsage(secret: TextHashSecret())
    var most = 0
    for start in stride(from: 0, to: 5_000, by: size) {
      let writes = try (start..<start + size).map { try UsageFixture.priced("e\($0)", picos: 1) }
      _ = usage.record(writes, call: UInt64(start + 1)) { _ in }
      most = max(most, usage.unsettled.count)
    }
    #expect(most < OrganizationUsage.mostUnsettled)
    #expect(usage.days.first?.group.sums.events.count == Int64(5_000 - usage.unsettled.count))
    usage.settle()
    #expect(usage.days.first?.group.sums.events.count == 5_000)
  }

  private static let days: Int64 = 5
  private static var window: DayWindow {
    get throws {
      let first = UTCDay(containing: UsageFixture.start)
      return try #require(DayWindow(first: first, last: first.advanced(by: Int(days) - 1)))
    }
  }

  /// An event of some run that may not be there yet, a repeat, or a run.
  private func write(using random: inout SeededGenerator) throws -> UsageWrite {
    let number = Int.random(in: 0..<4_000, using: &random)
    let run = "r\(number % 300)"
    // A run's or an event's facts follow from its number, so that a repeat is one.
    let seconds = Int64(number &* 7_919) % (86_400 * Self.days)
    if Int.random(in: 0..<12, using: &random) == 0 {
      return .run(
        try UsageFixture.run(run, user: "u\(number % 300 % 7)", at: Int64(number % 300) * 1_000, took: 60, .succeeded))
    }
    let event = try UsageFixture.event("e\(number)", run: run, model: "m\(number % 5)", at: seconds)
    return .event(
      PricedEvent(event, cost: number % 9 == 0 ? .unpriced : .priced(PicoUSD(picos: 7), rate: try RateID("a"))))
  }

  private func costs(_ count: Int, using random: inout SeededGenerator) throws -> [EventID: EventCost] {
    var costs: [EventID: EventCost] = [:]
    for _ in 0..<count {
      let picos = Int64.random(in: 0..<1_000, using: &random)
      costs[try EventID("e\(Int.random(in: 0..<4_000, using: &random))")] =
        .priced(PicoUSD(picos: picos), rate: try RateID("b"))
    }
    return costs
  }

  /// What a store tells of a tenant.
  private struct Figures {
    let report: UsageReport
    let sums: [UsageSums]
    let staleDays: [UTCDay]
    let events: [RecordedEvent?]

    init(of store: InMemoryUsageStore, _ tenant: TenantContext, _ window: DayWindow) async throws {
      let start = window.first.start
      // From an odd second on, so that days, hours and rows are summed.
      let periods = try [
        #require(Period(start: start, end: window.last.advanced(by: 1).start)),
        #require(Period(start: start + .seconds(4_321), end: start + .seconds(200_017))),
      ]
      staleDays = try await store.staleDays(limit: .maximum, of: tenant)
      sums = try await store.sums(of: periods, for: tenant).value
      report = try await store.report(for: window, of: tenant).value
      var events: [RecordedEvent?] = []
      for number in stride(from: 0, to: 4_000, by: 37) {
        events.append(try await store.event(EventID("e\(number)"), of: tenant))
      }
      self.events = events
    }
  }
}
