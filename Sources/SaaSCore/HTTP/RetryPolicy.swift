/// How often, and after which waits, a request is sent again. Whether it may be is for its caller to know.
///
/// The wait doubles from ``firstDelay`` up to ``longestDelay``; of it the second half is random, so that clients that
/// failed together do not return together. A wait that the server asked for is kept whole.
public struct RetryPolicy: Sendable, Hashable {
  /// How often the request is sent at most, the first time included.
  public var maximumAttempts: Int
  /// The wait after the first attempt.
  public var firstDelay: Duration
  /// The longest wait of our own choice.
  public var longestDelay: Duration
  /// How long everything may take, waits included.
  public var deadline: Duration

  /// A policy; by default three attempts, half a second to eight seconds apart, within 80 seconds.
  public init(
    maximumAttempts: Int = 3, firstDelay: Duration = .milliseconds(500), longestDelay: Duration = .seconds(8),
    deadline: Duration = .seconds(80)
  ) {
    self.maximumAttempts = maximumAttempts
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
    self.deadline = deadline
  }

  /// One attempt and no more.
  public static let never = RetryPolicy(maximumAttempts: 1)

  /// How long to wait after an attempt failed, or nil where there should be no other.
  ///
  /// - Parameters:
  ///   - attempt: how many attempts there were, from 1.
  ///   - elapsed: how long everything took so far.
  ///   - advised: the least wait that the server asked for.
  /// - Returns: nil after the last attempt, and where the wait would reach the deadline.
  public func delay(
    afterAttempt attempt: Int, elapsed: Duration, advised: Duration? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> Duration? {
    guard attempt >= 1, attempt < maximumAttempts else { return nil }
    var longest = max(firstDelay, .zero)
    for _ in 1..<attempt where longest < longestDelay { longest *= 2 }
    longest = max(min(longest, longestDelay), .zero)
    let half = longest.wholeMicroseconds / 2
    let chosen = Duration.microseconds(half + Int64.random(in: 0...half, using: &generator))
    var delay = chosen
    if let advised, advised > delay {
      guard advised < deadline else { return nil }
      // Everybody was told the same instant.
      delay = advised + chosen - .microseconds(half)
    }
    guard elapsed + delay < deadline else { return nil }
    return delay
  }
}

/// What an answer says about when to come back.
public enum RetryAdvice {
  /// The wait that the answer asks for, or nil where it asks for none.
  ///
  /// `Retry-After` in seconds or as a date (RFC 9110 §10.2.3) is read on every answer; `X-RateLimit-Reset` and
  /// `RateLimit-Reset`, an instant in Unix seconds or a number of seconds, only on 429. What lies in the past is no wait.
  public static func delay(in response: HTTPResponse, at now: Timestamp) -> Duration? {
    if let text = response.headers["Retry-After"] {
      if let seconds = seconds(text) { return .seconds(seconds) }
      if let date = Timestamp(httpDate: text, at: now) { return max(date.duration(since: now), .zero) }
    }
    guard response.status == 429 else { return nil }
    for name in ["X-RateLimit-Reset", "RateLimit-Reset"] {
      guard let text = response.headers[name], let seconds = seconds(text) else { continue }
      // No server asks for a wait of 30 years: a number that large is an instant.
      if seconds < 1_000_000_000 { return .seconds(seconds) }
      return max(Timestamp(seconds: seconds).duration(since: now), .zero)
    }
    return nil
  }

  private static func seconds(_ text: String) -> Int64? {
    guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
  }
}
