#if SQLite
  internal import SaaSCore

  /// Something that happens once and that tasks can wait for.
  final class Event: Sendable {
    private struct State {
      var missing: Int
      var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Lock<State>

    /// An event that has happened once it was signalled so many times.
    init(signals: Int = 1) { state = Lock(State(missing: signals)) }

    /// Signals once.
    func signal() {
      let waiters = state.withLock { state in
        state.missing -= 1
        guard state.missing <= 0 else { return [CheckedContinuation<Void, Never>]() }
        defer { state.waiters = [] }
        return state.waiters
      }
      for waiter in waiters { waiter.resume() }
    }

    /// Waits until it has happened.
    func wait() async {
      await withCheckedContinuation { continuation in
        let hasHappened = state.withLock { state in
          guard state.missing > 0 else { return true }
          state.waiters.append(continuation)
          return false
        }
        if hasHappened { continuation.resume() }
      }
    }
  }
#endif
