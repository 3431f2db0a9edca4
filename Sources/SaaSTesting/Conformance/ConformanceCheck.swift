/// One named check of a conformance suite: what a port's contract says, tried on a fresh subject.
///
/// A suite's list of checks is made to be the arguments of a parameterised test (Swift Testing), or to be run as a whole
/// from any test (XCTest, or none).
public struct ConformanceCheck<Subject: Sendable>: Sendable {
  /// What must hold, as a sentence; unique in its suite.
  public let name: String
  private let body: @Sendable (Subject) async throws -> Void

  init(_ name: String, _ body: @escaping @Sendable (Subject) async throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Tries the check on a subject that nobody has used.
  /// - Parameter make: makes the subject; an error of its own is passed on as it is.
  /// - Throws: ``ConformanceFailure`` where the subject does not do what the contract says.
  public func run(on make: @Sendable () async throws -> Subject) async throws {
    let subject = try await make()
    do {
      try await body(subject)
    } catch let failure as ConformanceFailure {
      throw failure.named(name)
    } catch {
      throw ConformanceFailure(what: "no error", expected: "none", got: String(describing: error)).named(name)
    }
  }
}

extension ConformanceCheck: CustomStringConvertible {
  /// The check's name.
  public var description: String { name }
}

extension Collection {
  /// Tries every check, each on a subject of its own, and tells of all failures at once.
  /// - Throws: ``ConformanceFailures``
  func run<Subject>(on make: @Sendable () async throws -> Subject) async throws
  where Element == ConformanceCheck<Subject> {
    var failures: [ConformanceFailure] = []
    for check in self {
      do {
        try await check.run(on: make)
      } catch let failure as ConformanceFailure {
        failures.append(failure)
      }
    }
    guard failures.isEmpty else { throw ConformanceFailures(failures: failures) }
  }
}
