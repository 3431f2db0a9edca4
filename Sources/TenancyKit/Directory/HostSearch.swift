/// Where the entry of a batch's query is looked for.
struct HostSearch {
  /// After so many lines a search goes on by itself.
  static let mostHops: UInt64 = 8

  // Leads into the table of the index that answers, which lives longer.
  let line: UnsafeRawPointer
  /// Which of the batch's verdicts is the query's.
  let index: Int
  // One word, so that a search is put down and taken up in three: the line's number in bits 0–31, the places of the line
  // that were looked into before in 32–47, and how many lines were in 48–63.
  private var packed: UInt64

  /// A search in a line, of less than 2³² lines.
  @inline(__always)
  init(line: UnsafeRawPointer, number: Int, index: Int, hops: UInt64) {
    self.line = line
    self.index = index
    packed = UInt64(truncatingIfNeeded: number) | hops &<< 48
  }

  /// The line's number.
  var number: Int { Int(truncatingIfNeeded: packed & 0xffff_ffff) }

  /// The places of the line that were looked into before, one bit each.
  @inline(__always)
  var tried: UInt16 { UInt16(truncatingIfNeeded: packed &>> 32) }

  /// How many lines were looked into before.
  var hops: UInt64 { packed &>> 48 }

  /// Looks no more into some places, one bit each.
  mutating func leaveOut(_ places: UInt16) { packed |= UInt64(places) &<< 32 }
}
