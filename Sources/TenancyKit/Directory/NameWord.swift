/// Eight bytes of a name as one word, the first byte lowest, and what can be said of all of them at once.
enum NameWord {
  /// Setting a byte's case bit makes a capital small, and changes nothing about a digit, hyphen or dot.
  static let caseBit: UInt8 = 0x20
  static let highs: UInt64 = 0x8080_8080_8080_8080

  @inline(__always)
  static func at(_ offset: Int, of name: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: name.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// A word of eight times the same byte.
  @inline(__always)
  static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  /// The bits of the first so many bytes, at least one; of all where there are eight or more.
  @inline(__always)
  static func first(_ count: Int) -> UInt64 { .max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* min(count, 8)) }

  /// The high bits of the bytes that are `byte`, if no byte is the next greater one; the lowest is right in any case.
  @inline(__always)
  static func places(of byte: UInt8, in word: UInt64) -> UInt64 {
    let other = word ^ each(byte)
    return (other &- each(1)) & ~other & highs
  }

  /// 1 where a condition holds, else 0, for conditions that are joined without a branch.
  @inline(__always)
  static func bit(_ condition: Bool) -> UInt64 { condition ? 1 : 0 }
}
