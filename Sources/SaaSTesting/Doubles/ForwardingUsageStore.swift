public import SaaSCore
public import TenancyKit
public import UsageKit

/// A usage store that hands every call on to another one.
///
/// A double conforms to it and states only the calls that it changes: one that waits, fails or listens.
public protocol ForwardingUsageStore: UsageStore {
  associatedtype Base: UsageStore

  /// The store that the calls are handed on to.
  var base: Base { get }
}

extension ForwardingUsageStore {
  public func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]] {
    try await base.record(batches, at: now)
  }

  public func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
    try await base.rollUp(periods, of: tenant)
  }

  public func reprice(_ costs: [EventID: EventCost], for tenant: TenantContext) async throws(StoreError) -> Int {
    try await base.reprice(costs, for: tenant)
  }

  public func report(for window: DayWindow, of tenant: TenantContext) async throws(StoreError) -> UsageReading<
    UsageReport
  > {
    try await base.report(for: window, of: tenant)
  }

  public func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError) -> UsageReading<
    [UsageSums]
  > {
    try await base.sums(of: periods, for: tenant)
  }

  public func status(of tenant: TenantContext) async throws(StoreError) -> UsageStatus {
    try await base.status(of: tenant)
  }

  public func run(_ id: RunID, of tenant: TenantContext) async throws(StoreError) -> RecordedRun? {
    try await base.run(id, of: tenant)
  }

  public func event(_ id: EventID, of tenant: TenantContext) async throws(StoreError) -> RecordedEvent? {
    try await base.event(id, of: tenant)
  }

  public func runs(
    matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor> {
    try await base.runs(matching: query, at: revision, after: cursor, limit: limit, of: tenant)
  }

  public func events(
    matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
    of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor> {
    try await base.events(matching: query, at: revision, after: cursor, limit: limit, of: tenant)
  }

  public func runningRuns(
    startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(StoreError) -> Page<RecordedRun, RunCursor> {
    try await base.runningRuns(startedBefore: instant, after: cursor, limit: limit, of: tenant)
  }

  public func staleDays(limit: PageLimit, of tenant: TenantContext) async throws(StoreError) -> [UTCDay] {
    try await base.staleDays(limit: limit, of: tenant)
  }

  public func sealLedger(endedBy instant: Timestamp, of tenant: TenantContext, at now: Timestamp)
    async throws(StoreError)
    -> Int
  {
    try await base.sealLedger(endedBy: instant, of: tenant, at: now)
  }

  public func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit, of tenant: TenantContext)
    async throws(StoreError) -> Page<LedgerRow, Timestamp>
  {
    try await base.ledger(query, after: start, limit: limit, of: tenant)
  }

  public func deleteRows(before day: UTCDay, limit: PageLimit, of tenant: TenantContext) async throws(StoreError)
    -> UsageDeletion
  {
    try await base.deleteRows(before: day, limit: limit, of: tenant)
  }
}
