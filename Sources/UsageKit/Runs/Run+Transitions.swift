public import SaaSCore

extension Run {
  /// What becomes of this run when another value of it arrives, in whatever order the values were sent.
  ///
  /// - A running run takes the end that arrives, with that value's artifacts.
  /// - A running run that hears of more artifacts takes their number.
  /// - An ended run stays as it is: an unfinished value is an old one that came late, and the same end is a repeat.
  /// - Another end, another start, user or workflow is a conflict; the run stays as it is.
  ///
  /// `later` must have the same ``id``.
  public func change(on later: Run) -> RunChange {
    if later.startedAt != startedAt { return .conflict(.startedAt) }
    if let conflict = conflict(withStarterOf: later) { return .conflict(conflict) }
    switch (outcome.isFinal, later.outcome.isFinal) {
    case (false, true): return .changed(later)
    case (false, false): return later.artifactCount > artifactCount ? .changed(later) : .unchanged
    case (true, false): return .unchanged
    case (true, true): return later == self ? .unchanged : .conflict(.finished(outcome))
    }
  }

  /// What becomes of this run when it is started again: nothing, whatever the instant of the second start, so that a
  /// repeated start gets the first answer; another user or workflow is a conflict.
  public func change(onRestart later: Run) -> RunChange {
    conflict(withStarterOf: later).map(RunChange.conflict) ?? .unchanged
  }

  private func conflict(withStarterOf later: Run) -> RunConflict? {
    if later.userID != userID { return .userID }
    if later.workflow != workflow { return .workflow }
    return nil
  }

  /// This run with its end.
  /// - Throws: ``UsageValueError`` where the end does not fit the start, or the outcome is ``Outcome/running``.
  public func finished(_ outcome: Outcome, at instant: Timestamp, artifacts: Int64? = nil) throws(UsageValueError)
    -> Run
  {
    try Run(
      id: id, userID: userID, workflow: workflow, startedAt: startedAt, finishedAt: instant, outcome: outcome,
      artifactCount: artifacts ?? artifactCount)
  }

  /// This run closed as abandoned, ended the given age after its start, so that every process closes it alike.
  ///
  /// The age is brought between nothing and ``UsageBounds/durationMilliseconds``.
  public func abandoned(after age: Duration) -> Run {
    let longest = UsageBounds.durationMilliseconds * 1_000
    let microseconds = min(max(age.wholeMicroseconds, 0), longest)
    let end = min(startedAt + .microseconds(microseconds), UsageBounds.latest)
    return Run(
      unchecked: id, userID: userID, workflow: workflow, startedAt: startedAt, finishedAt: end, outcome: .abandoned,
      artifactCount: artifactCount)
  }
}

/// What becomes of a run when another value of it arrives.
public enum RunChange: Sendable, Hashable {
  /// Nothing; the value tells nothing new.
  case unchanged
  /// The run is this one from now on.
  case changed(Run)
  /// The value contradicts the run, which stays as it is.
  case conflict(RunConflict)
}

/// In what a value contradicts the run that is stored.
public enum RunConflict: Sendable, Hashable {
  /// It began at another instant.
  case startedAt
  /// Another user asked for it.
  case userID
  /// It is another kind of work.
  case workflow
  /// It ended already, with this outcome, and the second end is not the same.
  case finished(Run.Outcome)
}
