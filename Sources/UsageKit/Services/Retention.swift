public import SaaSCore
public import TenancyKit

/// Deletes runs and events that are older than they have to be kept; groups and the ledger stay.
///
/// Only whole UTC days of sealed periods are deleted, however few days are kept: ``UsageStore/deleteRows(before:limit:of:)``.
/// A period that is not over for long enough to be sealed counts as unsealed also where nothing has happened in it yet, so
/// that what comes late finds it whole.
public struct Retention: Sendable {
  private let store: any UsageStore
  private let periods: any BillingPeriods
  private let sealAfter: Duration
  private let keptDays: Int
  private let sweep: TenantSweep

  /// A job over all tenants.
  /// - Parameters:
  ///   - periods: the billing periods that the roll-up goes by.
  ///   - sealAfter: how long after a period's end the roll-up seals its row; as long as there, 35 days by default.
  ///   - keptDays: how many whole days before today are kept, at least none.
  ///   - lease: keeps a pass to one process at a time; nil where there is only one.
  public init(
    tenants: any TenantStore, store: any UsageStore, periods: any BillingPeriods = UTCMonthPeriods(),
    sealAfter: Duration = .seconds(35 * 86_400), keptDays: Int, lease: SweepLease? = nil,
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.store = store
    self.periods = periods
    self.sealAfter = sealAfter
    self.keptDays = max(0, keptDays)
    sweep = TenantSweep(job: "usage.retention", tenants: tenants, lease: lease, observer: observer)
  }

  /// Deletes for every tenant after one, in the order of their identifiers, in steps of a thousand rows; the changes
  /// counted are rows deleted.
  /// - Throws: ``UsageStoreError/store(_:)`` where a store cannot answer now; what was done until then stays.
  @discardableResult
  public func run(
    at now: Timestamp, after start: TenantID? = nil, progress: (SweepProgress) -> Void = { _ in }
  ) async throws(UsageStoreError) -> SweepOutcome {
    let day = UTCDay(containing: now).advanced(by: -keptDays)
    return try await sweep.run(after: start, progress: progress) { (tenant) async throws(UsageStoreError) in
      try await TenantSweep.store { () async throws(StoreError) in
        let unsealed = try await periods.checkedPeriod(containing: now - sealAfter, for: tenant)
        let end = min(day, UTCDay(containing: unsealed.start))
        var deleted = 0
        while !Task.isCancelled {
          let step = try await store.deleteRows(before: end, limit: .maximum, of: tenant)
          deleted += step.deleted
          if step.isComplete { break }
        }
        return deleted
      }
    }
  }
}
