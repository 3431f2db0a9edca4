public import SaaSCore
public import UsageKit

/// How much of a limit is used.
public struct LimitStatus: Sendable, Hashable {
  /// The limit and its window.
  public let allowance: LimitAllowance
  /// How much of the metric was used in the window, in its units; it may be more than is allowed.
  public let used: Int128

  /// How much is left; never negative.
  public var remaining: Int128 { max(0, allowance.cap - used) }
  /// When the window ends and counting begins again.
  public var resetsAt: Timestamp { allowance.period.end }
  /// Whether nothing is left.
  public var isReached: Bool { used >= allowance.cap }
  /// Whether new runs are refused.
  public var isBlocking: Bool { isReached && allowance.limit.action == .block }

  /// Whether at least so many hundredths of what is allowed are used; a cap of zero is reached from the start.
  public func hasReached(percent: Int) -> Bool { used * 100 >= allowance.cap * Int128(percent) }

  /// A limit and what was used of it.
  public init(allowance: LimitAllowance, used: Int128) {
    self.allowance = allowance
    self.used = used
  }
}

extension LimitMetric {
  /// How much of the metric some usage is, in its units.
  public func amount(of sums: UsageSums) -> Int128 {
    switch self {
    case .runs: Int128(sums.runs.count)
    case .tokens: Int128(sums.events.promptTokens) + Int128(sums.events.completionTokens)
    case .cost: sums.events.cost.totalPicos
    }
  }
}

extension Entitlements {
  /// The windows of the limits, each once: what a store is asked for the usage of.
  package var limitPeriods: [Period] {
    var periods: [Period] = []
    for allowance in limits where !periods.contains(allowance.period) { periods.append(allowance.period) }
    return periods
  }

  /// How much of each limit is used, in their order.
  /// - Parameter sums: the usage of each of ``limitPeriods``, in their order.
  package func statuses(used sums: [UsageSums]) -> [LimitStatus] {
    let used = Dictionary(zip(limitPeriods, sums), uniquingKeysWith: { first, _ in first })
    return limits.map { allowance in
      LimitStatus(
        allowance: allowance, used: used[allowance.period].map { allowance.limit.metric.amount(of: $0) } ?? 0)
    }
  }
}
