public import SaaSCore

/// A clock that stands still until a test moves it.
///
/// Sleepers whose time has come wake in the order of their instants. ``sleepers(_:)`` waits until enough tasks sleep, so
/// that a test need never guess how far a task has come.
public final class ManualClock: WallClock {
  private struct Sleeper {
    let number: UInt64
    let until: Timestamp
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct Watcher {
    let count: Int
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now: Timestamp
    var last: UInt64 = 0
    var sleepers: [Sleeper] = []
    var watchers: [Watcher] = []

    mutating func satisfiedWatchers() -> [Watcher] {
      let satisfied = watchers.filter { $0.count <= sleepers.count }
      watchers.removeAll { $0.count <= sleepers.count }
      return satisfied
    }
  }

  private let state: Lock<State>

  /// A clock that stands at an instant.
  public init(_ start: Timestamp = Timestamp(seconds: 1_750_000_000)) { state = Lock(State(now: start)) }

  public func now() -> Timestamp { state.withLock { $0.now } }

  public func sleep(for duration: Duration) async throws {
    guard duration > .zero else { return try Task.checkCancellation() }
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let watchers: [Watcher]? = state.withLock { state in
          // Cancelled before it slept: the handler found nobody to wake.
          if Task.isCancelled { return nil }
          state.sleepers.append(Sleeper(number: number, until: state.now + duration, continuation: continuation))
          return state.satisfiedWatchers()
        }
        guard let watchers else { return continuation.resume(throwing: CancellationError()) }
        for watcher in watchers { watcher.continuation.resume() }
      }
    } onCancel: {
      let sleeper: Sleeper? = state.withLock { state in
        guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else { return nil }
        return state.sleepers.remove(at: index)
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves the clock on, and wakes those whose time has come.
  public func advance(by duration: Duration) {
    let due: [Sleeper] = state.withLock { state in
      state.now = state.now + duration
      let due = state.sleepers.filter { $0.until <= state.now }
      state.sleepers.removeAll { $0.until <= state.now }
      return due.sorted { ($0.until, $0.number) < ($1.until, $1.number) }
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Returns once at least so many tasks sleep on this clock.
  public func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isEnough = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append(Watcher(count: count, continuation: continuation))
        return false
      }
      if isEnough { continuation.resume() }
    }
  }
}
