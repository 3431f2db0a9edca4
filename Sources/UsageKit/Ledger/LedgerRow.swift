public import SaaSCore

/// What one organisation used in one billing period; unique on the organisation and the period's start.
///
/// It is a recomputation of the sums at the time of the last roll-up, so that rolling up again gives the same row.
public struct LedgerRow: Sendable, Hashable {
  /// The billing period.
  public let period: Period
  /// Runs that began and events that came to be in it; the cost in here is exact.
  public let sums: UsageSums
  /// When it was sealed; a sealed row never changes.
  public let sealedAt: Timestamp?

  /// A row as a store keeps it.
  public init(period: Period, sums: UsageSums, sealedAt: Timestamp? = nil) {
    self.period = period
    self.sums = sums
    self.sealedAt = sealedAt
  }

  /// The estimated cost rounded half-even to four decimals: the row's own column, and the only place where it is rounded.
  public var estimatedCost: RoundedUSD { sums.events.cost.rounded }

  /// Whether it never changes again.
  public var isSealed: Bool { sealedAt != nil }
}
