public import SaaSCore
public import TenancyKit

/// Keeps runs, events, their groups and the ledger of every organisation.
///
/// A host application implements it over its own database, or uses ``InMemoryUsageStore`` or the SQLite store. The
/// services of this kit, billing and reports call it. `UsageStoreConformance` in SaaSTesting checks an implementation
/// against everything that is said here; what a write does is decided by pure functions that implementations share.
///
/// Everything is the tenant's organisation's and nobody else's: the same identifier in another organisation is another
/// thing. An implementation guarantees, across all processes that share the store:
/// - Every call is one transaction: it happens whole or not at all, and once it has returned it is durable.
/// - **Revisions**: a call that changes an organisation's runs or events takes that organisation's next revision, and
///   stamps every row that it inserts or changes with it. A revision is visible only when all lower ones are. A read
///   sees one revision whole. A call that changes nothing takes none; the ledger has none.
/// - **Groups** are kept in the transaction that inserts or changes a row: sums by day and by hour for the organisation,
///   by day for each user, each workflow, and each provider and model, together with the histogram of run durations by
///   day (of the organisation, each user, each workflow). They equal ``UsageAggregation`` over the rows at every
///   moment, to the pico-dollar.
/// - **Stale days**: the day of every row that is inserted or changed such that the organisation's sums change becomes
///   stale in that transaction, until a roll-up of periods that cover it. More days may; none that did may be missing.
/// - **Horizon**: no row lies before it. It is the start of a UTC day and never goes back. Groups stay.
/// - Nothing is judged by the store's own clock, but by the instants passed in.
public protocol UsageStore: Sendable {
  // MARK: Recording

  /// Records batches for any tenants, all in one transaction; the answers stand where their writes do.
  ///
  /// Writes take effect in order, each as if those before it were committed, and one that is in conflict or refused
  /// changes nothing and stops nothing.
  ///
  /// An **event** is a duplicate or in conflict where the organisation has one of its identifier, else `tooOld` where it
  /// lies before the horizon, else recorded: under its run's user and workflow, or under unknown.
  ///
  /// A **run** that is there changes as ``Run/change(on:)`` says; where its start lies before the horizon it was deleted
  /// and is `tooOld`. One that is new is recorded, and the events that wait for it move from unknown to its user and
  /// workflow, in their own days; each of them changes, the run's revision upon it.
  ///
  /// A **start** of a run that is there is a duplicate or in conflict as ``Run/change(onRestart:)`` says, so that it gets
  /// its first answer however many runs began since. Of a new one, the runs that began in the limit's period are
  /// counted, and it is recorded as a run is, or refused as `limitReached`; counting and inserting are one, and take time
  /// that does not grow with the number of runs (their logarithm, or the runs within one hour, may enter). A refusal is
  /// not remembered, and need not be: under the same limit the answer stays, because no run of a period ever goes.
  /// (One exception: of a period that begins or ends within an hour before the horizon, runs deleted in that hour are not
  /// counted.)
  ///
  /// - Parameter now: the instant stamped on what is told to the outbox: `run.abandoned` for every run that becomes
  ///   abandoned (``UsageOutboxEvent``).
  func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]]

  /// Gives events other costs, all in one transaction; costs that are the same already change nothing.
  ///
  /// - Returns: how many changed. Events that are not there are passed over.
  /// - Throws: ``UsageStoreError/store(_:)``.
  func reprice(_ costs: [EventID: EventCost], for tenant: TenantContext) async throws(StoreError) -> Int

  // MARK: Figures

  /// Every group of a window of days. The cost of the call is in proportion to groups × days, not to events.
  func report(for window: DayWindow, of tenant: TenantContext) async throws(StoreError) -> UsageReading<UsageReport>

  /// The sums of periods, in their order, all at one revision: from the groups of whole days and hours, and from the rows
  /// of at most two hours for each.
  /// - Throws: ``UsageStoreError/deletedBefore(_:)`` where a period begins or ends within an hour before the horizon that
  ///   had usage, so that its rows would be needed.
  func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError)
    -> UsageReading<[UsageSums]>

  // MARK: Rows

  /// The organisation's present revision and horizon; revision 0 and no horizon where nothing was ever recorded.
  func status(of tenant: TenantContext) async throws(StoreError) -> UsageStatus

  /// The run with an identifier, or nil.
  func run(_ id: RunID, of tenant: TenantContext) async throws(StoreError) -> RecordedRun?

  /// The event with an identifier, or nil.
  func event(_ id: EventID, of tenant: TenantContext) async throws(StoreError) -> RecordedEvent?

  /// The runs that match, by start and then by the bytes of their identifiers, without those inserted after a revision.
  /// - Parameters:
  ///   - revision: the revision at which a figure was read; nil for the present one.
  ///   - cursor: the place after which the page begins. It need not be that of a run that is there.
  /// - Throws: ``UsageStoreError/deletedBefore(_:)`` where the period begins before the horizon.
  func runs(
    matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor>

  /// The events that match, by instant and then by the bytes of their identifiers, without those inserted after a
  /// revision.
  ///
  /// An event keeps its user and workflow also when its run, of an earlier day, was deleted by retention.
  /// - Parameters:
  ///   - revision: the revision at which a figure was read; nil for the present one.
  ///   - cursor: the place after which the page begins. It need not be that of an event that is there.
  /// - Throws: ``UsageStoreError/deletedBefore(_:)`` where the period begins before the horizon.
  func events(
    matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
    of tenant: TenantContext
  ) async throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor>

  /// The runs that are running and began before an instant, in the order of ``runs(matching:at:after:limit:of:)``; an
  /// index of its own makes the cost that of the page.
  func runningRuns(
    startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
  ) async throws(StoreError) -> Page<RecordedRun, RunCursor>

  // MARK: Ledger

  /// The first stale days in order, at most as many as the limit says.
  func staleDays(limit: PageLimit, of tenant: TenantContext) async throws(StoreError) -> [UTCDay]

  /// Recomputes and saves the rows of periods, and settles the stale days that these rows cover, all in one transaction.
  ///
  /// For each period in order: its row is what ``sums(of:for:)`` would say now, saved in the place of the one with the
  /// same start. Sealed rows that overlap it stay as they are, and each part of the period outside them has a row of its
  /// own; of what lies before the horizon nothing is counted, because sealed rows have it. Unsealed rows that overlap it
  /// and are none of these rows are deleted or replaced, and the days with usage that they covered outside the period
  /// become stale. So rows never share an instant, and usage that is in no row has its day stale.
  ///
  /// - Returns: the rows that overlap the periods afterwards, each once, in the order of the periods and of their starts.
  func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow]

  /// Seals every row whose period ended by an instant and shares no instant with a stale day.
  /// - Returns: how many were sealed now.
  func sealLedger(endedBy instant: Timestamp, of tenant: TenantContext, at now: Timestamp) async throws(StoreError)
    -> Int

  /// The rows of the ledger that match, in the order of their periods' starts.
  /// - Parameter start: the start of the row after which the page begins; nil for the first.
  func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit, of tenant: TenantContext)
    async throws(StoreError) -> Page<LedgerRow, Timestamp>

  // MARK: Retention

  /// Moves the horizon as far towards a day as sealed periods allow, and deletes rows before it, oldest first, at most as
  /// many as the limit says.
  ///
  /// The horizon moves to the earliest of: the day, the day on which the first unsealed row of the ledger begins, the
  /// first stale day; and never back. It moves in the first call, whatever is left to delete: nothing before it is
  /// listed, found, counted row by row or recorded any more. Of periods without a row the store does not know; the
  /// caller asks for no day after the start of one that is not over, as ``Retention`` does.
  func deleteRows(before day: UTCDay, limit: PageLimit, of tenant: TenantContext) async throws(StoreError)
    -> UsageDeletion
}

