public import struct Foundation.Date
public import typealias Foundation.TimeInterval

/// An instant in UTC: whole microseconds since 1970-01-01T00:00:00Z, leap seconds not counted (as POSIX has it).
///
/// Finer digits are cut once, where an instant enters. Arithmetic that would leave the range stays at its end.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Microseconds since 1970-01-01T00:00:00Z; negative before it.
  public let microseconds: Int64

  /// The instant that many microseconds after (or, negative, before) 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The instant that many whole seconds after 1970-01-01T00:00:00Z, at the end of the range where it lies beyond.
  public init(seconds: Int64) {
    let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    microseconds = overflow ? (seconds < 0 ? .min : .max) : value
  }

  /// The instant of a Foundation date, finer digits cut towards the past, or nil where it lies out of range.
  public init?(_ date: Date) {
    let scaled = (date.timeIntervalSince1970 * 1_000_000).rounded(.down)
    guard let value = Int64(exactly: scaled) else { return nil }
    microseconds = value
  }

  /// The earliest instant that can be told.
  public static let distantPast = Timestamp(microseconds: .min)
  /// The latest instant that can be told.
  public static let distantFuture = Timestamp(microseconds: .max)

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// The instant a duration later, finer digits cut; at the end of the range where it lies beyond.
  public static func + (instant: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(microseconds: Int64(clamping: Int128(instant.microseconds) + duration.exactMicroseconds))
  }

  /// The instant a duration earlier, finer digits cut; at the end of the range where it lies beyond.
  public static func - (instant: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(microseconds: Int64(clamping: Int128(instant.microseconds) - duration.exactMicroseconds))
  }

  /// How long after another instant this one is; negative where it is earlier.
  public func duration(since other: Timestamp) -> Duration {
    let (value, overflow) = microseconds.subtractingReportingOverflow(other.microseconds)
    return .microseconds(overflow ? (microseconds < other.microseconds ? .min : .max) : value)
  }
}

extension Date {
  /// The instant as a Foundation date; instants far from today lose digits to its floating point.
  public init(_ timestamp: Timestamp) {
    self.init(timeIntervalSince1970: TimeInterval(timestamp.microseconds) / 1_000_000)
  }
}

extension Duration {
  /// Whole microseconds, finer digits cut; at the end of the range where it lies beyond.
  package var wholeMicroseconds: Int64 { Int64(clamping: exactMicroseconds) }

  /// Whole microseconds, finer digits cut. Sums of a few of them are far within the range.
  fileprivate var exactMicroseconds: Int128 {
    let (seconds, attoseconds) = components
    return Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000)
  }
}
