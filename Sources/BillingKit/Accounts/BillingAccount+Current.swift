internal import SaaSCore

extension BillingAccount {
  /// The organisation's subscriptions, the one that counts first: a pure function of the set.
  ///
  /// Those that are paid come before those that are past due, then come unpaid and paused ones, those whose first payment
  /// is awaited, and those that ended; among equals the one that the provider began last, then the higher identifier. (A
  /// second checkout that was abandoned would otherwise hide the subscription that is paid.) Subscriptions of which only
  /// invoices or a checkout told are not among them.
  public var subscriptionsByPriority: [SubscriptionRecord] {
    subscriptions.filter { $0.snapshot != nil }.sorted { left, right in
      let ranks = (rank(of: left), rank(of: right))
      guard ranks.0 == ranks.1 else { return ranks.0 < ranks.1 }
      let starts = (left.snapshot?.start ?? .distantPast, right.snapshot?.start ?? .distantPast)
      return starts.0 == starts.1 ? left.id > right.id : starts.0 > starts.1
    }
  }

  /// The subscription that counts, ended ones included; nil where there never was one.
  public var currentSubscription: SubscriptionRecord? { subscriptionsByPriority.first }

  /// The subscriptions that are paid or past due, the one that counts first; more than one is a mistake to be shown.
  public var payingSubscriptions: [SubscriptionRecord] { subscriptionsByPriority.filter { rank(of: $0) <= 1 } }

  /// The subscription that a change is made to: one that has not ended and whose first payment is not awaited.
  public var liveSubscription: SubscriptionRecord? { subscriptionsByPriority.first { rank(of: $0) <= 2 } }

  /// Whether the organisation ever had a subscription whose first payment or trial began.
  public var hasSubscribedBefore: Bool {
    subscriptions.contains { record in
      record.snapshot.map { $0.status != .incomplete && $0.status != .incompleteExpired } ?? false
    }
  }

  private func rank(of record: SubscriptionRecord) -> Int {
    if customers.contains(where: { $0.id == record.customerID && $0.deletedAt != nil }) { return 4 }
    return switch record.status {
    case .active, .trialing: 0
    case .pastDue: 1
    case .unpaid, .paused: 2
    case .incomplete, .unknown, nil: 3
    case .canceled, .incompleteExpired: 4
    }
  }
}