/// Where an organisation's usage stands.
public struct UsageStatus: Sendable, Hashable {
  /// The present revision; 0 where nothing was ever recorded.
  public let revision: Int64
  /// The instant before which rows were deleted, or nil where none were.
  public let horizon: Timestamp?

  /// Where an organisation's usage stands.
  public init(revision: Int64, horizon: Timestamp?) {
    self.revision = revision
    self.horizon = horizon
  }
}

/// Which rows of an organisation's ledger are asked for; what is nil does not matter.
public struct LedgerQuery: Sendable, Hashable {
  /// A span with which their periods share an instant.
  public var overlapping: Period?
  /// Whether they are sealed.
  public var isSealed: Bool?

  /// All rows, or some of them.
  public init(overlapping: Period? = nil, isSealed: Bool? = nil) {
    self.overlapping = overlapping
    self.isSealed = isSealed
  }

  /// Whether a row is among them.
  public func matches(_ row: LedgerRow) -> Bool {
    (overlapping.map { row.period.start < $0.end && $0.start < row.period.end } ?? true)
      && (isSealed.map { $0 == row.isSealed } ?? true)
  }
}

/// What one call of retention did.
public struct UsageDeletion: Sendable, Hashable {
  /// The horizon afterwards, or nil where there is none.
  public let horizon: Timestamp?
  /// How many runs and events were deleted.
  public let deleted: Int
  /// Whether no row is left before the horizon.
  public let isComplete: Bool

  /// What one call of retention did.
  public init(horizon: Timestamp?, deleted: Int, isComplete: Bool) {
    self.horizon = horizon
    self.deleted = deleted
    self.isComplete = isComplete
  }
}
