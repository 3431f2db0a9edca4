import SaaSCore
import TenancyKit
import UsageKit

/// A usage store as a process sees it that stops before or after it rolls up or sums.
final class CrashingUsageStore: UsageStore {
  private let base: InMemoryUsageStore
  private let point: CrashPoint

  init(_ base: InMemoryUsageStore, at point: CrashPoint) {
    self.base = base
    self.point = point
  }

  private func moment() throws(StoreError) {
    if point.isFatal() { throw .unavailable(.failed("stopped")) }
  }

  func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
    try moment()
    let rows = try await base.rollUp(periods, of: tenant)
    try moment()
    return rows
  }

  func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]] {
    try await base.record(batches, at: now)
  }

  func reprice(_ costs: [EventID: EventCost], for tenant: TenantContext) async throws(StoreError) -> Int {
    try await base.reprice(costs, for: tenant)
  }

  func report(for window: DayWindow, of tenant: TenantContext) async throws(StoreError) -> UsageReading<UsageReport> {
    try await base.report(for: window, of: tenant)
  }

  func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError) -> UsageReading<[UsageSums]>
  {
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    let sums = try await base.sums(of: periods, for: tenant)
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    return sums
  }

  func status(of tenant: TenantContext) async throws(StoreError) -> UsageStatus { try await base.status(of: tenant) }

  func run(_ id: RunID, of tenant: TenantContext) async throws(StoreError) -> RecordedRun? {
    try await base.run(id, of: tenant)
  }

  func event(_ id: EventID, of tenant: TenantContext) async throws(StoreError) -> RecordedEvent? {
    try await base.event(id, of: tenant)
  }

  func runs(
    matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor> {
    try await base.runs(matching: query, at: revision, after: cursor, limit: limit, of: tenant)
  }

  func events(
    matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
    of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor> {
    try await base.events(matching: query, at: revision, after: cursor, limit: limit, of: tenant)
  }

  func runningRuns(
    startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(StoreError) -> Page<RecordedRun, RunCursor> {
    try await base.runningRuns(startedBefore: instant, after: cursor, limit: limit, of: tenant)
  }

  func staleDays(limit: PageLimit, of tenant: TenantContext) async throws(StoreError) -> [UTCDay] {
    try await base.staleDays(limit: limit, of: tenant)
  }

  func sealLedger(endedBy instant: Timestamp, of tenant: TenantContext, at now: Timestamp) async throws(StoreError)
    -> Int
  {
    try await base.sealLedger(endedBy: instant, of: tenant, at: now)
  }

  func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit, of tenant: TenantContext)
    async throws(StoreError) -> Page<LedgerRow, Timestamp>
  {
    try await base.ledger(query, after: start, limit: limit, of: tenant)
  }

  func deleteRows(before day: UTCDay, limit: PageLimit, of tenant: TenantContext) async throws(StoreError)
    -> UsageDeletion
  {
    try await base.deleteRows(before: day, limit: limit, of: tenant)
  }
}
