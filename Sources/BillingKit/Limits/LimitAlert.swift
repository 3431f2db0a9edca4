public import SaaSCore

/// That so many hundredths of a limit are used in a window; told once, however many processes see it.
public struct LimitAlert: Sendable, Hashable, Codable {
  /// What is counted.
  public let metric: LimitMetric
  /// Over which time.
  public let window: LimitWindow
  /// What happens at the limit.
  public let action: PlanLimit.Action
  /// How many hundredths: 80 or 100.
  public let percent: Int
  /// The window.
  public let period: Period
  /// How much was used when it was seen, in units of the metric, as decimal text.
  public let used: String
  /// How much is allowed, in units of the metric, as decimal text.
  public let cap: String

  /// An alert about a limit.
  public init(_ status: LimitStatus, percent: Int) {
    metric = status.allowance.limit.metric
    window = status.allowance.limit.window
    action = status.allowance.limit.action
    self.percent = percent
    period = status.allowance.period
    used = String(status.used)
    cap = String(status.allowance.cap)
  }

  /// What is told once in an organisation: the limit, the window that holds it, and the threshold.
  public var name: String {
    "\(metric.rawValue).\(window.rawValue).\(action.rawValue)/\(period.start)/\(percent)"
  }
}
