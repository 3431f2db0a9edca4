internal import Foundation

/// A value that one thread at a time can reach, behind the system's own mutex.
///
/// The thread sanitizer knows that mutex, and does not know the standard library's on every platform; a host application
/// that runs the sanitizer over its server gets no false alarms from here.
// Sendable: `value` is reached only between locking and unlocking `mutex`, whose address never changes.
package final class Lock<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  /// A lock around a value that nobody else holds.
  package init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    // Fails only for lack of memory, in which nothing else would work either.
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls with the value while no other thread has it. The call must not wait for anything else.
  package func withLock<Result, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
