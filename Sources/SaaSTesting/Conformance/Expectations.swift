internal import SaaSCore

/// What checks hold a subject to; each throws a ``ConformanceFailure`` that says what came instead.
enum Expect {
  /// Two values are equal.
  static func equal<Value: Equatable>(_ got: Value, _ expected: Value, _ what: String) throws(ConformanceFailure) {
    guard got == expected else {
      throw ConformanceFailure(what: what, expected: String(describing: expected), got: String(describing: got))
    }
  }

  /// A condition holds; `got` is for the reader of the failure.
  static func holds(_ condition: Bool, _ what: String, got: Any = "false") throws(ConformanceFailure) {
    guard condition else { throw ConformanceFailure(what: what, expected: "it holds", got: String(describing: got)) }
  }

  /// There is a value.
  static func some<Value>(_ value: Value?, _ what: String) throws(ConformanceFailure) -> Value {
    guard let value else { throw ConformanceFailure(what: what, expected: "a value", got: "nil") }
    return value
  }

  /// There is no value.
  static func none<Value>(_ value: Value?, _ what: String) throws(ConformanceFailure) {
    if let value { throw ConformanceFailure(what: what, expected: "nil", got: String(describing: value)) }
  }

  /// A call throws an error.
  /// - Parameter reading: brings errors into the form in which they are compared.
  static func failure<Failure: Error & Equatable, Answer>(
    _ expected: Failure, _ what: String, reading: (Failure) -> Failure = { $0 }, of body: () async throws -> Answer
  ) async throws(ConformanceFailure) {
    let answer: Answer
    do {
      answer = try await body()
    } catch {
      guard let error = error as? Failure, reading(error) == reading(expected) else {
        throw ConformanceFailure(what: what, expected: "\(expected) is thrown", got: "\(error) was thrown")
      }
      return
    }
    throw ConformanceFailure(what: what, expected: "\(expected) is thrown", got: "the answer \(answer)")
  }
}

extension StoreError {
  /// The error without the text of a conflict, which is each store's own.
  var withoutText: StoreError {
    if case .conflict = self { return .conflict("") }
    return self
  }
}

/// Runs several calls at the same time and gives their outcomes in order.
///
/// A call that finds the store busy is made again, as its error says that it may be.
func concurrently<Answer: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Answer
) async -> [Result<Answer, any Error>] {
  await withTaskGroup(of: (Int, Result<Answer, any Error>).self) { group in
    for number in 0..<count {
      group.addTask {
        do {
          return (number, .success(try await patiently { try await body(number) }))
        } catch {
          return (number, .failure(error))
        }
      }
    }
    var outcomes: [(Int, Result<Answer, any Error>)] = []
    for await outcome in group { outcomes.append(outcome) }
    return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

/// Makes a call, and again while the store is busy.
func patiently<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
  for _ in 0..<1_000 {
    do {
      return try await body()
    } catch let error as any StoreErrorCarrying where error.storeError?.isRetryable == true {
      await Task.yield()
    }
  }
  return try await body()
}

/// An error of a port that may be a failure of the store below it.
protocol StoreErrorCarrying: Error {
  var storeError: StoreError? { get }
}

extension StoreError: StoreErrorCarrying {
  var storeError: StoreError? { self }
}

extension Collection {
  /// The answers of the calls that succeeded.
  func answers<Answer>() -> [Answer] where Element == Result<Answer, any Error> { compactMap { try? $0.get() } }

  /// The errors of the calls that failed.
  func errors<Answer>() -> [any Error] where Element == Result<Answer, any Error> {
    compactMap { outcome in
      if case .failure(let error) = outcome { return error }
      return nil
    }
  }
}
