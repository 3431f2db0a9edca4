import SaaSCore
import SaaSTesting

/// A transport that gives prepared answers in order and moves a clock while it does.
final class ScriptedTransport: HTTPTransport {
  typealias Outcome = Result<HTTPResponse, HTTPTransportError>

  private let state: Lock<(outcomes: [Outcome], requests: [HTTPRequest])>
  private let clock: ManualClock
  private let pace: Duration

  init(_ outcomes: [Outcome], clock: ManualClock, taking pace: Duration = .zero) {
    state = Lock((outcomes, []))
    self.clock = clock
    self.pace = pace
  }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    clock.advance(by: pace)
    let outcome: Outcome? = state.withLock { state in
      state.requests.append(request)
      return state.outcomes.isEmpty ? nil : state.outcomes.removeFirst()
    }
    guard let outcome else { throw .connectionLost("no answer was prepared") }
    return try outcome.get()
  }
}
