package import SaaSCore

// What the provider's sums tell of one tally. It tells one number for a span of time; where periods turned out to lie
// elsewhere after reports were stamped in them, the reports of several tallies lie in one span, and the number is of all.

extension UsageTally {
  /// The whole minutes over which the provider's sum is of the whole period, of all reports of this tally wherever they are
  /// stamped, and of all reports of every other tally that has any in there.
  /// - Parameter lane: the tallies of the same sums; this one may be among them.
  package func countedSpan(among lane: [UsageTally]) -> Period? {
    let end = max(period.end, stamps?.end ?? .distantPast)
    guard var span = Period(start: period.start.ceiledToMinute, end: end.ceiledToMinute) else { return nil }
    while true {
      let reached = lane.filter { $0.key != key }.compactMap(\.stamps).filter { $0.overlaps(span) }
      let start = reached.map(\.start).min() ?? span.start
      let end = reached.map(\.end).max() ?? span.end
      guard start < span.start || span.end < end else { return span }
      span = Period(ordered: min(span.start, start), max(span.end, end))
    }
  }

  /// What is asked of the provider to have the sum over a span.
  package func sumQuery(over span: Period, among lane: [UsageTally]) -> ReportedSumQuery {
    let items = Set((others(in: lane, over: span) + [self]).flatMap { $0.formerItems + [$0.itemID] })
    return ReportedSumQuery(meter: price.meter, customerID: customerID, itemIDs: items.sorted(), period: span)
  }

  /// How many units of this tally the provider has counted, at least and at most.
  ///
  /// Where all that is left to tell is which of several tallies' unconfirmed units it counted, those of the earliest
  /// tally are taken to be counted first: whoever asks gets the same answer, and the rest is owed again.
  /// - Parameters:
  ///   - sum: the provider's sum over a span.
  ///   - lane: the tallies of the same sums, read after the sum was.
  package func counted(
    of sum: Int64, over span: Period, among lane: [UsageTally], at now: Timestamp, windows: MeteringWindows
  ) -> ClosedRange<Int64> {
    let others = self.others(in: lane, over: span)
    let most: Int64 = others.reduce(0) { $0.clampedPlus($1.sent) }
    let least: Int64 = others.reduce(0) { $0.clampedPlus($1.surelyCounted(at: now - windows.sumLag)) }
    let high = sum.clampedMinus(least)
    let low = min(sum.clampedMinus(most), high)
    let known = now - windows.sumLag
    guard low < high, isSettled(at: known), others.allSatisfy({ $0.isSettled(at: known) }) else { return low...high }
    let earlier: Int64 = others.filter { ($0.period.start, $0.key) < (period.start, key) }
      .reduce(0) { $0.clampedPlus($1.unconfirmed) }
    // Of what the sum has beyond what was accepted, what is left for this tally.
    let left = max(0, high.clampedMinus(delivered).clampedMinus(earlier))
    let share = delivered.clampedPlus(min(left, unconfirmed))
    return low <= share && share <= high ? share...share : low...high
  }

  private func others(in lane: [UsageTally], over span: Period) -> [UsageTally] {
    lane.filter { $0.key != key && $0.stamps?.overlaps(span) == true }
  }

  /// How many units a sum surely holds that is known since an instant.
  private func surelyCounted(at instant: Timestamp) -> Int64 {
    recent.filter { $0.at > instant }.reduce(delivered) { $0.clampedMinus($1.value) }
  }

  /// Whether a sum that is known since an instant holds all that was ever counted of this tally.
  private func isSettled(at instant: Timestamp) -> Bool { pending == nil && recent.allSatisfy { $0.at <= instant } }

  /// The whole minutes that hold the stamps of all reports; nil where there are none.
  private var stamps: Period? {
    lastStamp.flatMap { Period(start: period.start.ceiledToMinute, end: ($0 + .seconds(1)).ceiledToMinute) }
  }
}
