package import SaaSCore

/// The decisions of a ``UsageStore``, as pure functions over what the store has read in its transaction.
///
/// A store reads the facts, asks here, and writes what it is told; so every store decides alike. What a write does to the
/// groups is said by ``GroupChanges``, to the ledger by ``LedgerRules``.
package enum UsageRules {
  /// What becomes of an event. The store inserts it exactly where the answer is `recorded`.
  /// - Parameters:
  ///   - stored: the organisation's event of the same identifier at or after the horizon.
  package static func recording(_ event: UsageEvent, stored: UsageEvent?, horizon: Timestamp?) -> UsageAnswer {
    if let stored { return stored == event ? .duplicate : .conflict(.event) }
    return refusal(ofEventAt: event.createdAt, horizon: horizon).map { .refused($0) } ?? .recorded
  }

  /// Why an event of an instant that no stored one is a repeat of is not recorded; nil where it is.
  package static func refusal(ofEventAt instant: Timestamp, horizon: Timestamp?) -> UsageRefusal? {
    guard let horizon, instant < horizon else { return nil }
    return .tooOld(horizon: horizon)
  }

  /// What becomes of a run.
  package struct RunDecision: Sendable, Hashable {
    /// The answer.
    package let answer: UsageAnswer
    /// The value to be inserted (`recorded`) or to replace the stored one (`updated`); nil where nothing is written.
    package let write: Run?
  }

  /// What becomes of a run in any state.
  /// - Parameter stored: the organisation's run of the same identifier at or after the horizon.
  package static func recording(_ run: Run, stored: Run?, horizon: Timestamp?) -> RunDecision {
    if let stored { return decision(stored.change(on: run)) }
    if let horizon, run.startedAt < horizon { return .init(answer: .refused(.tooOld(horizon: horizon)), write: nil) }
    return .init(answer: .recorded, write: run)
  }

  /// What becomes of the start of a run.
  /// - Parameters:
  ///   - stored: the organisation's run of the same identifier at or after the horizon.
  ///   - used: counts the runs that began in the limit's period; called only where that matters.
  package static func starting<Failure: Error>(
    _ run: Run, limit: RunLimit?, stored: Run?, horizon: Timestamp?, used: (Period) throws(Failure) -> Int64
  ) throws(Failure) -> RunDecision {
    if let stored { return decision(stored.change(onRestart: run)) }
    let decision = recording(run, stored: nil, horizon: horizon)
    guard let limit, decision.write != nil else { return decision }
    let used = try used(limit.period)
    return used < limit.runs ? decision : .init(answer: .refused(.limitReached(used: used)), write: nil)
  }

  private static func decision(_ change: RunChange) -> RunDecision {
    switch change {
    case .unchanged: .init(answer: .duplicate, write: nil)
    case .changed(let run): .init(answer: .updated, write: run)
    case .conflict(let conflict): .init(answer: .conflict(.run(conflict)), write: nil)
    }
  }

  /// Why the rows of a period cannot be listed, or nil where they can.
  package static func listing(_ period: Period, horizon: Timestamp?) -> UsageStoreError? {
    guard let horizon, period.start < horizon else { return nil }
    return .deletedBefore(horizon)
  }

  /// Why the sums of a period cannot be read, or nil where they can.
  /// - Parameter hadUsage: whether the groups tell of usage in an hour, whose rows may be deleted.
  package static func summing<Failure: Error>(
    _ parts: PeriodParts, horizon: Timestamp?, hadUsage: (UTCHour) throws(Failure) -> Bool
  ) throws(Failure) -> UsageStoreError? {
    guard let horizon else { return nil }
    for span in parts.rows where span.start < horizon {
      if try hadUsage(UTCHour(containing: span.start)) { return .deletedBefore(horizon) }
    }
    return nil
  }
}
