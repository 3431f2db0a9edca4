/// A check that failed: what the contract says, what was expected, and what came.
public struct ConformanceFailure: Error, Sendable, Hashable {
  /// The check's name.
  public let check: String
  /// What was looked at.
  public let what: String
  /// What the contract says it is.
  public let expected: String
  /// What it was.
  public let got: String

  init(what: String, expected: String, got: String) {
    self.init(check: "", what: what, expected: expected, got: got)
  }

  private init(check: String, what: String, expected: String, got: String) {
    self.check = check
    self.what = what
    self.expected = expected
    self.got = got
  }

  func named(_ check: String) -> ConformanceFailure {
    ConformanceFailure(check: check, what: what, expected: expected, got: got)
  }
}

extension ConformanceFailure: CustomStringConvertible {
  /// The check, what was looked at, what was expected and what came, a line each.
  public var description: String { "\(check)\n  \(what)\n  expected: \(expected)\n  got:      \(got)" }
}

/// Every check of a suite that failed.
public struct ConformanceFailures: Error, Sendable, Hashable {
  /// The failures, in the order of the suite.
  public let failures: [ConformanceFailure]
}

extension ConformanceFailures: CustomStringConvertible {
  /// The failures, one after the other.
  public var description: String { failures.map(\.description).joined(separator: "\n") }
}
