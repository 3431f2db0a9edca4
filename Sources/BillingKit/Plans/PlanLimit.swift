/// What a limit or a metered price counts.
public enum LimitMetric: String, Sendable, Hashable, Codable, CaseIterable {
  /// Runs, by their start.
  case runs
  /// Prompt and completion tokens, by their events' instants.
  case tokens
  /// Estimated cost, in pico-dollars, by the events' instants.
  case cost
}

/// The time over which a limit counts.
public enum LimitWindow: String, Sendable, Hashable, Codable, CaseIterable {
  /// The organisation's billing period, a whole year on a yearly price.
  case billingPeriod
  /// A month, anchored at the subscription's start with the day clamped to short months; without a subscription the
  /// month of UTC. So a yearly price does not give a year's runs on the first day.
  case month
  /// The day of UTC.
  case day
}

/// How much of something a plan allows.
public struct PlanLimit: Sendable, Hashable {
  /// What is counted.
  public let metric: LimitMetric
  /// Over which time.
  public let window: LimitWindow
  /// How much the plan allows by itself, in units of the metric (runs, tokens, pico-dollars).
  public let base: Int64
  /// How much each seat adds.
  public let perSeat: Int64
  /// What happens at the limit.
  public let action: Action

  /// A limit; negative amounts count as 0.
  public init(metric: LimitMetric, window: LimitWindow, base: Int64, perSeat: Int64 = 0, action: Action) {
    self.metric = metric
    self.window = window
    self.base = max(0, base)
    self.perSeat = max(0, perSeat)
    self.action = action
  }

  /// What happens at a limit.
  public enum Action: String, Sendable, Hashable, Codable, CaseIterable {
    /// New runs are refused.
    case block
    /// Runs go on, and the host application is told.
    case warn
  }

  /// How much is allowed with a number of seats: the plan's own and each seat's.
  public func cap(seats: Int64) -> Int128 { Int128(base) + Int128(perSeat) * Int128(max(0, seats)) }
}
