package import SaaSCore

/// What a ``UsageStore`` writes to the ledger, as pure functions over what it has read in its transaction.
package enum LedgerRules {
  /// What rolling up one period writes; nothing of it, where the rows are as they should be.
  package struct RollUp: Sendable, Hashable {
    /// Rows that are inserted, or take the place of those with the same starts.
    package var saved: [LedgerRow] = []
    /// The starts of rows that are deleted, because no period begins there any more.
    package var deleted: [Timestamp] = []
    /// What replaced and deleted rows covered outside the period; its days with usage become stale, because no row
    /// has it now.
    package var uncovered: [Period] = []
  }

  /// What rolling up one period writes: a row for each of its ``pieces(of:outside:)``, so that every instant of it is in
  /// exactly one row.
  /// - Parameters:
  ///   - overlapping: every row of the organisation that shares an instant with the period.
  ///   - sums: reads the sums of a period in the same transaction; never asked for what lies before the horizon.
  package static func rollUp<Failure: Error>(
    _ period: Period, overlapping: [LedgerRow], horizon: Timestamp?, sums: (Period) throws(Failure) -> UsageSums
  ) throws(Failure) -> RollUp {
    let pieces = pieces(of: period, outside: overlapping.filter(\.isSealed).map(\.period))
    let open = overlapping.filter { !$0.isSealed }
    var result = RollUp()
    for piece in pieces {
      // Usage before the horizon is in sealed rows, all of it.
      let kept = Period(start: max(piece.start, horizon ?? .distantPast), end: piece.end)
      let row = LedgerRow(period: piece, sums: try kept.map(sums) ?? UsageSums())
      if !open.contains(row) { result.saved.append(row) }
    }
    for row in open where !pieces.contains(row.period) {
      if !pieces.contains(where: { $0.start == row.period.start }) { result.deleted.append(row.period.start) }
      result.uncovered += Self.pieces(of: row.period, outside: [period])
    }
    return result
  }

  /// The parts of a period that lie outside other periods, in order: where periods begin elsewhere than when a row was
  /// sealed, the row keeps what it has, and what is left of the new period is in rows of its own.
  package static func pieces(of period: Period, outside others: [Period]) -> [Period] {
    var pieces: [Period] = []
    var start = period.start
    for other in others.sorted(by: { $0.start < $1.start }) where other.end > start && other.start < period.end {
      if let piece = Period(start: start, end: other.start) { pieces.append(piece) }
      start = max(start, other.end)
    }
    if let rest = Period(start: start, end: period.end) { pieces.append(rest) }
    return pieces
  }

  /// The stale days that are settled: those that lie wholly within rows that were recomputed now or are sealed.
  package static func settled(_ stale: [UTCDay], by rows: [LedgerRow]) -> [UTCDay] {
    let merged = merged(rows.map(\.period))
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
