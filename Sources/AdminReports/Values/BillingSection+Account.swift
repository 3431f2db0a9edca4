internal import BillingKit
internal import SaaSCore
internal import UsageKit

extension BillingSection {
  /// The section of an account, its entitlements at an instant, and what is used of each of their limits.
  init(
    _ account: BillingAccount, _ entitlements: Entitlements, limits statuses: [LimitStatus], tallies: [UsageTally],
    revision: Int64, at now: Timestamp
  ) {
    let current = account.currentSubscription
    let snapshot = current?.snapshot
    madeAt = now
    planID = entitlements.plan.id
    planName = entitlements.plan.name
    source =
      switch entitlements.source {
      case .subscription: .subscription
      case .grant: .grant
      case .default: .none
      }
    seats = entitlements.seats
    posture = entitlements.posture
    status = current?.status
    period = entitlements.billingPeriod
    hasCustomer = account.customer != nil
    let isLive = snapshot.map { !$0.status.isFinal } ?? false
    endsAt = snapshot.flatMap(Self.end)
    trialEndsAt = current?.status == .trialing ? snapshot?.trialEnd : nil
    nextInvoiceAt = isLive && endsAt == nil && current?.status != .paused ? snapshot?.currentPeriod?.end : nil
    limits = statuses.map { LimitFigures($0, revision: revision) }
    warnings =
      statuses.compactMap { ReportWarning($0) } + entitlements.warnings.map { ReportWarning($0) }
      + tallies.compactMap { ReportWarning($0, at: now) }
      + [endsAt.map { ReportWarning(.canceling, at: $0) }, trialEndsAt.map { ReportWarning(.trialEnding, at: $0) }]
      .compactMap(\.self)
  }

  private static func end(of snapshot: SubscriptionSnapshot) -> Timestamp? {
    switch snapshot.scheduledCancellation {
    case nil: nil
    case .atPeriodEnd: snapshot.currentPeriod?.end
    case .at(let instant): instant
    }
  }
}

extension LimitFigures {
  init(_ status: LimitStatus, revision: Int64) {
    let limit = status.allowance.limit
    metric = limit.metric
    window = limit.window
    period = status.allowance.period
    used = limit.metric.text(status.used)
    cap = limit.metric.text(status.allowance.cap)
    remaining = limit.metric.text(status.remaining)
    let cap = status.allowance.cap
    usedPercent = cap > 0 ? Int64(clamping: status.used * 100 / cap) : 100
    action = limit.action
    audit = AuditQuery(
      limit.metric == .runs ? .runs(RunQuery(period: period)) : .events(EventQuery(period: period)),
      revision: revision)
  }
}

extension LimitMetric {
  /// An amount in the metric's unit as plain decimal text.
  func text(_ units: Int128) -> String {
    self == .cost ? CostSum(totalPicos: units).decimalText : String(units)
  }
}

extension ReportWarning {
  init?(_ status: LimitStatus) {
    guard status.hasReached(percent: 80) else { return nil }
    let metric = status.allowance.limit.metric
    self.init(
      status.isReached ? .limitReached : .limitNear, subjects: [metric.rawValue], amount: metric.text(status.used),
      cap: metric.text(status.allowance.cap), period: status.allowance.period)
  }

  init?(_ tally: UsageTally, at now: Timestamp) {
    let unbilled = tally.unbilled(at: now)
    guard unbilled > 0 else { return nil }
    self.init(.unbilled, subjects: [tally.meter], amount: String(unbilled), period: tally.period)
  }

  init(_ warning: BillingWarning) {
    switch warning {
    case .unresolvedPrices(_, let prices): self.init(.unresolvedPrice, subjects: prices.map(\.rawValue))
    case .duplicateSubscriptions(let ids): self.init(.duplicateSubscription, subjects: ids.map(\.rawValue))
    case .pastDue(let id, let until): self.init(.pastDue, subjects: [id.rawValue], at: until)
    case .unknownStatus(_, let status): self.init(.unknownStatus, subjects: [status])
    case .unsettled(let id): self.init(.unsettled, subjects: [id.rawValue])
    case .customerDeleted(let id): self.init(.customerDeleted, subjects: [id.rawValue])
    }
  }
}
