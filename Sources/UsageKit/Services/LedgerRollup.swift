public import SaaSCore
public import TenancyKit

/// Brings the ledger of every organisation up to its usage: the nightly job, which may run as often as one likes.
///
/// It recomputes the periods of every stale day, and of every unsealed row whose period ends otherwise than before; so
/// running it twice, on two machines at once, or again after it was interrupted gives the same rows.
public struct LedgerRollup: Sendable {
  private let store: any UsageStore
  private let periods: any BillingPeriods
  private let sealAfter: Duration
  private let sweep: TenantSweep

  /// A roll-up of all tenants.
  /// - Parameters:
  ///   - sealAfter: how long after a period's end its row is sealed, so that nothing changes it any more; usage that
  ///     comes later is in the groups and not in the row. The default is 35 days.
  ///   - lease: keeps a pass to one process at a time; nil where there is only one.
  public init(
    tenants: any TenantStore, store: any UsageStore, periods: any BillingPeriods = UTCMonthPeriods(),
    sealAfter: Duration = .seconds(35 * 86_400), lease: SweepLease? = nil,
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.store = store
    self.periods = periods
    self.sealAfter = sealAfter
    sweep = TenantSweep(job: "usage.rollup", tenants: tenants, lease: lease, observer: observer)
  }

  /// Rolls up every tenant after one, in the order of their identifiers; the changes counted are rows recomputed.
  ///
  /// - Parameters:
  ///   - now: judges which periods are over for long enough to be sealed.
  ///   - start: the last tenant of a pass that was interrupted; nil for all.
  ///   - progress: called after each tenant.
  /// - Throws: ``UsageStoreError/store(_:)`` where a store cannot answer now; what was done until then stays.
  @discardableResult
  public func run(
    at now: Timestamp, after start: TenantID? = nil, progress: (SweepProgress) -> Void = { _ in }
  ) async throws(UsageStoreError) -> SweepOutcome {
    try await sweep.run(after: start, progress: progress) { (tenant) async throws(UsageStoreError) in
      try await TenantSweep.store { () async throws(StoreError) in try await rollUp(tenant, at: now) }
    }
  }

  /// Rolls up one tenant, and gives how many rows were recomputed.
  @discardableResult
  public func rollUp(_ tenant: TenantContext, at now: Timestamp) async throws(StoreError) -> Int {
    var count = try await rollUpChangedPeriods(of: tenant)
    var last: [UTCDay] = []
    while true {
      let stale = try await store.staleDays(limit: .standard, of: tenant)
      // Days that a roll-up of their periods does not settle are left to the next pass.
      guard !stale.isEmpty, stale != last else { break }
      last = stale
      count += try await store.rollUp(periods(touching: stale, of: tenant), of: tenant).count
    }
    _ = try await store.sealLedger(endedBy: now - sealAfter, of: tenant, at: now)
    return count
  }

  /// The periods that days touch, in order, each once.
  private func periods(touching days: [UTCDay], of tenant: TenantContext) async throws(StoreError) -> [Period] {
    var result: [Period] = []
    for day in days {
      let start = max(day.start, result.last?.end ?? .distantPast)
      guard let rest = Period(start: start, end: day.advanced(by: 1).start) else { continue }
      result += try await periods.periods(touching: rest, for: tenant)
    }
    return result
  }

  /// Recomputes the unsealed rows whose periods are others by now.
  private func rollUpChangedPeriods(of tenant: TenantContext) async throws(StoreError) -> Int {
    var changed: [Period] = []
    var cursor: Timestamp?
    repeat {
      let page = try await store.ledger(LedgerQuery(isSealed: false), after: cursor, limit: .standard, of: tenant)
      for row in page.elements {
        let start = max(row.period.start, changed.last?.end ?? .distantPast)
        guard let rest = Period(start: start, end: row.period.end) else { continue }
        let found = try await periods.periods(touching: rest, for: tenant)
        if try await !isRow(row.period, of: found, tenant) { changed += found }
      }
      cursor = page.next
    } while cursor != nil
    guard !changed.isEmpty else { return 0 }
    return try await store.rollUp(changed, of: tenant).count
  }

  /// Whether periods come to a row: it is the one, or a part of it that sealed rows leave.
  private func isRow(_ row: Period, of found: [Period], _ tenant: TenantContext) async throws(StoreError) -> Bool {
    guard found.count == 1, let period = found.first else { return false }
    if period == row { return true }
    let sealed = try await store.ledger(
      LedgerQuery(overlapping: period, isSealed: true), after: nil, limit: .maximum, of: tenant
    ).elements
    return LedgerRules.pieces(of: period, outside: sealed.map(\.period)).contains(row)
  }
}
