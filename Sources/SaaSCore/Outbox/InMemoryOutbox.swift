/// An outbox in memory; in-memory stores append to it inside their own critical section.
public final class InMemoryOutbox: Outbox {
  private struct State {
    var events: [OutboxEvent] = []
    var last: Int64 = 0
    var cursors: [String: Int64] = [:]
  }

  private let state = Lock(State())

  /// An empty outbox.
  public init() {}

  /// Appends events in order, all at once.
  public func append(_ drafts: [OutboxDraft]) {
    guard !drafts.isEmpty else { return }
    state.withLock { state in
      for draft in drafts {
        state.last += 1
        state.events.append(OutboxEvent(sequence: state.last, draft: draft))
      }
    }
  }

  public func events(after sequence: Int64, limit: PageLimit) async throws(StoreError) -> [OutboxEvent] {
    state.withLock { state in
      let first = state.events.partitioningIndex { $0.sequence > sequence }
      return Array(state.events[first...].prefix(limit.count))
    }
  }

  public func cursor(of consumer: String) async throws(StoreError) -> Int64 {
    state.withLock { $0.cursors[consumer] ?? 0 }
  }

  public func advance(_ consumer: String, from expected: Int64, to sequence: Int64) async throws(StoreError) {
    let moved = state.withLock { state in
      guard state.cursors[consumer] ?? 0 == expected else { return false }
      state.cursors[consumer] = sequence
      return true
    }
    guard moved else { throw .conflict("the cursor of \(consumer) is not \(expected)") }
  }

  public func prune(through sequence: Int64) async throws(StoreError) -> Int {
    state.withLock { state in
      let count = state.events.partitioningIndex { $0.sequence > sequence }
      state.events.removeFirst(count)
      return count
    }
  }
}

extension Array {
  /// The first index whose element satisfies a condition that, once true, stays true.
  package func partitioningIndex(where condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
