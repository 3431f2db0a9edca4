internal import SaaSCore

/// Lets one caller at a time do the same work, and lets those who wait share the outcome of one that begins after they
/// came, whether it succeeds or fails.
final class SerialTurns<Failure: Error>: Sendable {
  private struct State {
    var isBusy = false
    var arrivals: UInt64 = 0
    /// The last arrival that work which succeeded covers, because it began after that arrival.
    var succeeded: UInt64 = 0
    /// The same of work that failed, with its failure.
    var failed: (through: UInt64, failure: Failure)?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private enum Turn {
    /// The work is to be done, and covers arrivals up to this one.
    case work(UInt64)
    case share(Result<Void, Failure>)
  }

  private let state = Lock(State())

  /// How many callers wait for their turn.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Does the work, or returns or throws what somebody else's that began after this call came to.
  func run(_ work: () async throws(Failure) -> Void) async throws(Failure) {
    let arrival = state.withLock { state in
      state.arrivals += 1
      return state.arrivals
    }
    await takeTurn()
    defer { passTurn() }
    switch turn(of: arrival) {
    case .share(let outcome): try outcome.get()
    case .work(let begun):
      do throws(Failure) {
        try await work()
        state.withLock { $0.succeeded = begun }
      } catch {
        state.withLock { $0.failed = (begun, error) }
        throw error
      }
    }
  }

  private func turn(of arrival: UInt64) -> Turn {
    state.withLock { state in
      if state.succeeded >= arrival { return .share(.success(())) }
      if let failed = state.failed, failed.through >= arrival { return .share(.failure(failed.failure)) }
      return .work(state.arrivals)
    }
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
