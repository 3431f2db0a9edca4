package import SaaSCore

/// The times by which metered usage is reported.
public struct MeteringWindows: Sendable, Hashable {
  /// How long after a period's end its invoice is final, so that what is counted later is not billed: one hour.
  public var invoiceFinality = Duration.seconds(3_600)
  /// How long before the provider forgets an identifier it is not sent again any more: half an hour.
  public var identifierMargin = Duration.seconds(1_800)
  /// How long after a report the provider's sums surely hold it, if it was counted: six hours.
  public var sumLag = Duration.seconds(6 * 3_600)
  /// How long accepted reports are remembered by name, for what the provider tells of them later: three days.
  public var memory = Duration.seconds(3 * 86_400)

  /// The usual times.
  public init() {}
}

extension Timestamp {
  /// The whole second that holds the instant.
  var flooredToSecond: Timestamp {
    Timestamp(microseconds: microseconds - microseconds.flooredDivision(by: 1_000_000).remainder)
  }

  /// The first whole minute from the instant on.
  package var ceiledToMinute: Timestamp {
    let remainder = microseconds.flooredDivision(by: 60_000_000).remainder
    return remainder == 0 ? self : self + .microseconds(60_000_000 - remainder)
  }
}
