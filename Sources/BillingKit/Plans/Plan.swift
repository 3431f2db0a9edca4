/// A plan of the catalogue: what it costs, what it has, and what it allows.
public struct Plan: Sendable, Hashable {
  /// The plan.
  public let id: PlanID
  /// Its name for people.
  public let name: String
  /// Its place in the catalogue, from 0; a later plan is a greater one.
  public let rank: Int
  /// The prices it is or was sold at.
  public let prices: [PlanPrice]
  /// How seats count; nil for a plan without.
  public let seats: SeatRule?
  /// How many days of trial an organisation gets that never had a subscription; 0 for none.
  public let trialDays: Int
  /// What it has.
  public let features: [FeatureName: FeatureValue]
  /// What it allows.
  public let limits: [PlanLimit]

  /// A plan with the given fields. The catalogue checks what they say together.
  public init(
    id: PlanID, name: String, rank: Int, prices: [PlanPrice] = [], seats: SeatRule? = nil, trialDays: Int = 0,
    features: [FeatureName: FeatureValue] = [:], limits: [PlanLimit] = []
  ) {
    self.id = id
    self.name = name
    self.rank = rank
    self.prices = prices
    self.seats = seats
    self.trialDays = max(0, trialDays)
    self.features = features
    self.limits = limits
  }

  /// How a plan's seats count.
  public struct SeatRule: Sendable, Hashable {
    /// The fewest seats that can be bought, the included ones counted.
    public let minimum: Int64
    /// The most seats that can be bought, the included ones counted.
    public let maximum: Int64
    /// How many the base price includes.
    public let included: Int64

    /// A rule; the bounds are brought into order.
    public init(minimum: Int64 = 1, maximum: Int64 = 10_000, included: Int64 = 0) {
      self.included = max(0, included)
      self.minimum = max(1, minimum)
      self.maximum = max(self.minimum, maximum)
    }
  }

  /// The prices that can be bought for an interval.
  public func prices(for interval: BillingInterval) -> [PlanPrice] {
    prices.filter { $0.interval == interval && !$0.isRetired }
  }

  /// The metered prices, retired ones included.
  public var meteredPrices: [MeteredPrice] {
    prices.compactMap { price in
      if case .metered(let metered) = price.role { return metered }
      return nil
    }
  }
}
