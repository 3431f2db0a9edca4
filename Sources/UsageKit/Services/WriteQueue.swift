internal import SaaSCore
internal import TenancyKit

/// Brings the writes of concurrent callers to a store, those that wait together in one call, so that the price of a
/// durable commit is shared.
///
/// No task of its own does it: the first caller leads, and commits what waits; when its call returns, the next waiting
/// caller leads. So a lone caller waits for nobody, and none works on for others once it has its answer.
final class WriteQueue: Sendable {
  /// What a caller is told when its turn comes.
  private enum Turn: Sendable {
    case lead
    case answered([UsageAnswer])
    case failed(UsageRecorderError)
  }

  private struct Entry: Sendable {
    let number: UInt64
    let batch: UsageBatch
    let continuation: CheckedContinuation<Turn, Never>
  }

  private struct State: Sendable {
    var waiting: [Entry] = []
    var waitingWrites = 0
    var last: UInt64 = 0
    var isCommitting = false
    var isClosed = false
    var drainers: [CheckedContinuation<Void, Never>] = []
  }

  private static let tooFewAnswers = StoreError.corrupt("the store gave too few answers")

  private let state = Lock(State())
  private let store: any UsageStore
  private let clock: any WallClock
  private let observer: any ServiceObserver
  private let capacity: Int
  private let batchLimit: Int

  init(
    store: any UsageStore, clock: any WallClock, observer: any ServiceObserver, capacity: Int, batchLimit: Int
  ) {
    self.store = store
    self.clock = clock
    self.observer = observer
    self.capacity = max(1, capacity)
    self.batchLimit = max(1, batchLimit)
  }

  /// Records a batch, and returns once it is durable.
  func record(_ batch: UsageBatch) async throws(UsageRecorderError) -> [UsageAnswer] {
    let number = state.withLock { state in
      state.last &+= 1
      return state.last
    }
    let turn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if let turn = admit(Entry(number: number, batch: batch, continuation: continuation)) {
          continuation.resume(returning: turn)
        }
      }
    } onCancel: {
      withdraw(number)?.resume(returning: .failed(.cancelled))
    }
    switch turn {
    case .answered(let answers): return answers
    case .failed(let error): throw error
    case .lead: return try await lead(with: batch)
    }
  }

  /// Refuses new writes from now on, and returns once those that were taken are answered.
  func drain() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isIdle = state.withLock { state in
        state.isClosed = true
        if state.isCommitting { state.drainers.append(continuation) }
        return !state.isCommitting
      }
      if isIdle { continuation.resume() }
    }
  }

  /// How many callers wait for the one who leads.
  var waitingCallers: Int { state.withLock { $0.waiting.count } }

  /// Whether new writes are refused.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// What a caller is to do at once, or nil where it waits.
  private func admit(_ entry: Entry) -> Turn? {
    let turn: Turn? = state.withLock { state in
      if state.isClosed { return .failed(.closed) }
      // Cancelled before it waited: the handler found nobody to withdraw.
      if Task.isCancelled { return .failed(.cancelled) }
      guard state.isCommitting else {
        state.isCommitting = true
        return .lead
      }
      guard state.waitingWrites + entry.batch.writes.count <= capacity else { return .failed(.overloaded) }
      state.waitingWrites += entry.batch.writes.count
      state.waiting.append(entry)
      return nil
    }
    if case .failed(.overloaded) = turn { observer.count("usage.recorder.overloaded") }
    return turn
  }

  private func withdraw(_ number: UInt64) -> CheckedContinuation<Turn, Never>? {
    state.withLock { state in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
      let entry = state.waiting.remove(at: index)
      state.waitingWrites -= entry.batch.writes.count
      return entry.continuation
    }
  }

  /// Commits a batch with those that wait, answers them, and lets the next one lead.
  private func lead(with batch: UsageBatch) async throws(UsageRecorderError) -> [UsageAnswer] {
    defer { handOver() }
    let others = takeWaiting(besides: batch.writes.count)
    let answers: [[UsageAnswer]]
    do {
      answers = try await store.record([batch] + others.map(\.batch), at: clock.now())
    } catch {
      observer.count("usage.recorder.failed", by: Int64(others.count + 1), labels: [:])
      if Task.isCancelled {
        // It may have failed for this caller's cancellation alone; the others try by themselves.
        putBack(others)
      } else if case .unavailable = error {
        for other in others { other.continuation.resume(returning: .failed(.store(error))) }
      } else if !others.isEmpty {
        // It may be one caller's own rows that cannot be written; each is tried alone.
        for other in others {
          do throws(UsageRecorderError) {
            other.continuation.resume(returning: .answered(try await recordAlone(other.batch)))
          } catch {
            other.continuation.resume(returning: .failed(error))
          }
        }
        return try await recordAlone(batch)
      }
      throw .store(error)
    }
    for (other, answer) in zip(others, answers.dropFirst()) {
      other.continuation.resume(returning: .answered(answer))
    }
    // A store that gives too few answers broke its contract; nobody waits for ever because of it.
    for other in others.dropFirst(max(answers.count - 1, 0)) {
      other.continuation.resume(returning: .failed(.store(Self.tooFewAnswers)))
    }
    guard let own = answers.first else { throw .store(Self.tooFewAnswers) }
    return own
  }

  /// Records one caller's batch in a call of its own.
  private func recordAlone(_ batch: UsageBatch) async throws(UsageRecorderError) -> [UsageAnswer] {
    do throws(StoreError) {
      guard let answers = try await store.record([batch], at: clock.now()).first else { throw Self.tooFewAnswers }
      return answers
    } catch {
      throw .store(error)
    }
  }

  private func takeWaiting(besides count: Int) -> [Entry] {
    state.withLock { state in
      var total = count
      let taken = state.waiting.prefix { entry in
        total += entry.batch.writes.count
        return total <= batchLimit
      }
      let others = Array(taken)
      state.waiting.removeFirst(others.count)
      state.waitingWrites -= others.reduce(0) { $0 + $1.batch.writes.count }
      return others
    }
  }

  private func putBack(_ entries: [Entry]) {
    state.withLock { state in
      state.waiting.insert(contentsOf: entries, at: 0)
      state.waitingWrites += entries.reduce(0) { $0 + $1.batch.writes.count }
    }
  }

  private func handOver() {
    let (next, drainers): (Entry?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.isCommitting = false
        defer { state.drainers = [] }
        return (nil, state.drainers)
      }
      let next = state.waiting.removeFirst()
      state.waitingWrites -= next.batch.writes.count
      return (next, [])
    }
    next?.continuation.resume(returning: .lead)
    for drainer in drainers { drainer.resume() }
  }
}
