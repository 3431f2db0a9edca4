internal import SaaSCore

extension BillingAccount {
  /// The organisation's subscriptions, the one that serves it first: a pure function of the set, and the one rule for every
  /// question of which subscription counts.
  ///
  /// Those that are live come first, and of these the ones whose plan is known, now or before: a contract that was sold by
  /// hand under a price of its own is no reason to look past the plan. Those that are paid come before those that are past
  /// due, then come unpaid and paused ones, those whose first payment is awaited, and those that ended; among equals the one
  /// that the provider began last, then the higher identifier. (A second checkout that was abandoned would otherwise hide
  /// the subscription that is paid.) Subscriptions of which only invoices or a checkout told are not among them.
  public var subscriptionsByPriority: [SubscriptionRecord] {
    // Most have one at most, and a record is long to copy.
    if subscriptions.count == 1 { return subscriptions[0].snapshot == nil ? [] : subscriptions }
    let ranked = subscriptions.compactMap { record in
      record.snapshot.map { (record: record, priority: SubscriptionPriority($0, rank: rank(of: record), of: record)) }
    }
    return ranked.sorted { $0.priority < $1.priority }.map(\.record)
  }

  /// The subscription that serves the organisation, ended ones included; nil where there never was one.
  public var currentSubscription: SubscriptionRecord? { subscriptionsByPriority.first }

  /// The subscription that serves the organisation, which a change is made to: nil where it has ended or its first payment
  /// is awaited.
  public var liveSubscription: SubscriptionRecord? {
    currentSubscription.flatMap { rank(of: $0).isLive ? $0 : nil }
  }

  /// The subscriptions that are paid or past due, the one that serves first; more than one is to be looked at.
  public var payingSubscriptions: [SubscriptionRecord] {
    subscriptionsByPriority.filter { rank(of: $0).isPaying }
  }

  /// Whether the organisation ever had a subscription whose first payment or trial began.
  public var hasSubscribedBefore: Bool {
    subscriptions.contains { record in
      record.snapshot.map { $0.status != .incomplete && $0.status != .incompleteExpired } ?? false
    }
  }

  /// Where a subscription stands; one of a deleted customer's has ended with it.
  func rank(of record: SubscriptionRecord) -> SubscriptionRank {
    let isDeleted = customers.contains { $0.id == record.customerID && $0.deletedAt != nil }
    return isDeleted ? .ended : record.status?.rank ?? .awaited
  }
}

/// Where a subscription stands by its status, the one that counts most first.
enum SubscriptionRank: Int, Comparable {
  /// Paid, or in trial.
  case paid
  /// A payment failed and is tried again.
  case pastDue
  /// Live, and not paid for.
  case halted
  /// The first payment is awaited, or nothing is known.
  case awaited
  /// Over.
  case ended

  /// Whether it is live: begun and not over.
  var isLive: Bool { self <= .halted }
  /// Whether it is paid for, or its payment is tried.
  var isPaying: Bool { self <= .pastDue }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What one subscription's place among an organisation's is decided by; the one that serves first is the least.
private struct SubscriptionPriority: Comparable {
  /// Live with a plan that is or was known, live without, or neither.
  private let serviceClass: Int
  private let rank: SubscriptionRank
  private let start: Timestamp
  private let id: SubscriptionID

  init(_ snapshot: SubscriptionSnapshot, rank: SubscriptionRank, of record: SubscriptionRecord) {
    serviceClass = rank.isLive ? (record.hasKnownPlan ? 0 : 1) : 2
    self.rank = rank
    start = snapshot.start
    id = record.id
  }

  static func < (left: Self, right: Self) -> Bool {
    if left.serviceClass != right.serviceClass { return left.serviceClass < right.serviceClass }
    if left.rank != right.rank { return left.rank < right.rank }
    return left.start == right.start ? left.id > right.id : left.start > right.start
  }
}

extension ProviderStatus {
  /// Where a subscription of this status stands.
  var rank: SubscriptionRank {
    switch self {
    case .active, .trialing: .paid
    case .pastDue: .pastDue
    case .unpaid, .paused: .halted
    case .incomplete, .unknown: .awaited
    case .canceled, .incompleteExpired: .ended
    }
  }
}

extension SubscriptionRecord {
  /// Whether the catalogue knows the plan of the subscription's prices, or once did: what has no plan serves nobody who has
  /// one.
  var hasKnownPlan: Bool { resolvedPlan != nil }
}
