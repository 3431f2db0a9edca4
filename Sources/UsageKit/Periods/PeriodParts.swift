package import SaaSCore

/// A period in the pieces that stores have sums of: whole days, whole hours, and at most two spans within one hour each,
/// whose runs and events are read one by one.
package struct PeriodParts: Sendable, Hashable {
  /// The whole days, in order; empty where there is none.
  package let days: Range<UTCDay>
  /// Whole hours outside those days: at most two ranges of fewer than 24 hours each.
  package let hours: [Range<UTCHour>]
  /// What is left: at most two spans, each within one hour.
  package let rows: [Period]

  /// The pieces of a period, which together are exactly it.
  package init(_ period: Period) {
    let noDays = UTCDay(daysSince1970: 0)..<UTCDay(daysSince1970: 0)
    let first = Self.hourNotBefore(period.start)
    let last = UTCHour(containing: period.end)
    guard first <= last else {
      days = noDays
      hours = []
      rows = [period]
      return
    }
    rows = [Period(start: period.start, end: first.start), Period(start: last.start, end: period.end)].compactMap(
      \.self)
    let firstDay = first.start == first.day.start ? first.day : first.day.advanced(by: 1)
    let lastDay = last.day
    guard firstDay < lastDay else {
      days = noDays
      hours = [Self.range(first, last)].filter { !$0.isEmpty }
      return
    }
    days = firstDay..<lastDay
    hours = [
      Self.range(first, UTCHour(containing: firstDay.start)), Self.range(UTCHour(containing: lastDay.start), last),
    ].filter {
      !$0.isEmpty
    }
  }

  /// A range that is empty where its end comes before its start, as it may at the ends of time.
  private static func range(_ first: UTCHour, _ end: UTCHour) -> Range<UTCHour> { first..<max(first, end) }

  private static func hourNotBefore(_ instant: Timestamp) -> UTCHour {
    let hour = UTCHour(containing: instant)
    return hour.start == instant ? hour : UTCHour(hoursSince1970: hour.hoursSince1970 + 1)
  }
}
