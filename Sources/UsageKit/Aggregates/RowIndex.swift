/// Finds row numbers by the hash of their key; the keys themselves lie with the rows.
///
/// Open addressing with linear probing. A slot holds 32 bits of the hash, from which its place follows, and the row's
/// number plus one; zero is an empty slot. So it grows, and closes gaps, without reading a key.
struct RowIndex {
  private static var leastRoom: Int { 16 }

  private var slots: [UInt64] = []
  private var mask = 0
  private(set) var count = 0

  /// The row with a hash for which a comparison of its key holds, or nil.
  /// - Complexity: O(1) on average
  @inline(__always)
  func row(hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
    guard count > 0 else { return nil }
    let tag = hash >> 32
    var place = Int(truncatingIfNeeded: tag) & mask
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      if slot >> 32 == tag {
        let row = Int(truncatingIfNeeded: slot & 0xffff_ffff) &- 1
        if isMatch(row) { return row }
      }
      place = (place &+ 1) & mask
    }
  }

  /// The row at the place where a hash's search begins, or -1: a reason to read what lies there, not an answer.
  @inline(__always)
  func likelyRow(hash: UInt64) -> Int {
    guard count > 0 else { return -1 }
    return Int(truncatingIfNeeded: slots[Int(truncatingIfNeeded: hash >> 32) & mask] & 0xffff_ffff) &- 1
  }

  /// Adds a row that is not in the index.
  mutating func insert(_ row: Int, hash: UInt64) {
    if count &* 3 >= slots.count &* 2 { grow() }
    place((hash >> 32) << 32 | UInt64(truncatingIfNeeded: row &+ 1))
    count &+= 1
  }

  /// Takes room for so many rows, where none was added yet.
  mutating func reserveCapacity(_ rows: Int) {
    guard slots.isEmpty, rows > 0 else { return }
    var room = Self.leastRoom
    // As full as ``insert(_:hash:)`` lets it get.
    while rows &* 3 > room &* 2 { room &*= 2 }
    slots = [UInt64](repeating: 0, count: room)
    mask = room &- 1
  }

  /// Takes a row out, if it is in.
  mutating func remove(_ row: Int, hash: UInt64) {
    guard count > 0 else { return }
    let sought = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: row &+ 1)
    var hole = Int(truncatingIfNeeded: hash >> 32) & mask
    while slots[hole] != sought {
      if slots[hole] == 0 { return }
      hole = (hole &+ 1) & mask
    }
    // Rows that probed past the hole move back into it, so that no search stops short of them.
    var next = (hole &+ 1) & mask
    while slots[next] != 0 {
      let home = Int(truncatingIfNeeded: slots[next] >> 32) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next &+ 1) & mask
    }
    slots[hole] = 0
    count &-= 1
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: max(Self.leastRoom, old.count * 2))
    mask = slots.count - 1
    for slot in old where slot != 0 { place(slot) }
  }

  private mutating func place(_ slot: UInt64) {
    var place = Int(truncatingIfNeeded: slot >> 32) & mask
    while slots[place] != 0 { place = (place &+ 1) & mask }
    slots[place] = slot
  }
}
