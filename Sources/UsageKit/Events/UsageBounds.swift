public import SaaSCore

/// The most that one run or event may say of itself.
///
/// They are far above what any provider reports, and low enough that the sums of a group stay within 64 bits for nine
/// billion events.
public enum UsageBounds {
  /// The most tokens of one kind in one event: 10⁹.
  public static let tokens: Int64 = 1_000_000_000
  /// The longest step or run, in milliseconds: 366 days.
  public static let durationMilliseconds: Int64 = 31_622_400_000
  /// The largest result of a step: 2⁵³ − 1, the largest integer that JSON readers agree on.
  public static let resultSize: Int64 = 9_007_199_254_740_991
  /// The most artifacts of one run: 10⁹.
  public static let artifacts: Int64 = 1_000_000_000
  /// The first instant that is kept: 1970-01-01T00:00:00Z.
  public static let earliest = Timestamp(microseconds: 0)
  /// The last instant that is kept: the end of the year 9999, the last that RFC 3339 can write.
  public static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

  static func check(_ value: Int64, _ field: UsageField, atMost maximum: Int64) throws(UsageValueError) {
    guard value >= 0 else { throw .negative(field) }
    guard value <= maximum else { throw .tooLarge(field, maximum: maximum) }
  }

  static func check(_ instant: Timestamp, _ field: UsageField, latest: Timestamp = latest) throws(UsageValueError) {
    guard instant >= earliest else { throw .before1970(field) }
    guard instant <= latest else { throw .tooFarAhead(field, latest: latest) }
  }
}
