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

  // Conditions as numbers, put together by arithmetic alone: of a Bool the compiler makes a branch before long, and the ones
  // for which these are could not be foreseen.

  /// 1 where a word is zero, else 0.
  @inline(__always)
  static func isZero(_ word: UInt64) -> UInt64 { (word | (0 &- word)) &>> 63 ^ 1 }

  /// The first word where a condition is 1, the second where it is 0.
  @inline(__always)
  static func choice(_ condition: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
    let mask = 0 &- condition
    return first & mask | second & ~mask
  }
}
