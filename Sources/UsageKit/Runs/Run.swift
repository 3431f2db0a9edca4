public import SaaSCore

/// One piece of work that a user asked for, from its start to its end.
///
/// It belongs to the organisation of the tenant in whose name it is recorded. It counts in the day, hour and period of its
/// ``startedAt``, whenever it ends. How one value of a run follows on another is said by ``change(on:)``.
public struct Run: Sendable, Hashable {
  /// The run's name within its organisation.
  public let id: RunID
  /// Who asked for it.
  public let userID: UserID
  /// The kind of work.
  public let workflow: WorkflowName
  /// When it began.
  public let startedAt: Timestamp
  /// When it ended; nil exactly while it is running.
  public let finishedAt: Timestamp?
  /// How it ended, or that it is running.
  public let outcome: Outcome
  /// How many artifacts it made so far.
  public let artifactCount: Int64

  /// A run in any state.
  /// - Throws: ``UsageValueError``: an end without an outcome or the reverse, an end before the start, an instant before
  ///   1970 or past the year 9999, a negative count or one past ``UsageBounds/artifacts``, or a run longer than
  ///   ``UsageBounds/durationMilliseconds``.
  public init(
    id: RunID, userID: UserID, workflow: WorkflowName, startedAt: Timestamp, finishedAt: Timestamp? = nil,
    outcome: Outcome = .running, artifactCount: Int64 = 0
  ) throws(UsageValueError) {
    try UsageBounds.check(startedAt, .startedAt)
    try UsageBounds.check(artifactCount, .artifactCount, atMost: UsageBounds.artifacts)
    guard outcome.isFinal == (finishedAt != nil) else { throw .outcomeWithoutEnd }
    if let finishedAt {
      try UsageBounds.check(finishedAt, .finishedAt)
      guard finishedAt >= startedAt else { throw .finishedBeforeStart }
      let milliseconds = (finishedAt.microseconds - startedAt.microseconds) / 1_000
      try UsageBounds.check(milliseconds, .durationMilliseconds, atMost: UsageBounds.durationMilliseconds)
    }
    self.init(
      unchecked: id, userID: userID, workflow: workflow, startedAt: startedAt, finishedAt: finishedAt,
      outcome: outcome, artifactCount: artifactCount)
  }

  /// A run whose facts were checked when they were first stored.
  package init(
    unchecked id: RunID, userID: UserID, workflow: WorkflowName, startedAt: Timestamp, finishedAt: Timestamp?,
    outcome: Outcome, artifactCount: Int64
  ) {
    self.id = id
    self.userID = userID
    self.workflow = workflow
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.artifactCount = artifactCount
  }

  /// How long it took, in whole milliseconds, finer digits cut; nil while it is running.
  public var durationMilliseconds: Int64? {
    finishedAt.map { ($0.microseconds - startedAt.microseconds) / 1_000 }
  }

  /// How a run ended, or that it is running.
  public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// Not ended yet.
    case running
    /// Ended and did what it was for.
    case succeeded
    /// Ended and did not.
    case failed
    /// Ended because somebody stopped it.
    case cancelled
    /// Nobody said how it ended within the age after which runs are closed.
    case abandoned

    /// Whether nothing follows on it: everything but ``running``.
    public var isFinal: Bool { self != .running }
  }
}
