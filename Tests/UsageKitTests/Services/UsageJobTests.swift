import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("Jobs on usage")
struct UsageJobTests {
  typealias Fixture = UsageFixture

  private let tenants = TestTenants()
  private let store = InMemoryUsageStore()

  @Test("runs that are running for the age are closed once, younger and ended ones never")
  func abandonedRuns() async throws {
    let (acme, globex) = (try await tenants.context("acme"), try await tenants.context("globex"))
    let day: Int64 = 86_400
    for tenant in [acme, globex] {
      let runs = [
        try Fixture.run("old"), try Fixture.run("exact", at: day), try Fixture.run("young", at: day + 1),
        try Fixture.run("done", took: 5, .succeeded),
      ]
      _ = try await store.record([UsageBatch(runs.map(UsageWrite.run), for: tenant)], at: Fixture.start)
    }
    let job = AbandonedRuns(tenants: tenants.store, store: store)
    #expect(try await job.run(at: Fixture.instant(2 * day)).progress.changes == 4)
    #expect(try await job.run(at: Fixture.instant(2 * day)).progress.changes == 0)
    let old = try #require(try await store.run(RunID("old"), of: acme)).run
    #expect(old.outcome == .abandoned && old.durationMilliseconds == day * 1_000)
    #expect(try await store.run(RunID("young"), of: acme)?.run.outcome == .running)
    #expect(try await store.run(RunID("done"), of: acme)?.run.outcome == .succeeded)
    #expect(
      try await store.outbox.events(after: 0, limit: .standard).map(\.kind)
        == Array(repeating: "run.abandoned", count: 4))
  }

  @Test("re-pricing brings a period to another card, exactly it, and can be resumed and repeated")
  func repricing() async throws {
    let tenant = try await tenants.context("acme")
    var writes: [UsageWrite] = []
    for number in 0..<2_500 {
      let event = try Fixture.event("e\(number)", model: number % 10 == 0 ? "free" : "gpt-4o", at: Int64(number))
      writes.append(.event(PricedEvent(event, cost: try FlatPricing().cost(of: event))))
    }
    _ = try await store.record([UsageBatch(writes, for: tenant)], at: Fixture.start)
    let period = try #require(Period(start: Fixture.instant(100), end: Fixture.instant(2_400)))
    let card = FlatPricing(picosPerToken: 2_000, unpricedModel: "gpt-4o")
    let job = Repricing(store: store, pricing: card)
    let pages = Lock<[Repricing.Progress]>([])
    let done = try await job.run(over: period, of: tenant) { page in pages.withLock { $0.append(page) } }
    #expect(done.events == 2_300 && done.changed == 2_300)
    #expect(pages.withLock { $0.map(\.events) } == [1_000, 2_000, 2_300])
    let sums = try await store.sums(of: [period], for: tenant).value[0].events
    #expect(sums.unpriced == 2_070)
    #expect(sums.cost.totalPicos == 230 * 15 * 2_000)
    #expect(try await store.event(EventID("e99"), of: tenant)?.cost.rate == RateID("flat-1000"), "before the period")
    #expect(try await store.event(EventID("e2400"), of: tenant)?.cost.rate == nil, "unpriced as before, after it")
    #expect(try await job.run(over: period, of: tenant).changed == 0)
    let second = try #require(pages.withLock { $0.first?.through })
    #expect(try await job.run(over: period, of: tenant, after: second).events == 1_300)
  }

  @Test("retention deletes what sealed periods allow, and re-pricing before the horizon is refused")
  func retention() async throws {
    let tenant = try await tenants.context("acme")
    try await Fixture.fill(store, of: tenant, seed: 5)
    let end = Fixture.instant(86_400 * 101)
    let window = DayWindow(lastDays: 200, at: end)
    let before = try await store.report(for: window, of: tenant).value
    let job = Retention(tenants: tenants.store, store: store, keptDays: 10)
    #expect(try await job.run(at: end).progress.changes == 0, "nothing is sealed")
    try await LedgerRollup(tenants: tenants.store, store: store).run(at: end)
    let deleted = try await job.run(at: end).progress.changes
    // May and June are sealed; July is not, though it is older than ten days.
    let horizon = try #require(try await store.status(of: tenant).horizon)
    #expect(horizon.iso8601 == "2026-07-01T00:00:00Z")
    #expect(try await store.report(for: window, of: tenant).value == before)
    let rest = try await store.sums(of: [#require(Period(start: horizon, end: end))], for: tenant).value[0]
    let total = before.total.sums
    #expect(Int64(deleted) == total.events.count - rest.events.count + total.runs.count - rest.runs.count)
    #expect(try await job.run(at: end).progress.changes == 0)
    await #expect(throws: UsageStoreError.deletedBefore(horizon)) {
      try await Repricing(store: store, pricing: FlatPricing()).run(
        over: #require(Period(start: Fixture.start, end: end)), of: tenant)
    }
  }

  @Test("retention leaves a period whole that is not over for long enough, though nothing has happened in it")
  func idleOrganization() async throws {
    let tenant = try await tenants.context("acme")
    _ = try await store.record([UsageBatch([Fixture.priced("first", picos: 1)], for: tenant)], at: Fixture.start)
    // Periods of thirty days that begin at an odd second of 21 May; the present one has nobody's usage.
    let cut = Fixture.instant(86_400 * 20 + 12_345)
    let periods = CutPeriods(cut: cut)
    let second = cut + .seconds(30 * 86_400)
    let (before, after) = (second + .seconds(35 * 86_400) - .microseconds(1), second + .seconds(35 * 86_400))
    let rollup = LedgerRollup(tenants: tenants.store, store: store, periods: periods)
    let job = Retention(tenants: tenants.store, store: store, periods: periods, keptDays: 3)
    for (now, first) in [(before, cut), (after, second)] {
      try await rollup.run(at: now)
      #expect(try await job.run(at: now).failures.isEmpty)
      let horizon = try #require(try await store.status(of: tenant).horizon)
      #expect(horizon == UTCDay(containing: first).start)
      // What comes late for it is in its row, to the instant at which it begins.
      let seconds = (first.microseconds - Fixture.start.microseconds) / 1_000_000
      let late = try Fixture.priced("late-\(first)", picos: 5, at: seconds)
      #expect(try await store.record([UsageBatch([late], for: tenant)], at: now) == [[.recorded]])
      try await rollup.run(at: now)
      let row = try #require(try await Fixture.ledger(store, of: tenant).first { $0.period.start == first })
      #expect(row.period.end == first + .seconds(30 * 86_400))
      #expect(row.sums.events.cost.totalPicos == 5)
    }
  }

  @Test("a tenant that fails is told and passed over")
  func failures() async throws {
    let (acme, globex) = (try await tenants.context("acme"), try await tenants.context("globex"))
    let store = StagedUsageStore(beforeRollUp: { (tenant) async throws(StoreError) in
      if tenant == acme { throw .corrupt("a sum is missing") }
    })
    for tenant in [acme, globex] { try await Fixture.fill(store, of: tenant, seed: 2) }
    let outcome = try await LedgerRollup(tenants: tenants.store, store: store).run(at: Fixture.start)
    #expect(outcome.failures.map(\.tenantID) == [acme.tenantID])
    #expect(outcome.failures.map(\.error) == [.store(.corrupt("a sum is missing"))])
    #expect(outcome.progress.tenants == 2)
    #expect(try await Fixture.ledger(store, of: globex).count == 4)
  }
}
