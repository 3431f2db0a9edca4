public import SaaSCore
public import TenancyKit

/// What some writes record for one tenant.
public struct UsageBatch: Sendable {
  /// The tenant for which they are made.
  public let tenant: TenantContext
  /// The writes, in order.
  public let writes: [UsageWrite]

  /// Writes for one tenant.
  public init(_ writes: [UsageWrite], for tenant: TenantContext) {
    self.tenant = tenant
    self.writes = writes
  }
}

/// One thing to record.
///
/// Runs are kept apart from their write, so that a write takes no more room than an event needs.
public enum UsageWrite: Sendable, Hashable {
  /// An event with its cost.
  case event(PricedEvent)
  /// A run in any state, which is inserted or completes the one that is there (``Run/change(on:)``).
  indirect case run(Run)
  /// The start of a run if fewer runs than the limit says began in its period; a run that is there stays as it is
  /// (``Run/change(onRestart:)``).
  indirect case start(Run, limit: RunLimit?)
}

/// How many runs may begin in a period.
public struct RunLimit: Sendable, Hashable {
  /// The most runs of the period.
  public let runs: Int64
  /// The period that is counted.
  public let period: Period

  /// At most so many runs that began in a period.
  public init(_ runs: Int64, in period: Period) {
    self.runs = runs
    self.period = period
  }
}

/// What became of one write.
public enum UsageAnswer: Sendable, Hashable {
  /// It was new, and is recorded.
  case recorded
  /// It brought a run further that was there: its end, or more artifacts.
  case updated
  /// It tells nothing that was not recorded before.
  case duplicate
  /// It contradicts what is recorded, which stays as it was.
  case conflict(UsageConflict)
  /// It is not recorded.
  case refused(UsageRefusal)
}

/// In what a write contradicts what is recorded under the same identifier.
public enum UsageConflict: Sendable, Hashable {
  /// The event's facts are others than those recorded first. (Its cost does not matter: prices change.)
  case event
  /// The run is another.
  case run(RunConflict)
}

/// Why a write was not recorded.
public enum UsageRefusal: Sendable, Hashable {
  /// It lies before the organisation's horizon, where retention has deleted.
  case tooOld(horizon: Timestamp)
  /// So many runs began in the period already.
  case limitReached(used: Int64)
  /// A number or an instant cannot be.
  case invalid(UsageValueError)
  /// The store gave no answer for it, against its contract.
  case unanswered
}
