internal import SaaSCore

/// The length of a billing period, as far as two instants tell: whole months, or a span of time.
enum PeriodLength: Sendable, Hashable {
  /// Whole months that aim at a day.
  case months(Int, day: Int)
  /// Microseconds, at least one.
  case span(Int64)

  /// The length of a period. It is whole months where both ends have the same time of day and the same day, as far as
  /// their months have it.
  init(of period: Period) {
    let dayLength: Int64 = 86_400_000_000
    let (startDay, startTime) = period.start.microseconds.flooredDivision(by: dayLength)
    let (endDay, endTime) = period.end.microseconds.flooredDivision(by: dayLength)
    let start = CivilDate(daysSince1970: Int(startDay))
    let end = CivilDate(daysSince1970: Int(endDay))
    let months = (end.year - start.year) * 12 + end.month - start.month
    let day = max(start.day, end.day)
    if startTime == endTime, months >= 1, start.day == min(day, CivilDate.days(inMonth: start.month, year: start.year)),
      end.day == min(day, CivilDate.days(inMonth: end.month, year: end.year))
    {
      self = .months(months, day: day)
    } else {
      let (span, overflow) = period.end.microseconds.subtractingReportingOverflow(period.start.microseconds)
      self = .span(overflow ? .max : span)
    }
  }

  /// The period that holds an instant when this length is repeated from a start.
  func period(from start: Timestamp, containing instant: Timestamp) -> Period {
    switch self {
    case .months(let months, let day):
      return CalendarMonths(anchor: start, step: months, day: day).period(containing: instant)
    case .span(let span):
      let (distance, overflow) = instant.microseconds.subtractingReportingOverflow(start.microseconds)
      guard !overflow else { return .always }
      let offset = distance.flooredDivision(by: span).remainder
      let (first, tooEarly) = instant.microseconds.subtractingReportingOverflow(offset)
      let (end, tooLate) = first.addingReportingOverflow(span)
      return Period(
        start: tooEarly ? .distantPast : Timestamp(microseconds: first),
        end: tooLate ? .distantFuture : Timestamp(microseconds: end)) ?? .always
    }
  }
}
