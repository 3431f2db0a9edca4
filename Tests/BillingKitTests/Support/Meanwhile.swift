import SaaSCore

/// Something that another process does, once, at one of this process's steps.
final class Meanwhile: Sendable {
  private let stepsLeft: Lock<Int>
  private let work: Lock<(@Sendable () async -> Void)?>

  /// - Parameters:
  ///   - step: at which step it happens, the first being 1.
  ///   - work: what happens then.
  init(atStep step: Int, _ work: @escaping @Sendable () async -> Void) {
    stepsLeft = Lock(step)
    self.work = Lock(work)
  }

  /// Whether its step was reached.
  var hasHappened: Bool { stepsLeft.withLock { $0 <= 0 } }

  /// Counts a step, and does the work at its own.
  func step() async {
    let left = stepsLeft.withLock { left in
      left -= 1
      return left
    }
    guard left == 0 else { return }
    let work = work.withLock { work in
      defer { work = nil }
      return work
    }
    await work?()
  }
}
