/// The plan that a subscription's prices belong to.
public struct PlanResolution: Sendable, Hashable {
  /// The plan.
  public let plan: Plan
  /// How many seats were bought, those that the base price includes counted; 1 on a plan without seats.
  public let seats: Int64
  /// How often the base or seat price is billed.
  public let interval: BillingInterval
}

extension PlanCatalog {
  /// The plan that a subscription's prices belong to, or nil where none of its base and seat prices is known.
  ///
  /// Where they belong to several plans, which our own checkout and changes never bring about, the greatest counts.
  public func plan(of snapshot: SubscriptionSnapshot) -> PlanResolution? {
    var found: (plan: Plan, interval: BillingInterval)?
    for item in snapshot.items {
      guard let (plan, price) = price(item.priceID) else { continue }
      if case .metered = price.role { continue }
      if found.map({ $0.plan.rank < plan.rank }) ?? true { found = (plan, price.interval) }
    }
    guard let found else { return nil }
    return PlanResolution(plan: found.plan, seats: seats(of: snapshot, on: found.plan), interval: found.interval)
  }

  /// The prices of a subscription that the catalogue does not know, in its order.
  public func unresolvedPrices(of snapshot: SubscriptionSnapshot) -> [PriceID] {
    snapshot.items.map(\.priceID).filter { price($0) == nil }
  }

  /// How many seats a subscription has on a plan: those that the base price includes and those of its seat items.
  func seats(of snapshot: SubscriptionSnapshot, on plan: Plan) -> Int64 {
    knownSeats(of: snapshot, on: plan) ?? plan.seats?.included ?? 1
  }

  /// How many seats a subscription has on a plan, or nil where none of its prices is one of the plan's seats and one is
  /// not known, which may be.
  func knownSeats(of snapshot: SubscriptionSnapshot, on plan: Plan) -> Int64? {
    guard let rule = plan.seats else { return 1 }
    var seats = rule.included
    var isTold = unresolvedPrices(of: snapshot).isEmpty
    for item in snapshot.items {
      guard let (owner, price) = price(item.priceID), owner.id == plan.id, price.role == .seat else { continue }
      isTold = true
      let (sum, overflow) = seats.addingReportingOverflow(max(0, item.quantity ?? 0))
      seats = overflow ? .max : sum
    }
    return isTold ? seats : nil
  }
}
