/// How often a price is billed.
public enum BillingInterval: String, Sendable, Hashable, Codable, CaseIterable {
  /// Every month.
  case month
  /// Every year.
  case year
}

/// A price at the payment provider that a plan is sold at.
public struct PlanPrice: Sendable, Hashable {
  /// The price.
  public let id: PriceID
  /// What it pays for.
  public let role: Role
  /// How often it is billed.
  public let interval: BillingInterval
  /// Whether it is sold no more: those who have it keep the plan, and nobody can buy it.
  public let isRetired: Bool

  /// A price of a plan.
  public init(id: PriceID, role: Role, interval: BillingInterval, isRetired: Bool = false) {
    self.id = id
    self.role = role
    self.interval = interval
    self.isRetired = isRetired
  }

  /// What a price pays for.
  public enum Role: Sendable, Hashable {
    /// The plan itself, once.
    case base
    /// Each seat.
    case seat
    /// Usage as it is reported.
    case metered(MeteredPrice)
  }
}

/// What of an organisation's usage a metered price bills, and where it is counted.
public struct MeteredPrice: Sendable, Hashable, Codable {
  /// What is counted.
  public let metric: LimitMetric
  /// Where the provider counts it.
  public let meter: UsageMeter
  /// How much of the metric is one unit of the meter, at least 1; what is left of a unit waits for the next report. Runs
  /// and tokens count themselves, cost counts pico-dollars.
  public let unit: Int64
  /// How much of a billing period's usage the plan includes, in units of the metric; it is not reported.
  public let included: Int64

  /// A metered price's counting.
  public init(metric: LimitMetric, meter: UsageMeter, unit: Int64 = 1, included: Int64 = 0) {
    self.metric = metric
    self.meter = meter
    self.unit = max(1, unit)
    self.included = max(0, included)
  }
}
