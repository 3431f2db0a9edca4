import SaaSCore

/// Lets callers through when a test opens it, and tells the test how many have come.
final class Gate: Sendable {
  private struct State: Sendable {
    var arrived = 0
    var isOpen: Bool
    var waiting: [CheckedContinuation<Void, Never>] = []
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Lock<State>

  init(isOpen: Bool = false) { state = Lock(State(isOpen: isOpen)) }

  /// Waits until the gate is open.
  func pass() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let (isOpen, watchers): (Bool, [CheckedContinuation<Void, Never>]) = state.withLock { state in
        state.arrived += 1
        if !state.isOpen { state.waiting.append(continuation) }
        let satisfied = state.watchers.filter { $0.count <= state.arrived }
        state.watchers.removeAll { $0.count <= state.arrived }
        return (state.isOpen, satisfied.map(\.continuation))
      }
      if isOpen { continuation.resume() }
      for watcher in watchers { watcher.resume() }
    }
  }

  /// Lets everybody through from now on.
  func open() {
    let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns once at least so many callers have come.
  func arrivals(_ count: Int) async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isEnough = state.withLock { state in
        if state.arrived >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isEnough { continuation.resume() }
    }
  }
}
