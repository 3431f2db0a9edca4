public import SaaSCore

/// A whole hour in UTC.
public struct UTCHour: Sendable, Hashable, Comparable {
  /// Hours since 1970-01-01T00:00:00Z; negative before it.
  public let hoursSince1970: Int

  /// The hour that holds an instant.
  public init(containing instant: Timestamp) {
    hoursSince1970 = Int(truncatingIfNeeded: instant.microseconds.flooredDivision(by: Self.microseconds).quotient)
  }

  /// The hour that many hours after 1970-01-01T00:00:00Z.
  public init(hoursSince1970 hours: Int) { hoursSince1970 = hours }

  /// The first instant of the hour, at the end of ``Timestamp``'s range where it lies beyond.
  public var start: Timestamp {
    let (value, overflow) = Int64(hoursSince1970).multipliedReportingOverflow(by: Self.microseconds)
    return overflow ? (hoursSince1970 < 0 ? .distantPast : .distantFuture) : Timestamp(microseconds: value)
  }

  /// The day that the hour is part of.
  public var day: UTCDay { UTCDay(containing: start) }

  public static func < (left: UTCHour, right: UTCHour) -> Bool { left.hoursSince1970 < right.hoursSince1970 }

  private static let microseconds: Int64 = 3_600_000_000
}
