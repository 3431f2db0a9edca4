public import CoreMetrics
internal import Synchronization

/// Counters, gauges and timers in memory, told in Prometheus's text format 0.0.4.
public final class PrometheusRegistry: MetricsFactory, Sendable {
  private let series = Mutex<[Series: Double]>([:])

  /// No metrics yet.
  public init() {}

  struct Series: Hashable, Comparable {
    let name: String
    let labels: String

    init(_ label: String, _ dimensions: [(String, String)], suffix: String = "") {
      name =
        String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }) + suffix
      labels = dimensions.sorted { $0.0 < $1.0 }.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func escaped(_ text: String) -> String {
      text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func < (left: Series, right: Series) -> Bool { (left.name, left.labels) < (right.name, right.labels) }
  }

  /// Everything that was counted, a line each, in the order of the names.
  public var text: String {
    series.withLock { series in
      series.sorted { $0.key < $1.key }.map { entry in
        let labels = entry.key.labels.isEmpty ? "" : "{\(entry.key.labels)}"
        let isWhole = entry.value == entry.value.rounded() && abs(entry.value) < 1e15
        return "\(entry.key.name)\(labels) \(isWhole ? String(Int64(entry.value)) : String(entry.value))\n"
      }.joined()
    }
  }

  func add(_ amount: Double, to key: Series) { series.withLock { $0[key, default: 0] += amount } }

  func set(_ value: Double, of key: Series) { series.withLock { $0[key] = value } }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    Instrument(registry: self, series: Series(label, dimensions, suffix: "_total"))
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    Instrument(registry: self, series: Series(label, dimensions))
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    SecondsTimer(
      registry: self, sum: Series(label, dimensions, suffix: "_seconds_sum"),
      count: Series(label, dimensions, suffix: "_seconds_count"))
  }

  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}
}

private final class Instrument: CounterHandler, RecorderHandler {
  private let registry: PrometheusRegistry
  private let series: PrometheusRegistry.Series

  init(registry: PrometheusRegistry, series: PrometheusRegistry.Series) {
    self.registry = registry
    self.series = series
  }

  func increment(by amount: Int64) { registry.add(Double(amount), to: series) }
  func reset() { registry.set(0, of: series) }
  func record(_ value: Int64) { registry.set(Double(value), of: series) }
  func record(_ value: Double) { registry.set(value, of: series) }
}

private final class SecondsTimer: TimerHandler {
  private let registry: PrometheusRegistry
  private let sum: PrometheusRegistry.Series
  private let count: PrometheusRegistry.Series

  init(registry: PrometheusRegistry, sum: PrometheusRegistry.Series, count: PrometheusRegistry.Series) {
    self.registry = registry
    self.sum = sum
    self.count = count
  }

  func recordNanoseconds(_ duration: Int64) {
    registry.add(Double(duration) / 1e9, to: sum)
    registry.add(1, to: count)
  }
}
