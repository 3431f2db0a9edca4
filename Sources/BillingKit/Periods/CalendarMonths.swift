public import SaaSCore
internal import UsageKit

/// Steps of whole months from an instant, the day clamped to short months: 31 January, 28 February, 31 March.
///
/// Every boundary is counted from the anchor, so that a short month does not move those after it (Stripe's
/// `billing_cycle_anchor` behaves the same way). The time of day stays.
public struct CalendarMonths: Sendable, Hashable {
  /// The instant that the steps are counted from.
  public let anchor: Timestamp
  /// How many months one step has, at least 1.
  public let step: Int

  private let months: Int
  private let day: Int
  private let timeOfDay: Int64

  /// Steps of a number of months from an anchor.
  /// - Parameter day: the day of the month to aim at, where the anchor itself was clamped; nil for the anchor's own.
  public init(anchor: Timestamp, step: Int = 1, day: Int? = nil) {
    self.anchor = anchor
    self.step = max(1, step)
    let utcDay = UTCDay(containing: anchor)
    let date = CivilDate(daysSince1970: utcDay.daysSince1970)
    months = date.year * 12 + date.month - 1
    self.day = max(date.day, day ?? 0)
    timeOfDay = anchor.microseconds.flooredDivision(by: 86_400_000_000).remainder
  }

  /// The boundary a number of steps after the anchor (or, negative, before); at the end of the range where it lies beyond.
  public func boundary(_ number: Int) -> Timestamp {
    let (steps, overflow) = number.multipliedReportingOverflow(by: step)
    let (month, carried) = months.addingReportingOverflow(steps)
    guard !overflow, !carried else { return number < 0 ? .distantPast : .distantFuture }
    return Self.instant(month: month, day: day, timeOfDay: timeOfDay) ?? (number < 0 ? .distantPast : .distantFuture)
  }

  /// The period between two boundaries that holds an instant.
  public func period(containing instant: Timestamp) -> Period {
    let date = CivilDate(daysSince1970: UTCDay(containing: instant).daysSince1970)
    // The estimate is off by at most one, because a boundary lies somewhere within its month.
    var number = (date.year * 12 + date.month - 1 - months) / step
    while boundary(number) > instant, boundary(number) > .distantPast { number -= 1 }
    while boundary(number + 1) <= instant, boundary(number + 1) < .distantFuture { number += 1 }
    return Period(start: boundary(number), end: boundary(number + 1)) ?? .always
  }

  static func instant(month: Int, day: Int, timeOfDay: Int64) -> Timestamp? {
    let year = month >= 0 ? month / 12 : (month - 11) / 12
    let monthOfYear = month - year * 12 + 1
    let clamped = min(day, CivilDate.days(inMonth: monthOfYear, year: year))
    guard let date = CivilDate(year: year, month: monthOfYear, day: clamped) else { return nil }
    let start = UTCDay(daysSince1970: date.daysSince1970).start
    let (microseconds, overflow) = start.microseconds.addingReportingOverflow(timeOfDay)
    return overflow ? nil : Timestamp(microseconds: microseconds)
  }
}

extension Period {
  // The two ends of the range are in order.
  static let always: Period =
    Period(start: .distantPast, end: .distantFuture) ?? UTCMonthPeriods.period(containing: Timestamp(seconds: 0))
}
