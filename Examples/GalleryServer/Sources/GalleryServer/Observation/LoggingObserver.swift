internal import Dispatch
public import Logging
internal import Metrics
public import SaaSCore

/// Brings what the library's services report to swift-log and swift-metrics.
public struct LoggingObserver: ServiceObserver {
  private let logger: Logger

  /// An observer that writes notices to a log.
  public init(_ logger: Logger) { self.logger = logger }

  public func count(_ name: String, by amount: Int64, labels: [String: String]) {
    Counter(label: name, dimensions: labels.map { ($0.key, $0.value) }).increment(by: amount)
  }

  public func measure(_ name: String, took duration: Duration, labels: [String: String]) {
    Metrics.Timer(label: name, dimensions: labels.map { ($0.key, $0.value) }).record(duration: duration)
  }

  public func notice(_ notice: Notice) {
    let level: Logger.Level =
      switch notice.level {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    logger.log(level: level, "\(notice.message)", metadata: ["event": "\(notice.name)"])
  }
}
