/// Where services report what they do: counters, durations and notices.
///
/// A host application bridges it to its own metrics and log; the default is silent. Implementations must return at once,
/// must not throw, and may be called from any thread. Names are dotted and lower-case (`hosts.refresh.failed`), and are
/// part of the library's contract; labels have few distinct values and never hold a secret.
public protocol ServiceObserver: Sendable {
  /// Adds to a counter.
  func count(_ name: String, by amount: Int64, labels: [String: String])
  /// Reports how long one piece of work took.
  func measure(_ name: String, took duration: Duration, labels: [String: String])
  /// Reports something that an operator may want to read.
  func notice(_ notice: Notice)
}

/// Something that an operator may want to read in a log.
public struct Notice: Sendable, Hashable {
  /// How much it matters.
  public enum Level: String, Sendable, Hashable, CaseIterable {
    /// For those who follow a fault.
    case debug
    /// Normal, and worth a line.
    case info
    /// Unusual; the service goes on.
    case warning
    /// Something was not done and needs a look.
    case error
  }

  /// How much it matters.
  public let level: Level
  /// The dotted, lower-case name of what happened.
  public let name: String
  /// One plain sentence without secrets.
  public let message: String

  /// A notice with its level, name and sentence.
  public init(_ level: Level, _ name: String, _ message: String) {
    self.level = level
    self.name = name
    self.message = message
  }
}

extension ServiceObserver {
  /// Adds one to a counter without labels.
  public func count(_ name: String) { count(name, by: 1, labels: [:]) }
}

/// An observer that drops everything.
public struct SilentObserver: ServiceObserver {
  /// An observer that drops everything.
  public init() {}
  public func count(_ name: String, by amount: Int64, labels: [String: String]) {}
  public func measure(_ name: String, took duration: Duration, labels: [String: String]) {}
  public func notice(_ notice: Notice) {}
}
