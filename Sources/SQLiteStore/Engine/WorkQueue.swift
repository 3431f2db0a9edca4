#if SQLite
  internal import Foundation
  internal import SaaSCore

  /// Work on its way from callers, who never block, to the threads of the connections, which do.
  ///
  /// In order of arrival, and bounded: a call that finds the queue full is refused as busy.
  // Sendable: everything below the condition is reached only while the mutex is held.
  final class WorkQueue: @unchecked Sendable {
    private let limit: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var items: [WorkItem?] = []
    private var first = 0
    private var sleepers = 0
    private var accepts = true
    private var hasEnded = false

    /// A queue in which at most so many calls wait.
    init(limit: Int) {
      self.limit = limit
      mutex = .allocate(capacity: 1)
      mutex.initialize(to: pthread_mutex_t())
      pthread_mutex_init(mutex, nil)
      condition = .allocate(capacity: 1)
      condition.initialize(to: pthread_cond_t())
      pthread_cond_init(condition, nil)
    }

    deinit {
      pthread_cond_destroy(condition)
      condition.deallocate()
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    // MARK: For callers

    /// Has work done by a thread of the queue, and gives its outcome.
    ///
    /// Cancelling the calling task changes nothing: the work is done, and its outcome is given.
    func perform<Answer: Sendable, Failure: StoreFailing>(_ work: @escaping Call<Answer, Failure>.Work)
      async throws(Failure) -> Answer
    {
      let outcome: Result<Answer, Failure> = await withCheckedContinuation { continuation in
        if let refusal = enqueue(Call(work, continuation)) {
          continuation.resume(returning: .failure(Failure(refusal)))
        }
      }
      return try outcome.get()
    }

    private func enqueue(_ item: WorkItem) -> StoreError? {
      pthread_mutex_lock(mutex)
      if let refusal {
        pthread_mutex_unlock(mutex)
        return refusal
      }
      items.append(item)
      let wakes = sleepers > 0
      pthread_mutex_unlock(mutex)
      // Only now, so that the thread finds the mutex free.
      if wakes { pthread_cond_signal(condition) }
      return nil
    }

    private var refusal: StoreError? {
      guard accepts else { return .unavailable(.closed) }
      return items.count - first < limit ? nil : .unavailable(.busy)
    }

    /// Refuses every call from now on; what waits is still done.
    func refuseCalls() {
      pthread_mutex_lock(mutex)
      accepts = false
      pthread_mutex_unlock(mutex)
    }

    /// Refuses every call, and lets the threads end once nothing waits.
    func end() {
      pthread_mutex_lock(mutex)
      accepts = false
      hasEnded = true
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }

    // MARK: For threads

    /// The next work, for which the thread sleeps if it must; nil at the end.
    func waitForNext() -> WorkItem? {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      while first == items.count, !hasEnded {
        sleepers += 1
        pthread_cond_wait(condition, mutex)
        sleepers -= 1
      }
      return removeFirst()
    }

    /// The next work if there is some already.
    func next() -> WorkItem? {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return removeFirst()
    }

    private func removeFirst() -> WorkItem? {
      guard first < items.count else { return nil }
      let item = items[first]
      items[first] = nil
      first += 1
      if first == items.count {
        items.removeAll(keepingCapacity: items.count <= 1_024)
        first = 0
      } else if first >= 1_024, first * 2 >= items.count {
        items.removeFirst(first)
        first = 0
      }
      return item
    }
  }
#endif
