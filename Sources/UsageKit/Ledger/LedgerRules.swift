package import SaaSCore

/// What a ``UsageStore`` writes to the ledger, as pure functions over what it has read in its transaction.
package enum LedgerRules {
  /// What rolling up one period writes.
  package enum RollUp: Sendable, Hashable {
    /// A sealed row is in the way, which is the answer; nothing is written.
    case sealed(LedgerRow)
    /// The row is as it was; nothing is written.
    case unchanged(LedgerRow)
    /// The row is inserted, or takes the place of that with the same start; the rows that begin at these other instants
    /// are deleted, because periods no longer begin there, and the days on which they begin become stale.
    case save(LedgerRow, deleting: [Timestamp])
  }

  /// What rolling up one period writes.
  /// - Parameters:
  ///   - sums: the period's sums, recomputed in the same transaction.
  ///   - overlapping: every row of the organisation that shares an instant with the period.
  package static func rollUp(_ period: Period, sums: UsageSums, overlapping: [LedgerRow]) -> RollUp {
    let sealed = overlapping.filter(\.isSealed)
    if let row = sealed.first(where: { $0.period.start == period.start }) ?? sealed.first { return .sealed(row) }
    let row = LedgerRow(period: period, sums: sums)
    if overlapping == [row] { return .unchanged(row) }
    return .save(row, deleting: overlapping.map(\.period.start).filter { $0 != period.start }.sorted())
  }

  /// The stale days that a roll-up of these periods settles: those that lie wholly within the periods together.
  package static func settled(_ stale: [UTCDay], by periods: [Period]) -> [UTCDay] {
    let merged = merged(periods)
    return stale.filter { day in
      let (start, end) = (day.start, day.advanced(by: 1).start)
      return merged.contains { $0.start <= start && end <= $0.end }
    }
  }

  /// The row sealed, or nil where it stays as it is: sealed already, not over by then, or not rolled up since a change.
  /// - Parameter isStale: whether a stale day shares an instant with the row's period.
  package static func seal(_ row: LedgerRow, endedBy instant: Timestamp, isStale: Bool, at now: Timestamp) -> LedgerRow?
  {
    guard !row.isSealed, row.period.end <= instant, !isStale else { return nil }
    return LedgerRow(period: row.period, sums: row.sums, sealedAt: now)
  }

  /// The horizon that retention may set: no later than was asked for, than the day on which the first unsealed row
  /// begins, and than the first stale day; every day before it is empty or of sealed periods. It never goes back.
  package static func horizon(
    requested: UTCDay, present: Timestamp?, firstUnsealed: LedgerRow?, firstStale: UTCDay?
  ) -> Timestamp? {
    var day = requested
    if let firstUnsealed { day = min(day, UTCDay(containing: firstUnsealed.period.start)) }
    if let firstStale { day = min(day, firstStale) }
    guard day.start > UsageBounds.earliest else { return present }
    return max(day.start, present ?? .distantPast)
  }

  /// The periods in order, those that meet or overlap made one.
  private static func merged(_ periods: [Period]) -> [Period] {
    var result: [Period] = []
    for period in periods.sorted(by: { $0.start < $1.start }) {
      if let last = result.last, period.start <= last.end {
        result[result.count - 1] = Period(ordered: last.start, max(last.end, period.end))
      } else {
        result.append(period)
      }
    }
    return result
  }
}
