import SaaSCore
import SaaSTesting
import Testing

@Suite struct RetryTests {
  let now = Timestamp(seconds: 1_750_000_000)

  private func response(_ status: Int, _ headers: [(String, String)] = []) throws -> HTTPResponse {
    var response = HTTPResponse(status: status)
    for (name, value) in headers { try response.headers.append(name, value) }
    return response
  }

  @Test(
    arguments: [
      (429, [("Retry-After", "7")], 7), (503, [("retry-after", "0")], 0), (200, [("Retry-After", "3")], 3),
      (503, [("Retry-After", "Sun, 15 Jun 2025 15:06:50 GMT")], 10),
      (503, [("Retry-After", "Sun, 15 Jun 2025 15:06:30 GMT")], 0), (503, [("Retry-After", "-1")], nil),
      (503, [("Retry-After", "soon")], nil), (503, [("Retry-After", "99999999999999999999")], nil),
      (429, [("X-RateLimit-Reset", "1750000030")], 30), (429, [("X-RateLimit-Reset", "1749999999")], 0),
      (429, [("x-ratelimit-reset", "12")], 12), (429, [("RateLimit-Reset", "9")], 9),
      (503, [("X-RateLimit-Reset", "1750000030")], nil), (200, [("X-RateLimit-Reset", "1750000030")], nil),
      (429, [("X-RateLimit-Reset", "99"), ("Retry-After", "5")], 5), (429, [], nil),
    ] as [(Int, [(String, String)], Int64?)])
  func `an answer's advice is read`(status: Int, headers: [(String, String)], seconds: Int64?) throws {
    #expect(RetryAdvice.delay(in: try response(status, headers), at: now) == seconds.map { Duration.seconds($0) })
  }

