import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("The ledger's roll-up")
struct LedgerRollupTests {
  typealias Fixture = UsageFixture

  private let tenants = TestTenants()
  private let end = UsageFixture.instant(86_400 * 101)

  private func contexts(_ count: Int) async throws -> [TenantContext] {
    var contexts: [TenantContext] = []
    for number in 0..<count { contexts.append(try await tenants.context("tenant-\(number)")) }
    return contexts
  }

  private func fill(_ store: any UsageStore, _ contexts: [TenantContext]) async throws {
    for (number, context) in contexts.enumerated() {
      try await Fixture.fill(store, of: context, seed: UInt64(number) &+ 1)
    }
  }

  /// The ledgers after one whole pass over the same usage.
  private func expected(_ contexts: [TenantContext]) async throws -> [[LedgerRow]] {
    let store = InMemoryUsageStore()
    try await fill(store, contexts)
    try await LedgerRollup(tenants: tenants.store, store: store).run(at: end)
    return try await ledgers(store, contexts)
  }

  private func ledgers(_ store: any UsageStore, _ contexts: [TenantContext]) async throws -> [[LedgerRow]] {
    var ledgers: [[LedgerRow]] = []
    for context in contexts { ledgers.append(try await Fixture.ledger(store, of: context)) }
    return ledgers
  }

