public import SaaSCore
internal import UsageKit

/// What an organisation may do at an instant: a pure function of its account, the catalogue and the policy.
public struct Entitlements: Sendable, Hashable {
  /// The instant that this was asked for.
  public let at: Timestamp
  /// The plan.
  public let plan: Plan
  /// Why it is that plan.
  public let source: Source
  /// How many seats the plan's limits count; 1 on a plan without seats.
  public let seats: Int64
  /// The plan's features, with those that were granted in their place.
  public let features: [FeatureName: FeatureValue]
  /// The plan's limits with what seats and grants add, and the window that holds the instant.
  public let limits: [LimitAllowance]
  /// The billing period that holds the instant.
  public let billingPeriod: Period
  /// How the subscription that serves the organisation stands; nil where there never was one.
  public let posture: BillingPosture?
  /// What the organisation's owner or the operator should see, in a fixed order.
  public let warnings: [BillingWarning]

  /// Why an organisation has its plan.
  public enum Source: Sendable, Hashable {
    /// It pays for it.
    case subscription(SubscriptionID)
    /// The operator granted it.
    case grant(GrantID)
    /// It has neither.
    case `default`
  }

  /// What the plan or a grant says of a feature; nil where neither says anything.
  public func feature(_ name: FeatureName) -> FeatureValue? { features[name] }

  /// The limits on one metric.
  public func limits(on metric: LimitMetric) -> [LimitAllowance] { limits.filter { $0.limit.metric == metric } }
}

/// A plan's limit as it applies to one organisation in one window.
public struct LimitAllowance: Sendable, Hashable {
  /// What the plan says.
  public let limit: PlanLimit
  /// How much is allowed in the window with all seats and grants, in units of the metric.
  public let cap: Int128
  /// The window.
  public let period: Period

  package init(limit: PlanLimit, cap: Int128, period: Period) {
    self.limit = limit
    self.cap = cap
    self.period = period
  }
}

/// Something about an organisation's billing that somebody should look at.
public enum BillingWarning: Sendable, Hashable {
  /// The catalogue does not know these prices of a subscription that is not over; the plan stays as it was.
  case unresolvedPrices(SubscriptionID, [PriceID])
  /// Several subscriptions are paid at once; the first one serves.
  case duplicateSubscriptions([SubscriptionID])
  /// A payment failed; what the subscription gives is kept until the instant, which may be past.
  case pastDue(SubscriptionID, until: Timestamp?)
  /// The provider tells a status that this library does not know.
  case unknownStatus(SubscriptionID, String)
  /// Only a read of the provider can tell how the subscription stands; reconciliation does it.
  case unsettled(SubscriptionID)
  /// The provider's customer was deleted; the next checkout makes a new one.
  case customerDeleted(CustomerID)
}

/// The rules by which an account becomes entitlements.
public struct EntitlementRules: Sendable {
  /// The plans.
  public let catalog: PlanCatalog
  /// For how long which status gives a plan.
  public let policy: EntitlementPolicy

  /// Rules over a catalogue.
  public init(catalog: PlanCatalog, policy: EntitlementPolicy = EntitlementPolicy()) {
    self.catalog = catalog
    self.policy = policy
  }

  /// What an organisation may do at an instant.
  public func entitlements(of account: BillingAccount, at instant: Timestamp) -> Entitlements {
    let standing = standing(of: account, at: instant)
    let grants = account.grants.filter { $0.holds(at: instant) }
    var features = standing.plan.features
    var allowances: [LimitMetric: Int128] = [:]
    for grant in grants {
      switch grant.kind {
      case .plan: continue
      case .feature(let name, let value): features[name] = value
      case .allowance(let metric, let units): allowances[metric, default: 0] += Int128(max(0, units))
      }
    }
    let billingPeriod = PeriodTimeline(account).period(containing: instant)
    let anchor = serving(account, at: instant)?.record.snapshot?.start
    let limits = standing.plan.limits.map { limit in
      let period =
        switch limit.window {
        case .billingPeriod: billingPeriod
        case .month:
          anchor.map { CalendarMonths(anchor: $0).period(containing: instant) }
            ?? UTCMonthPeriods.period(containing: instant)
        case .day: DayWindow(lastDays: 1, at: instant).period ?? billingPeriod
        }
      let cap = limit.cap(seats: standing.seats) + allowances[limit.metric, default: 0]
      return LimitAllowance(limit: limit, cap: cap, period: period)
    }
    return Entitlements(
      at: instant, plan: standing.plan, source: standing.source, seats: standing.seats, features: features,
      limits: limits, billingPeriod: billingPeriod, posture: account.currentSubscription?.posture,
      warnings: warnings(of: account))
  }

  func warnings(of account: BillingAccount) -> [BillingWarning] {
    var warnings: [BillingWarning] = []
    let paying = account.payingSubscriptions
    if paying.count > 1 { warnings.append(.duplicateSubscriptions(paying.map(\.id))) }
    // Of every subscription that is not over, wherever it ranks.
    for record in account.subscriptionsByPriority where account.rank(of: record) != .ended {
      guard let snapshot = record.snapshot else { continue }
      let unresolved = catalog.unresolvedPrices(of: snapshot)
      if !unresolved.isEmpty { warnings.append(.unresolvedPrices(record.id, unresolved)) }
      if case .unknown(let text) = snapshot.status { warnings.append(.unknownStatus(record.id, text)) }
      if record.status == .pastDue { warnings.append(.pastDue(record.id, until: policy.graceEnd(of: record))) }
    }
    warnings += account.unsettled.map { .unsettled($0) }
    if account.customer == nil, let last = account.customers.last { warnings.append(.customerDeleted(last.id)) }
    return warnings
  }
}
