internal import SaaSCore

// Which plan an organisation has: the plan that its subscriptions pay for, or a greater one that was granted.

extension EntitlementRules {
  struct Standing: Equatable {
    let plan: Plan
    let seats: Int64
    let source: Entitlements.Source
  }

  /// The plan that an organisation has at an instant: the greater of what it pays for and what was granted.
  func standing(of account: BillingAccount, at instant: Timestamp) -> Standing {
    var standing = Standing(plan: catalog.defaultPlan, seats: 1, source: .default)
    if let serving = serving(account, at: instant), let plan = serving.plan {
      standing = Standing(plan: plan, seats: serving.seats, source: .subscription(serving.record.id))
    }
    for grant in account.grants where grant.holds(at: instant) {
      guard case .plan(let id, let seats) = grant.kind, let plan = catalog.plan(id) else { continue }
      if plan.rank > standing.plan.rank {
        standing = Standing(plan: plan, seats: plan.seats == nil ? 1 : max(1, seats), source: .grant(grant.id))
      }
    }
    return standing
  }

  struct Serving {
    let record: SubscriptionRecord
    /// Nil where nothing tells which plan it is.
    let plan: Plan?
    let seats: Int64
  }

  /// The subscription that gives a plan at an instant, or nil where none does.
  ///
  /// It is the first entitled one whose plan is known, by its prices or, where the catalogue does not know them, as it was
  /// before. Where no entitled one ever had a plan, the first of them leaves the plan as the subscription before it had it.
  func serving(_ account: BillingAccount, at instant: Timestamp) -> Serving? {
    let ordered = account.subscriptionsByPriority
    var first: SubscriptionRecord?
    for record in ordered where policy.isEntitled(record, at: instant) {
      if let plan = plan(of: record) { return Serving(record: record, plan: plan, seats: seats(of: record, on: plan)) }
      if first == nil { first = record }
    }
    guard let first else { return nil }
    for record in ordered where record.isFinal {
      guard let plan = plan(of: record) else { continue }
      return Serving(record: first, plan: plan, seats: seats(of: record, on: plan))
    }
    return Serving(record: first, plan: nil, seats: 1)
  }

  /// The plan of a subscription's prices, else the latest one that they had.
  private func plan(of record: SubscriptionRecord) -> Plan? {
    record.snapshot.flatMap { catalog.plan(of: $0)?.plan } ?? record.resolvedPlan.flatMap { catalog.plan($0.planID) }
  }

  /// The seats of a subscription's prices; where one is not known that may be of seats, the latest number that was.
  private func seats(of record: SubscriptionRecord, on plan: Plan) -> Int64 {
    guard let snapshot = record.snapshot else { return 1 }
    if let seats = catalog.knownSeats(of: snapshot, on: plan) { return seats }
    if let last = record.resolvedSeats, last.planID == plan.id { return last.count }
    return catalog.seats(of: snapshot, on: plan)
  }
}