  @Test("it gives each month its sums, and changes nothing when it runs again")
  func twice() async throws {
    let contexts = try await contexts(3)
    let store = InMemoryUsageStore()
    try await fill(store, contexts)
    let rollup = LedgerRollup(tenants: tenants.store, store: store)
    let seen = Lock<[SweepProgress]>([])
    let outcome = try await rollup.run(at: end) { progress in seen.withLock { $0.append(progress) } }
    #expect(outcome.end == .finished && outcome.failures.isEmpty)
    #expect(seen.withLock { $0.map(\.tenants) } == [1, 2, 3])
    let first = try await ledgers(store, contexts)
    for (context, rows) in zip(contexts, first) {
      #expect(
        rows.map(\.period.start.iso8601) == [
          "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z",
        ])
      #expect(try await store.sums(of: rows.map(\.period), for: context).value == rows.map(\.sums))
      // The rows before rounding add up to the days, and to the models.
      let report = try await store.report(for: DayWindow(lastDays: 200, at: end), of: context).value
      #expect(rows.map(\.sums).reduce(UsageSums(), +) == report.total.sums)
      #expect(report.models.map(\.events).reduce(EventSums(), +).cost == report.total.sums.events.cost)
    }
    #expect(try await rollup.run(at: end).progress.changes == 0)
    #expect(try await ledgers(store, contexts) == first)
  }

  @Test("a late event changes its period's row and no other, and a sealed row never", arguments: [0, 1, 2, 3])
  func lateEvent(month: Int) async throws {
    let context = try await tenants.context("acme")
    let store = InMemoryUsageStore()
    try await Fixture.fill(store, of: context, seed: 7)
    // By then May and June are over for 35 days and longer, July and August are not.
    let rollup = LedgerRollup(tenants: tenants.store, store: store)
    try await rollup.run(at: end)
    let before = try await Fixture.ledger(store, of: context)
    #expect(before.map(\.isSealed) == [true, true, false, false])
    let instant = before[month].period.start
    let late = try Fixture.priced("late", picos: 1, at: (instant.microseconds - Fixture.start.microseconds) / 1_000_000)
    _ = try await store.record([UsageBatch([late], for: context)], at: end)
    try await rollup.run(at: end)
    let after = try await Fixture.ledger(store, of: context)
    for (number, (old, new)) in zip(before, after).enumerated() {
      if number == month, !old.isSealed {
        #expect(new.sums.events.cost.totalPicos == old.sums.events.cost.totalPicos + 1)
      } else {
        #expect(new == old)
      }
    }
  }

  @Test("interrupted at any tenant and run again, it gives the rows of one whole pass", arguments: 0..<4)
  func interrupted(at failing: Int) async throws {
    let contexts = try await contexts(4)
    let calls = Lock(0)
    let store = StagedUsageStore(beforeRollUp: { (_) async throws(StoreError) in
      let number = calls.withLock { calls in
        defer { calls += 1 }
        return calls
      }
      if number == failing { throw .unavailable(.busy) }
    })
    try await fill(store, contexts)
    let rollup = LedgerRollup(tenants: tenants.store, store: store)
    let last = Lock<TenantID?>(nil)
    await #expect(throws: UsageStoreError.store(.unavailable(.busy))) {
      try await rollup.run(at: end) { progress in last.withLock { $0 = progress.through } }
    }
    // Resumed after the last tenant that was done, it goes through the rest alone.
    let outcome = try await rollup.run(at: end, after: last.withLock { $0 })
    #expect(outcome.progress.tenants == 4 - failing)
    #expect(try await ledgers(store, contexts) == expected(contexts))
  }

  @Test("two workers at once, while events still come, end in the rows of one")
  func twoWorkers() async throws {
    let contexts = try await contexts(4)
    let store = InMemoryUsageStore()
    let rollup = LedgerRollup(tenants: tenants.store, store: store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await fill(store, contexts) }
      for _ in 0..<2 { group.addTask { for _ in 0..<5 { try await rollup.run(at: end) } } }
      try await group.waitForAll()
    }
    // Sealing may have come before late events; only rows that were not sealed yet are bound to the sums.
    try await rollup.run(at: end)
    for context in contexts {
      #expect(try await store.staleDays(limit: .standard, of: context).isEmpty)
      let open = try await Fixture.ledger(store, of: context).filter { !$0.isSealed }
      #expect(try await store.sums(of: open.map(\.period), for: context).value == open.map(\.sums))
    }
    let again = InMemoryUsageStore()
    try await fill(again, contexts)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 { group.addTask { try await LedgerRollup(tenants: tenants.store, store: again).run(at: end) } }
      try await group.waitForAll()
    }
    #expect(try await ledgers(again, contexts) == expected(contexts))
  }

  @Test("periods that are cut short by a new plan replace the rows of those before")
  func changedPeriods() async throws {
    let context = try await tenants.context("acme")
    let store = InMemoryUsageStore()
    try await Fixture.fill(store, of: context, seed: 3)
    let never = Duration.seconds(86_400 * 3_650)
    try await LedgerRollup(tenants: tenants.store, store: store, sealAfter: never).run(at: end)
    // From 20 June, at an odd second, periods of 30 days.
    let cut = Fixture.instant(86_400 * 50 + 12_345)
    let periods = CutPeriods(cut: cut)
    let rollup = LedgerRollup(tenants: tenants.store, store: store, periods: periods, sealAfter: never)
    try await rollup.run(at: end)
    let rows = try await Fixture.ledger(store, of: context)
    #expect(rows.first?.period.start == Fixture.start)
    #expect(rows.contains { $0.period.end == cut } && rows.contains { $0.period.start == cut })
    for (left, right) in zip(rows, rows.dropFirst()) { #expect(left.period.end == right.period.start) }
    #expect(try await store.sums(of: rows.map(\.period), for: context).value == rows.map(\.sums))
    let total = try await store.report(for: DayWindow(lastDays: 200, at: end), of: context).value.total.sums
    #expect(rows.map(\.sums).reduce(UsageSums(), +) == total)
    try await rollup.run(at: end)
    #expect(try await Fixture.ledger(store, of: context) == rows)
  }

  @Test("of two processes under a lease one does the work")
  func lease() async throws {
    let contexts = try await contexts(2)
    let store = InMemoryUsageStore()
    try await fill(store, contexts)
    let (leases, clock) = (InMemoryJobLeases(), ManualClock(end))
    func rollup(_ holder: String) -> LedgerRollup {
      LedgerRollup(tenants: tenants.store, store: store, lease: SweepLease(leases, holder: holder, clock: clock))
    }
    let other = try await leases.claim("usage.rollup", holder: "other", for: .seconds(60), at: end)
    #expect(try await rollup("me").run(at: end).end == .heldElsewhere)
    #expect(try await ledgers(store, contexts) == [[], []])
    try await leases.release(#require(other))
    #expect(try await rollup("me").run(at: end).end == .finished)
    #expect(try await rollup("you").run(at: end).end == .finished, "the lease was released")
  }
}
