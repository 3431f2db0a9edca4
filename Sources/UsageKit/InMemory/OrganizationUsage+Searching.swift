internal import SaaSCore

/// What was found of one write's event and of its run before the writes beside it were recorded.
struct EventSearch {
  /// The hash of the event's identifier.
  var hash: UInt64 = 0
  /// The event's row, or -1 where there was none.
  var row: Int32 = -1
  /// The run's place, or -1 where there was none.
  var run: Int32 = -1

  fileprivate var runHash: UInt64 = 0
  fileprivate var mayHaveRow = false
  fileprivate var mayHaveRun = false
}

extension OrganizationUsage {
  /// How many writes are searched for before the first of them is recorded.
  static let searchedTogether = 32

  /// Searches for the events of some writes, all at once.
  ///
  /// A search reads places of large tables that are seldom in the processor's cache, and what is recorded next cannot be
  /// begun before. So each step is taken for all of them in a short loop, in which no read waits for another.
  func search(for writes: ArraySlice<UsageWrite>, into searches: inout [EventSearch]) {
    searches.removeAll(keepingCapacity: true)
    for place in writes.indices {
      var search = EventSearch()
      if case .event(let priced) = writes[place] {
        search.hash = secret.hash(priced.event.id.text)
        search.runHash = secret.hash(priced.event.runID.text)
      }
      searches.append(search)
    }
    for place in searches.indices {
      searches[place].mayHaveRow = eventIndex.mayHaveRow(hash: searches[place].hash)
      searches[place].mayHaveRun = runIndex.mayHaveRow(hash: searches[place].runHash)
    }
    for (place, write) in zip(searches.indices, writes.indices) {
      guard case .event(let priced) = writes[write] else { continue }
      if searches[place].mayHaveRow, let row = eventRow(priced.event.id, hash: searches[place].hash) {
        searches[place].row = Int32(truncatingIfNeeded: row)
      }
      if searches[place].mayHaveRun, let run = runPlace(priced.event.runID, hash: searches[place].runHash) {
        searches[place].run = Int32(truncatingIfNeeded: run)
      }
    }
  }

  /// The row of an event that is there now, before the horizon or not.
  @inline(__always)
  func eventRow(_ id: EventID, after search: EventSearch) -> Int? {
    // What was there is there still, unless a write of the same call took it out to record it anew; what was not may
    // have been recorded by a write beside it.
    if search.row >= 0, !eventRows[Int(search.row)].isDropped { return Int(search.row) }
    return eventRow(id, hash: search.hash)
  }
}
