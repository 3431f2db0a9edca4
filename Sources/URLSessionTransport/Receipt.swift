internal import Foundation
internal import SaaSCore

/// What has arrived of one answer, and who waits for it. It ends once; whatever comes later is dropped.
final class Receipt: Sendable {
  typealias Outcome = Result<HTTPResponse, HTTPTransportError>

  private struct State {
    var response: HTTPResponse?
    var body = Data()
    var outcome: Outcome?
    var continuation: CheckedContinuation<Outcome, Never>?
  }

  private let limit: Int
  private let state = Lock(State())

  init(limit: Int) { self.limit = limit }

  /// Calls to start, and returns once the receipt has ended; at once where it has already.
  func outcome(starting start: () -> Void) async -> Outcome {
    await withCheckedContinuation { continuation in
      let early: Outcome? = state.withLock { state in
        if state.outcome == nil { state.continuation = continuation }
        return state.outcome
      }
      if let early { continuation.resume(returning: early) } else { start() }
    }
  }

  /// Keeps the status and fields, and tells whether to go on.
  func begin(_ response: HTTPResponse, announcedBodyCount: Int64) -> Bool {
    state.withLock { $0.response = response }
    guard announcedBodyCount > Int64(limit) else { return true }
    end(with: .responseBodyTooLarge(limit: limit))
    return false
  }

  /// Keeps bytes of the body, and tells whether to go on.
  func append(_ bytes: Data) -> Bool {
    let fits = state.withLock { state in
      guard state.outcome == nil, bytes.count <= limit - state.body.count else { return false }
      state.body.append(bytes)
      return true
    }
    if !fits { end(with: .responseBodyTooLarge(limit: limit)) }
    return fits
  }

  /// Ends with an error, unless it has ended before.
  @discardableResult
  func end(with error: HTTPTransportError) -> Bool { finish { _ in .failure(error) } }

  /// Ends with what has arrived, unless it has ended before.
  /// - Parameters:
  ///   - other: the answer where none was begun.
  func complete(with other: HTTPResponse?) {
    finish { state in
      guard var response = state.response ?? other else { return .failure(.connectionLost("there was no answer")) }
      response.body = [UInt8](state.body)
      return .success(response)
    }
  }

  @discardableResult
  private func finish(_ outcome: (State) -> Outcome) -> Bool {
    let waiting: (isFirst: Bool, continuation: CheckedContinuation<Outcome, Never>?, outcome: Outcome?) =
      state.withLock { state in
        guard state.outcome == nil else { return (false, nil, nil) }
        state.outcome = outcome(state)
        state.body = Data()
        defer { state.continuation = nil }
        return (true, state.continuation, state.outcome)
      }
    if let continuation = waiting.continuation, let outcome = waiting.outcome {
      continuation.resume(returning: outcome)
    }
    return waiting.isFirst
  }
}
