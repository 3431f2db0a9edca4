public import SaaSCore

/// Every plan that there is, in growing order, and which price belongs to which.
///
/// It is validated when it is made, from JSON (``init(json:)``) or from values, so that no later code checks it again.
public struct PlanCatalog: Sendable, Hashable {
  /// The plans, the least first.
  public let plans: [Plan]
  /// The plan of those who have neither a subscription nor a grant.
  public let defaultPlan: Plan
  /// What happens where an organisation has two subscriptions that are paid.
  public let duplicates: DuplicateRule

  private let byID: [PlanID: Int]
  private let byPrice: [PriceID: PriceEntry]

  private struct PriceEntry: Sendable, Hashable {
    let plan: Int
    let price: PlanPrice
  }

  /// What happens where an organisation has two subscriptions that are paid.
  public enum DuplicateRule: String, Sendable, Hashable, CaseIterable {
    /// Both go on, and the admin is shown that there are two.
    case keep
    /// The one that began later is ended at once, while the earlier one is paid and goes on.
    case cancelLater
  }

  /// Checks plans and makes a catalogue of them; their ranks become their places.
  /// - Throws: ``PlanCatalogError``, with the path of the first thing that is wrong.
  public init(plans: [Plan], defaultPlan: PlanID, duplicates: DuplicateRule = .keep) throws(PlanCatalogError) {
    var byID: [PlanID: Int] = [:]
    var byPrice: [PriceID: PriceEntry] = [:]
    var ranked: [Plan] = []
    for (index, plan) in plans.enumerated() {
      try plan.check(at: "/plans/\(index)")
      guard byID.updateValue(index, forKey: plan.id) == nil else {
        throw PlanCatalogError(path: "/plans/\(index)/id", .duplicate(plan.id.rawValue))
      }
      for (place, price) in plan.prices.enumerated()
      where byPrice.updateValue(PriceEntry(plan: index, price: price), forKey: price.id) != nil {
        throw PlanCatalogError(path: "/plans/\(index)/prices/\(place)/id", .duplicate(price.id.rawValue))
      }
      ranked.append(
        Plan(
          id: plan.id, name: plan.name, rank: index, prices: plan.prices, seats: plan.seats,
          trialDays: plan.trialDays, features: plan.features, limits: plan.limits))
    }
    guard let defaultIndex = byID[defaultPlan] else {
      throw PlanCatalogError(path: "/defaultPlan", .noSuchPlan(defaultPlan.rawValue))
    }
    self.plans = ranked
    self.defaultPlan = ranked[defaultIndex]
    self.duplicates = duplicates
    self.byID = byID
    self.byPrice = byPrice
  }

  /// The plan with an identifier, or nil.
  public func plan(_ id: PlanID) -> Plan? { byID[id].map { plans[$0] } }

  /// The plan that a price belongs to, and the price, retired ones included; nil for one that the catalogue does not
  /// know.
  public func price(_ id: PriceID) -> (plan: Plan, price: PlanPrice)? {
    byPrice[id].map { (plans[$0.plan], $0.price) }
  }

  /// What a metered price bills, or nil for a price that is none or that the catalogue does not know.
  func meteredPrice(_ id: PriceID) -> MeteredPrice? {
    if case .metered(let price) = byPrice[id]?.price.role { return price }
    return nil
  }
}

/// What is wrong with a plan catalogue, and where.
public struct PlanCatalogError: Error, Sendable, Hashable {
  /// Where, as a JSON Pointer (RFC 6901): `/plans/2/prices/0/id`.
  public let path: String
  /// What is wrong.
  public let reason: Reason

  /// Something that is wrong at a place.
  public init(path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// What is wrong with a plan catalogue.
  public enum Reason: Sendable, Hashable {
    /// The text is no JSON.
    case json(JSONError)
    /// A value is missing or of another kind.
    case shape(JSONShapeError.Expectation, found: JSONValue.Kind)
    /// The name is none that an object has here; most likely it is misspelt.
    case unknownName(String)
    /// The text is no identifier.
    case identifier(IdentifierError)
    /// The text is none of the words that may stand here.
    case unknownWord(String, allowed: [String])
    /// The number is below what may stand here.
    case numberTooSmall(minimum: Int64)
    /// The number is above what may stand here.
    case numberTooLarge(maximum: Int64)
    /// The text is no amount of dollars that can be counted in pico-dollars.
    case amount(String)
    /// Two things of one catalogue, plan or feature list have this name.
    case duplicate(String)
    /// No plan has this identifier.
    case noSuchPlan(String)
    /// A plan with a price for this interval has no base or seat price for it, or several base or seat prices on sale.
    case unbuyable(BillingInterval)
    /// A plan has seats and no seat price, or a seat price or a limit by seat and no seats.
    case seatsWithoutPrice
    /// The version of the format is none that this library reads.
    case version(Int64)
  }
}
