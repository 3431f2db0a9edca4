/// Where the entry of a batch's query is looked for.
struct HostSearch {
  /// After so many lines a search goes on by itself.
  static let mostHops: UInt8 = 8

  // Leads into the table of the index that answers, which lives longer.
  let line: UnsafeRawPointer
  /// Which of the batch's verdicts is the query's.
  let index: Int
  /// The line's number.
  let number: UInt32
  /// The places of the line that were looked into before, one bit each.
  var tried: UInt16 = 0
  /// How many lines were looked into before.
  let hops: UInt8
}

/// Some queries of a batch and where they are in their search, side by side.
struct HostSearches {
  // So many queries, searches, and what is read ahead for each (thirty-two bytes at most) fit into a kilobyte, which a
  // temporary allocation takes from the stack without asking how much of it is left.
  static var capacity: Int { 32 }

  // Both have room for `capacity`, of which `count` are initialised and trivial, as long as `withEmptyPair` lasts. So do the
  // values that the queries lead to.
  let queries: UnsafeMutablePointer<HostQuery>
  let searches: UnsafeMutablePointer<HostSearch>
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var isHalfFull: Bool { count >= Self.capacity / 2 }
  var isFull: Bool { count >= Self.capacity }

  /// Adds a query to those that are not full.
  @inline(__always)
  mutating func append(_ query: HostQuery, _ search: HostSearch) {
    (queries + count).initialize(to: query)
    (searches + count).initialize(to: search)
    count &+= 1
  }

  mutating func removeAll() { count = 0 }

  /// Calls with two that are empty, and that no copy may be made of.
  @inline(__always)
  static func withEmptyPair(_ body: (inout HostSearches, inout HostSearches) -> Void) {
    withOne { first in
      withOne { second in
        var (first, second) = (first, second)
        body(&first, &second)
      }
    }
  }

  @inline(__always)
  private static func withOne(_ body: (HostSearches) -> Void) {
    withUnsafeTemporaryAllocation(of: HostQuery.self, capacity: capacity) { queries in
      withUnsafeTemporaryAllocation(of: HostSearch.self, capacity: capacity) { searches in
        // There is room for more than none, so that both have an address.
        guard let queries = queries.baseAddress, let searches = searches.baseAddress else { return }
        body(HostSearches(queries: queries, searches: searches))
      }
    }
  }
}
