/// Some queries of a batch, where they are in their search, and what is read ahead for each, side by side.
struct HostGroup {
  /// So many that nearly as many reads as a processor can wait for at once are always under way.
  static let capacity = 64

  /// What was read of an entry that may be a query's.
  struct Head {
    /// The four bytes after its name, which may lie in the next line of the cache.
    let reference: UInt32
    /// Its first two bytes.
    let bytes: UInt16
  }

  // All pointers have room for `capacity` as long as the room lasts that they were taken from. What they lead to is trivial;
  // of these three, `count` are initialised.

  let queries: UnsafeMutablePointer<HostQuery>
  let keys: UnsafeMutablePointer<KeyBytes.Ends>
  let searches: UnsafeMutablePointer<HostSearch>

  // Of these, each element is initialised for every query that is asked before it is read.

  /// The tags and marks of a query's line.
  let lineHeads: UnsafeMutablePointer<Bytes16>
  /// Where the first entry of the line is that may be the query's; 0 where there is none.
  let offsets: UnsafeMutablePointer<UInt32>
  // Lead into the arena of the index that answers, which lives longer.
  let entries: UnsafeMutablePointer<UnsafeRawPointer>
  let heads: UnsafeMutablePointer<Head>
  /// Which queries no active tenant's entry answered, one after the other.
  let unsettled: UnsafeMutablePointer<UInt8>

  private(set) var count = 0

  /// A group without a query.
  init(in room: inout HostBatchRoom) {
    queries = room.take()
    keys = room.take()
    searches = room.take()
    lineHeads = room.take()
    offsets = room.take()
    entries = room.take()
    heads = room.take()
    unsettled = room.take()
  }

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { count >= Self.capacity }

  /// Adds a query to a group that is not full.
  @inline(__always)
  mutating func append(_ query: HostQuery, _ key: KeyBytes.Ends, _ search: HostSearch) {
    (queries + count).initialize(to: query)
    (keys + count).initialize(to: key)
    (searches + count).initialize(to: search)
    count &+= 1
  }

  /// Begins to answer: all queries leave the group, and those that ``keep(_:_:)`` names come back. Gives how many there were.
  mutating func beginAnswer() -> Int {
    defer { count = 0 }
    return count
  }

  /// Keeps the query of a lane, whose search goes on. Lanes come in growing order, each once at most, so that a query is put
  /// into its own lane or one before, which was looked at already.
  @inline(__always)
  mutating func keep(_ lane: Int, _ search: HostSearch) { append(queries[lane], keys[lane], search) }

  /// The places of a query's line where its entry may be, and that were not looked into before.
  @inline(__always)
  func places(of lane: Int) -> HostTable.Places {
    HostTable.Places(queries[lane].hash, head: lineHeads[lane]).without(searches[lane].tried)
  }
}
