/// Marks the labels that need a second look: reserved words, and labels of operators' mappings.
///
/// A few bits per label by its hash, so that all other labels are settled by one look-up. A mark may stand for nothing
/// (then the second look finds nothing), but never lacks.
struct LabelMarks: Sendable {
  private(set) var words: [UInt64]

  /// No marks, with room for a number of labels at about sixteen bits each.
  init(labels count: Int) {
    var size = 64
    while size * 64 < min(count, 1 << 24) * 16 { size *= 2 }
    words = Array(repeating: 0, count: size)
  }

  /// What the look-up masks the place with; the number of words is a power of two.
  var mask: UInt64 { UInt64(words.count) * 64 - 1 }

  // The low bits are the table's tag and the high ones its line, so the middle is used.
  @inline(__always)
  static func place(_ hash: UInt64, mask: UInt64) -> UInt64 { (hash >> 16) & mask }

  mutating func insert(_ hash: UInt64) {
    let place = Self.place(hash, mask: mask)
    words[Int(place >> 6)] |= 1 << (place & 63)
  }
}
