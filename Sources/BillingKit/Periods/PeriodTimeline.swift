public import SaaSCore
internal import UsageKit

/// An organisation's billing periods: they tile time, whatever is known of its subscriptions.
///
/// Without a subscription the periods are the months of UTC. A subscription's periods begin with it and end with it; the
/// period before ends where it begins, and the month of UTC goes on where it ended. Of several at one time the one that
/// began last governs, those first whose plan is known, as they serve first. (How each was paid for has no say: the past
/// would change with it.) Each period that a snapshot told ends as it told, or where the next one begins; what lies between two
/// of them, or after the last, repeats the length of the one before.
public struct PeriodTimeline: Sendable, Hashable {
  fileprivate let tenures: [Tenure]

  /// The time of one subscription, with the starts of its periods.
  fileprivate struct Tenure: Sendable, Hashable {
    let id: SubscriptionID
    let hasKnownPlan: Bool
    let start: Timestamp
    let end: Timestamp
    /// What snapshots told; not empty, by their starts.
    let told: [Period]
  }

  /// The periods that follow from an account's subscriptions.
  public init(_ account: BillingAccount) {
    var tenures: [Tenure] = []
    for record in account.subscriptions {
      guard let snapshot = record.snapshot, let first = record.periods.first else { continue }
      let start = min(first.start, snapshot.start)
      let deletedAt = account.customers.first { $0.id == record.customerID }?.deletedAt
      let end =
        snapshot.status.isFinal
        ? snapshot.endedAt ?? snapshot.canceledAt ?? snapshot.currentPeriod?.end ?? .distantFuture
        : deletedAt ?? .distantFuture
      guard start < end else { continue }
      tenures.append(
        Tenure(
          id: record.id, hasKnownPlan: record.hasKnownPlan, start: start, end: end, told: record.periods))
    }
    // The last one that holds an instant governs there.
    self.tenures = tenures.sorted { left, right in
      guard left.hasKnownPlan == right.hasKnownPlan else { return right.hasKnownPlan }
      return (left.start, left.id) < (right.start, right.id)
    }
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
}

extension PeriodTimeline.Tenure {
  /// The subscription's own period, which may reach past the subscription.
  fileprivate func period(containing instant: Timestamp) -> Period {
    let index = told.partitioningIndex { $0.start > instant }
    guard let base = told.dropFirst(max(0, index - 1)).first else { return .always }
    let next = index < told.count ? told[index].start : .distantFuture
    let repeated = PeriodLength(of: base).period(from: index > 0 ? base.start : start, containing: instant)
    return Period(start: max(index > 0 ? base.start : start, repeated.start), end: min(next, repeated.end)) ?? repeated
  }
}
