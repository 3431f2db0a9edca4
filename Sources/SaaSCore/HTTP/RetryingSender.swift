/// Sends a request until its answer is final, by a ``RetryPolicy``.
public struct RetryingSender: Sendable {
  /// What comes of one attempt.
  public enum Decision: Sendable, Hashable {
    /// The answer or error is final.
    case final
    /// The same request may be sent again, after the advised wait where there is one.
    case again(advised: Duration?)
  }

  /// An answer, and what it took.
  public struct Exchange: Sendable, Hashable {
    /// The last attempt's answer.
    public let response: HTTPResponse
    /// When the last attempt began, by our clock.
    public let startedAt: Timestamp
    /// When its answer was there.
    public let finishedAt: Timestamp
    /// How many attempts there were.
    public let attempts: Int

    /// The latest whole second that, by the server's own clock, came before it began to work on the request; nil where the
    /// answer has no `Date` (RFC 9110 §6.6.1).
    ///
    /// `Date` is when the answer was made, cut to seconds; taking off the time the exchange took cannot lead past the
    /// moment the request reached the server.
    public var serverTimeAtStart: Timestamp? {
      guard let text = response.headers["Date"], let date = Timestamp(httpDate: text, at: finishedAt) else {
        return nil
      }
      let start = date - max(finishedAt.duration(since: startedAt), .zero)
      return Timestamp(seconds: start.microseconds.flooredDivision(by: 1_000_000).quotient)
    }
  }

  private let transport: any HTTPTransport
  private let policy: RetryPolicy
  private let clock: any WallClock
  private let random: RandomSource

  /// A sender over a transport.
  public init(
    transport: any HTTPTransport, policy: RetryPolicy = RetryPolicy(), clock: any WallClock = SystemWallClock(),
    random: RandomSource = .system
  ) {
    self.transport = transport
    self.policy = policy
    self.clock = clock
    self.random = random
  }

  /// Sends a request, and again while the decision and the policy say so. Every attempt sends the same bytes.
  ///
  /// - Parameters:
  ///   - decide: what comes of an attempt; it is asked with the answer or error and the present instant.
  /// - Returns: the last answer, final or not.
  /// - Throws: the last attempt's error; ``HTTPTransportError/cancelled`` where the task is cancelled while waiting.
  public func send(
    _ request: HTTPRequest,
    deciding decide: (Result<HTTPResponse, HTTPTransportError>, Timestamp) -> Decision
  ) async throws(HTTPTransportError) -> Exchange {
    var random = random
    let began = clock.now()
    var attempt = 0
    while true {
      attempt += 1
      let startedAt = clock.now()
      var request = request
      let left = policy.deadline - startedAt.duration(since: began)
      request.timeout = max(min(request.timeout, left), .milliseconds(1))
      let result: Result<HTTPResponse, HTTPTransportError>
      do {
        result = .success(try await transport.send(request))
      } catch {
        result = .failure(error)
      }
      let now = clock.now()
      if case .again(let advised) = decide(result, now),
        let delay = policy.delay(
          afterAttempt: attempt, elapsed: now.duration(since: began), advised: advised, using: &random)
      {
        do { try await clock.sleep(for: delay) } catch { throw .cancelled }
        continue
      }
      return Exchange(response: try result.get(), startedAt: startedAt, finishedAt: now, attempts: attempt)
    }
  }
}

extension RetryingSender.Decision {
  /// What comes of an attempt at a request that may come twice without harm: it is sent again after an error that passes,
  /// a failure of the server's (5xx) and a rate limit (429), and no sooner than the answer asks for.
  public static func repeatable(_ result: Result<HTTPResponse, HTTPTransportError>, at now: Timestamp) -> Self {
    switch result {
    case .success(let response):
      response.status == 429 || response.status >= 500
        ? .again(advised: RetryAdvice.delay(in: response, at: now)) : .final
    case .failure(let error): error.isTransient ? .again(advised: nil) : .final
    }
  }
}
