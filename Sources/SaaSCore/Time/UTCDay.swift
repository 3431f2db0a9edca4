/// A whole day in UTC.
public struct UTCDay: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01; negative before it.
  public let daysSince1970: Int

  /// The day that holds an instant.
  public init(containing instant: Timestamp) {
    daysSince1970 = Int(instant.microseconds.flooredDivision(by: 86_400_000_000).quotient)
  }

  /// The day that many days after 1970-01-01, brought into the range of ``Timestamp``.
  public init(daysSince1970 days: Int) {
    daysSince1970 = min(max(days, Self.first), Self.last)
  }

  // The days of the earliest and of the latest instant.
  private static let first = Int(Int64.min.flooredDivision(by: 86_400_000_000).quotient)
  private static let last = Int(Int64.max / 86_400_000_000)

  /// The first instant of the day that a ``Timestamp`` can tell.
  public var start: Timestamp {
    let (value, overflow) = Int64(daysSince1970).multipliedReportingOverflow(by: 86_400_000_000)
    return overflow ? .distantPast : Timestamp(microseconds: value)
  }

  /// The day a number of days later (or, negative, earlier).
  public func advanced(by days: Int) -> UTCDay {
    let (sum, overflow) = daysSince1970.addingReportingOverflow(days)
    return UTCDay(daysSince1970: overflow ? (days < 0 ? .min : .max) : sum)
  }

  public static func < (left: UTCDay, right: UTCDay) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension UTCDay: CustomStringConvertible {
  /// The day as ISO 8601 has it: `2026-05-01`.
  public var description: String { String(start.iso8601.prefix { $0 != "T" }) }
}

/// A window of whole UTC days, as dashboards have it; the last day may still be running.
public struct DayWindow: Sendable, Hashable {
  /// The first day.
  public let first: UTCDay
  /// The last day, which belongs to the window.
  public let last: UTCDay

  /// The days from the first to the last, or nil where the last comes before the first.
  public init?(first: UTCDay, last: UTCDay) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// The given number of days (at least one) that end with the day of an instant.
  public init(lastDays count: Int, at instant: Timestamp) {
    last = UTCDay(containing: instant)
    first = last.advanced(by: 1 - max(1, count))
  }

  /// How many days the window has.
  public var count: Int { last.daysSince1970 - first.daysSince1970 + 1 }

  /// Every day of the window, in order.
  public var days: [UTCDay] { (first.daysSince1970...last.daysSince1970).map(UTCDay.init(daysSince1970:)) }

  /// The instants of the window, from the first day's start to the last day's end.
  public var period: Period? { Period(start: first.start, end: last.advanced(by: 1).start) }

  /// The window of as many days that ends where this one begins.
  public var previous: DayWindow {
    DayWindow(first: first.advanced(by: -count), last: first.advanced(by: -1)) ?? self
  }

  /// Whether the last day is still running at an instant.
  public func isPartial(at instant: Timestamp) -> Bool { instant < last.advanced(by: 1).start }
}
