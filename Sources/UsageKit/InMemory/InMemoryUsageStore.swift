public import SaaSCore
public import TenancyKit

/// A ``UsageStore`` in memory, for one process: for tests and trials.
///
/// Each call holds one lock for its whole length, so that it happens at one moment; nothing outlives the process.
/// Recording adds events to their days about a thousand at a time; a call that reads days first adds those that wait.
public final class InMemoryUsageStore: UsageStore {
  /// The outbox to which changes are appended, in the change's own critical section.
  public let outbox: InMemoryOutbox

  private struct State: Sendable {
    var organizations: [OrgID: OrganizationUsage] = [:]
    var calls: UInt64 = 0
    let secret = TextHashSecret()
  }

  private let state = Lock(State())

  /// A store without usage.
  /// - Parameter outbox: where its changes are recorded; several in-memory stores may share one.
  public init(outbox: InMemoryOutbox = InMemoryOutbox()) { self.outbox = outbox }

  /// - Complexity: O(1) for an event, amortised; for a run that is new, O(*w*) in the number of events that wait for it.
  public func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]] {
    state.withLock { state in
      state.calls &+= 1
      var drafts: [OutboxDraft] = []
      let call = state.calls
      let answers = batches.map { batch in
        let organization = batch.tenant.organizationID
        return change(organization, in: &state) { usage in
          usage.record(batch.writes, call: call) { drafts.append($0.draft(of: organization, at: now)) }
        }
      }
      outbox.append(drafts)
      return answers
    }
  }

  /// - Complexity: O(*c*) in the number of costs
  public func reprice(_ costs: [EventID: EventCost], for tenant: TenantContext) async throws(StoreError) -> Int {
    state.withLock { state in
      state.calls &+= 1
      let call = state.calls
      return change(tenant.organizationID, in: &state) { $0.reprice(costs, call: call) }
    }
  }

  /// - Complexity: O(groups × days)
  public func report(for window: DayWindow, of tenant: TenantContext) async throws(StoreError)
    -> UsageReading<UsageReport>
  {
    withDays(of: tenant) { UsageReading($0.report(for: window), revision: $0.revision) }
  }

  /// - Complexity: O(*d* + *h*) for each period, in the number of days with usage and of rows in its partial hours
  public func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError)
    -> UsageReading<[UsageSums]>
  {
    try withDays(of: tenant) { (usage) throws(UsageStoreError) in
      var result: [UsageSums] = []
      for period in periods {
        let parts = PeriodParts(period)
        if let error = UsageRules.summing(parts, horizon: usage.horizon, hadUsage: usage.hadUsage(in:)) { throw error }
        result.append(usage.sums(of: parts))
      }
      return UsageReading(result, revision: usage.revision)
    }
  }

  /// - Complexity: O(1)
  public func status(of tenant: TenantContext) async throws(StoreError) -> UsageStatus {
    with(tenant) { UsageStatus(revision: $0.revision, horizon: $0.horizon) }
  }

  /// - Complexity: O(1)
  public func run(_ id: RunID, of tenant: TenantContext) async throws(StoreError) -> RecordedRun? {
    with(tenant) { $0.recordedRun(id) }
  }

  /// - Complexity: O(1)
  public func event(_ id: EventID, of tenant: TenantContext) async throws(StoreError) -> RecordedEvent? {
    with(tenant) { $0.recordedEvent(id) }
  }

  /// - Complexity: O(*r*) in the number of runs of the period that are passed over or listed; days to which runs were
  ///   added are sorted first.
  public func runs(
    matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor> {
    try withDays(of: tenant) { (usage) throws(UsageStoreError) in
      try usage.runs(matching: query, at: revision, after: cursor, limit: limit)
    }
  }

  /// - Complexity: O(*e*) in the number of events of the period that are passed over or listed; days to which events were
  ///   added are sorted first.
  public func events(
    matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
    of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor> {
    try withDays(of: tenant) { (usage) throws(UsageStoreError) in
      try usage.events(matching: query, at: revision, after: cursor, limit: limit)
    }
  }

  /// - Complexity: O(*r*) in the number of runs of the days on which some are running
  public func runningRuns(
    startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(StoreError) -> Page<RecordedRun, RunCursor> {
    withDays(of: tenant) { $0.runningRuns(startedBefore: instant, after: cursor, limit: limit) }
  }

  /// - Complexity: O(*s* log *s*) in the number of stale days
  public func staleDays(limit: PageLimit, of tenant: TenantContext) async throws(StoreError) -> [UTCDay] {
    withDays(of: tenant) { Array($0.staleDays.sorted().prefix(limit.count)) }
  }

  /// - Complexity: O(*r* + *d*) for each period, in the number of rows of the ledger and of days
  public func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
    withDays(of: tenant) { $0.rollUp(periods) }
  }

  /// - Complexity: O(*r* · *s*) in the number of rows of the ledger and of stale days
  public func sealLedger(endedBy instant: Timestamp, of tenant: TenantContext, at now: Timestamp)
    async throws(StoreError) -> Int
  {
    withDays(of: tenant) { $0.sealLedger(endedBy: instant, at: now) }
  }

  /// - Complexity: O(*r*) in the number of rows of the ledger
  public func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit, of tenant: TenantContext)
    async throws(StoreError) -> Page<LedgerRow, Timestamp>
  {
    with(tenant) { $0.ledger(query, after: start, limit: limit) }
  }

  /// - Complexity: O(*d*) in the number of days, and of rows deleted
  public func deleteRows(before day: UTCDay, limit: PageLimit, of tenant: TenantContext) async throws(StoreError)
    -> UsageDeletion
  {
    withDays(of: tenant) { $0.deleteRows(before: day, limit: limit) }
  }

  /// Calls with an organisation's tables after every event was added to its day.
  private func withDays<Answer: Sendable, Failure: Error>(
    of tenant: TenantContext, _ body: (inout OrganizationUsage) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try with(tenant) { (usage) throws(Failure) in
      usage.groupEvents()
      return try body(&usage)
    }
  }

  private func with<Answer: Sendable, Failure: Error>(
    _ tenant: TenantContext, _ body: (inout OrganizationUsage) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try state.withLock { (state) throws(Failure) in try change(tenant.organizationID, in: &state, body) }
  }

  /// Calls with an organisation's tables in place; they are made where there are none.
  private func change<Answer: Sendable, Failure: Error>(
    _ organization: OrgID, in state: inout State, _ body: (inout OrganizationUsage) throws(Failure) -> Answer
  ) throws(Failure) -> Answer {
    try body(&state.organizations[organization, default: OrganizationUsage(secret: state.secret)])
  }
}
