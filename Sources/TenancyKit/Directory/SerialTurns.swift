internal import SaaSCore

/// Lets one caller at a time do the same work, and lets those who wait share the work of one that begins after they came.
final class SerialTurns: Sendable {
  private struct State {
    var isBusy = false
    var arrivals: UInt64 = 0
    /// The last arrival that finished work covers, because it began after that arrival.
    var covered: UInt64 = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Lock(State())

  /// Does the work, or returns once somebody else's that began after this call has succeeded.
  func run<Failure: Error>(_ work: () async throws(Failure) -> Void) async throws(Failure) {
    let arrival = state.withLock { state in
      state.arrivals += 1
      return state.arrivals
    }
    await takeTurn()
    defer { passTurn() }
    let begun: UInt64? = state.withLock { state in state.covered >= arrival ? nil : state.arrivals }
    guard let begun else { return }
    try await work()
    state.withLock { $0.covered = max($0.covered, begun) }
  }

  private func takeTurn() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.isBusy {
          state.waiting.append(continuation)
          return false
        }
        state.isBusy = true
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  private func passTurn() {
    let next: CheckedContinuation<Void, Never>? = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isBusy = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
