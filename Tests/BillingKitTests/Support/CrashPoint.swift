import SaaSCore

/// Counts the moments at which a process may stop, one before and one after each call that leaves it, and stops it at one.
final class CrashPoint: Sendable {
  private let moments = Lock(0)
  private let fatal: Int

  /// - Parameter moments: how many moments pass first.
  init(after moments: Int) { fatal = moments }

  /// How many moments passed, the fatal one with them.
  var passed: Int { moments.withLock { $0 } }

  /// Whether the fatal moment came.
  var wasReached: Bool { passed > fatal }

  /// Whether the process did anything after it.
  var goneBeyond: Bool { passed - 1 > fatal }

  /// Passes a moment; true at the fatal one.
  func isFatal() -> Bool {
    moments.withLock { moments in
      moments += 1
      return moments - 1 == fatal
    }
  }
}
