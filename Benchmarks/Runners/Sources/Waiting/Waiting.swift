internal import Dispatch
internal import Synchronization

/// Runs asynchronous work while the main thread waits for it.
///
/// A program with an asynchronous main function ends its main thread, which tools that count instructions do not survive.
public func waiting(_ body: @escaping @Sendable () async throws -> Void) throws {
  let outcome = Outcome()
  let finished = DispatchSemaphore(value: 0)
  Task {
    do { try await body() } catch { outcome.error.withLock { $0 = error } }
    finished.signal()
  }
  finished.wait()
  if let error = outcome.error.withLock({ $0 }) { throw error }
}

private final class Outcome: Sendable {
  let error = Mutex<(any Error)?>(nil)
}
