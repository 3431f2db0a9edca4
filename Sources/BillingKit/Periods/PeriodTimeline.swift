public import SaaSCore
internal import UsageKit

/// An organisation's billing periods: they tile time, whatever is known of its subscriptions.
///
/// Without a subscription the periods are the months of UTC. A subscription's periods begin with it and end with it; the
/// period before ends where it begins, and the month of UTC goes on where it ended. Of several at one time the one that
/// began last governs. Between the starts that snapshots told, and after the last of them, the last length is repeated.
public struct PeriodTimeline: Sendable, Hashable {
  fileprivate let tenures: [Tenure]

  /// The time of one subscription, with the starts of its periods.
  fileprivate struct Tenure: Sendable, Hashable {
    let id: SubscriptionID
    let start: Timestamp
    let end: Timestamp
    let starts: [Timestamp]
    let length: PeriodLength
  }

  /// The periods that follow from an account's subscriptions.
  public init(_ account: BillingAccount) {
    var tenures: [Tenure] = []
    for record in account.subscriptions {
      guard let snapshot = record.snapshot, let first = record.periodStarts.first else { continue }
      let start = min(first, snapshot.start)
      let deletedAt = account.customers.first { $0.id == record.customerID }?.deletedAt
      let end =
        snapshot.status.isFinal
        ? snapshot.endedAt ?? snapshot.canceledAt ?? snapshot.currentPeriod?.end ?? .distantFuture
        : deletedAt ?? .distantFuture
      guard start < end else { continue }
      let starts = start == first ? record.periodStarts : [start] + record.periodStarts
      let length = (snapshot.currentPeriod ?? Self.lastPeriod(of: starts)).map(PeriodLength.init) ?? .months(1, day: 0)
      tenures.append(Tenure(id: record.id, start: start, end: end, starts: starts, length: length))
    }
    self.tenures = tenures.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
  }

  /// The period that holds an instant.
  /// - Complexity: O(*n*²) in the number of subscriptions that the organisation ever had
  public func period(containing instant: Timestamp) -> Period {
    let governing = tenure(at: instant)
    var start = Timestamp.distantPast
    var end = Timestamp.distantFuture
    for change in tenures.flatMap({ [$0.start, $0.end] }) where isChange(change) {
      if change <= instant { start = max(start, change) } else { end = min(end, change) }
    }
    let own = governing?.period(containing: instant) ?? UTCMonthPeriods.period(containing: instant)
    return Period(start: max(start, own.start), end: min(end, own.end)) ?? own
  }

  /// The subscription whose periods hold at an instant, or nil where the months of UTC do.
  public func subscription(at instant: Timestamp) -> SubscriptionID? { tenure(at: instant)?.id }

  private func tenure(at instant: Timestamp) -> Tenure? { tenures.last { $0.start <= instant && instant < $0.end } }

  /// Whether another subscription governs from an instant on than before it.
  private func isChange(_ instant: Timestamp) -> Bool {
    tenures.last { $0.start < instant && instant <= $0.end }?.id != tenure(at: instant)?.id
  }

  private static func lastPeriod(of starts: [Timestamp]) -> Period? {
    guard let last = starts.last, let before = starts.dropLast().last else { return nil }
    return Period(start: before, end: last)
  }
}

extension PeriodTimeline.Tenure {
  /// The subscription's own period, which may reach past the subscription.
  fileprivate func period(containing instant: Timestamp) -> Period {
    let index = starts.partitioningIndex { $0 > instant }
    let base = index > 0 ? starts[index - 1] : start
    let next = index < starts.count ? starts[index] : .distantFuture
    let repeated = length.period(from: base, containing: instant)
    return Period(start: max(base, repeated.start), end: min(next, repeated.end)) ?? repeated
  }
}