  @Test(arguments: UInt64(1)...50)
  func `a wait doubles, is at least half of its bound, and never reaches the deadline`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    let policy = RetryPolicy(
      maximumAttempts: 6, firstDelay: .milliseconds(100), longestDelay: .seconds(1), deadline: .seconds(10))
    for (attempt, bound) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_000)] {
      let delay = policy.delay(afterAttempt: attempt, elapsed: .zero, using: &dice)
      #expect(delay.map { $0 >= .milliseconds(bound / 2) && $0 <= .milliseconds(bound) } == true, "seed \(seed)")
      let late = policy.delay(afterAttempt: attempt, elapsed: .milliseconds(9_970), using: &dice)
      #expect(late == nil, "seed \(seed)")
      let advised = policy.delay(afterAttempt: attempt, elapsed: .zero, advised: .seconds(3), using: &dice)
      #expect(advised.map { $0 >= .seconds(3) && $0 <= .milliseconds(3_000 + bound) } == true, "seed \(seed)")
    }
    #expect(policy.delay(afterAttempt: 6, elapsed: .zero, using: &dice) == nil)
    #expect(policy.delay(afterAttempt: 0, elapsed: .zero, using: &dice) == nil)
    #expect(policy.delay(afterAttempt: 1, elapsed: .zero, advised: .seconds(10), using: &dice) == nil)
    #expect(RetryPolicy.never.delay(afterAttempt: 1, elapsed: .zero, using: &dice) == nil)
  }

  private func sender(_ transport: ScriptedTransport, _ clock: ManualClock, _ policy: RetryPolicy) -> RetryingSender {
    RetryingSender(transport: transport, policy: policy, clock: clock, random: RandomSource(SeededGenerator(seed: 7)))
  }

  @Sendable private static func again(_ result: Result<HTTPResponse, HTTPTransportError>, _ now: Timestamp)
    -> RetryingSender.Decision
  {
    switch result {
    case .success(let response) where response.status >= 500:
      .again(advised: RetryAdvice.delay(in: response, at: now))
    case .failure(let error) where error.isTransient: .again(advised: nil)
    default: .final
    }
  }

  @Test func `the same request is sent until its answer is final`() async throws {
    let clock = ManualClock(now)
    let transport = ScriptedTransport(
      [.failure(.timedOut), .success(try response(503, [("Retry-After", "20")])), .success(try response(200))],
      clock: clock, taking: .seconds(2))
    let request = HTTPRequest(.post, try HTTPURL("https://a/b"), body: [1, 2], timeout: .seconds(40))
    let sender = sender(transport, clock, RetryPolicy(maximumAttempts: 4, deadline: .seconds(60)))
    let task = Task { try await sender.send(request, deciding: Self.again) }
    await clock.sleepers(1)
    #expect(transport.requests.count == 1)
    clock.advance(by: .seconds(1))
    await clock.sleepers(1)
    #expect(transport.requests.count == 2)
    clock.advance(by: .seconds(19))
    #expect(transport.requests.count == 2)
    clock.advance(by: .seconds(2))
    let exchange = try await task.value
    #expect(exchange.response.status == 200)
    #expect(exchange.attempts == 3)
    #expect(exchange.finishedAt.duration(since: exchange.startedAt) == .seconds(2))
    #expect(transport.requests.allSatisfy { $0.body == request.body && $0.url == request.url })
    // The third attempt may take what the deadline leaves: 60 s less three attempts' start.
    #expect(transport.requests.map(\.timeout) == [.seconds(40), .seconds(40), .seconds(34)])
  }

  @Test func `the last answer or error is what the caller gets`() async throws {
    let clock = ManualClock(now)
    let refused = ScriptedTransport([.success(try response(500))], clock: clock)
    let request = HTTPRequest(.get, try HTTPURL("https://a/b"))
    #expect(try await sender(refused, clock, .never).send(request, deciding: Self.again).response.status == 500)
    let lost = ScriptedTransport([.failure(.connectionLost("x"))], clock: clock)
    await #expect(throws: HTTPTransportError.connectionLost("x")) {
      try await sender(lost, clock, .never).send(request, deciding: Self.again)
    }
    let invalid = ScriptedTransport([.failure(.invalidRequest("y"))], clock: clock)
    await #expect(throws: HTTPTransportError.invalidRequest("y")) {
      try await sender(invalid, clock, RetryPolicy()).send(request, deciding: Self.again)
    }
  }

  @Test func `cancelling ends the wait`() async throws {
    let clock = ManualClock(now)
    let transport = ScriptedTransport([.failure(.timedOut)], clock: clock)
    let sender = sender(transport, clock, RetryPolicy())
    let request = HTTPRequest(.get, try HTTPURL("https://a/b"))
    let task = Task { try await sender.send(request, deciding: Self.again) }
    await clock.sleepers(1)
    task.cancel()
    await #expect(throws: HTTPTransportError.cancelled) { try await task.value }
    #expect(transport.requests.count == 1)
  }

  @Test(arguments: [(0, 0), (1, -1), (400, -1), (1_000, -1), (1_001, -2), (2_500, -3)])
  func `the server's time at the start is no later than the request's arrival`(took: Int, shift: Int) async throws {
    let clock = ManualClock(now)
    let transport = ScriptedTransport(
      [.success(try response(200, [("Date", "Sun, 15 Jun 2025 15:06:40 GMT")]))], clock: clock,
      taking: .milliseconds(took))
    let exchange = try await sender(transport, clock, .never).send(
      HTTPRequest(.get, try HTTPURL("https://a/b")), deciding: { _, _ in .final })
    #expect(exchange.serverTimeAtStart == now + .seconds(shift))
  }

  @Test func `an answer without a date has no server time`() async throws {
    let clock = ManualClock(now)
    let transport = ScriptedTransport(
      [.success(try response(200)), .success(try response(200, [("Date", "x")]))], clock: clock)
    let sender = sender(transport, clock, .never)
    for _ in 0..<2 {
      let exchange = try await sender.send(HTTPRequest(.get, try HTTPURL("https://a/b")), deciding: { _, _ in .final })
      #expect(exchange.serverTimeAtStart == nil)
    }
  }
}
