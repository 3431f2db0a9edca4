/// Eight bytes of a name as one word, the first byte lowest, and what can be said of all of them at once.
enum NameWord {
  /// Setting a byte's case bit makes a capital small, and changes nothing about a digit, hyphen or dot.
  static let fold: UInt64 = 0x2020_2020_2020_2020
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

  /// The high bits of sixteen bytes that may not stand in a name, or not beside their neighbours: no dot is beside a dot
  /// or a hyphen. Other bits mean nothing.
  @inline(__always)
  static func faults(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let (firstMarks, firstDots) = marks(first)
    let (secondMarks, secondDots) = marks(second)
    let nextMarks = firstMarks >> 8 | secondMarks << 56
    let nextDots = firstDots >> 8 | secondDots << 56
    return firstDots & nextMarks | firstMarks & nextDots | secondDots & secondMarks >> 8
      | secondMarks & secondDots >> 8 | notAlphanumeric(first) & ~firstMarks | notAlphanumeric(second) & ~secondMarks
  }

  /// The high bits of bytes that are at least `bound`; all bytes are below 0x80.
  @inline(__always)
  private static func atLeast(_ bound: UInt8, _ word: UInt64) -> UInt64 { word &+ each(0x80 &- bound) }

  /// The high bits of bytes that are no letter and no digit.
  @inline(__always)
  private static func notAlphanumeric(_ word: UInt64) -> UInt64 {
    let ascii = word & ~highs
    let folded = ascii | fold
    let letter = atLeast(0x61, folded) & ~atLeast(0x7b, folded)
    let digit = atLeast(0x30, ascii) & ~atLeast(0x3a, ascii)
    return word | ~(letter | digit)
  }

  /// The high bits of hyphens and dots, and of dots alone.
  @inline(__always)
  private static func marks(_ word: UInt64) -> (marks: UInt64, dots: UInt64) {
    let ascii = word & ~highs
    let below = ~atLeast(0x2f, ascii) & ~word & highs
    return (atLeast(0x2d, ascii) & below, atLeast(0x2e, ascii) & below)
  }
}

/// Four words that tell a name of up to thirty-two bytes from every other name of its length.
///
/// They overlap where the name is shorter, so that no length is read in a loop or by a branch of its own.
struct NameWords {
  static let longest = 32

  private let words: (UInt64, UInt64, UInt64, UInt64)
  private let offsets: (second: Int, third: Int, last: Int)
  // Which bits of every word are of the name.
  private let mask: UInt64
  private let controls: UInt64

  /// Reads a name of up to ``longest`` bytes, capitals as small letters; behind one shorter than eight bytes, as many more
  /// are readable.
  @inline(__always)
  init(_ name: UnsafeRawPointer, count: Int) {
    mask = NameWord.first(count)
    let last = max(count &- 8, 0)
    offsets = (min(last, 8), max(count &- 16, 0), last)
    let raw = (
      NameWord.at(0, of: name), NameWord.at(offsets.second, of: name), NameWord.at(offsets.third, of: name),
      NameWord.at(offsets.last, of: name)
    )
    words = (raw.0 | NameWord.fold, raw.1 | NameWord.fold, raw.2 | NameWord.fold, raw.3 | NameWord.fold)
    // Folding takes control bytes for digits, hyphens and dots. Those have neither of the two bits of which every byte of
    // a name has at least one.
    let present = (raw.0 | raw.0 &<< 1) & (raw.1 | raw.1 &<< 1) & (raw.2 | raw.2 &<< 1) & (raw.3 | raw.3 &<< 1)
    controls = ~present & NameWord.each(0x40)
  }

  /// The sum of the products of two words each with a secret's.
  @inline(__always)
  func product(_ secret: UnsafePointer<UInt64>) -> (high: UInt64, low: UInt64) {
    let first = ((words.0 & mask) &+ secret[0]).multipliedFullWidth(by: (words.1 & mask) &+ secret[1])
    let second = ((words.2 & mask) &+ secret[2]).multipliedFullWidth(by: (words.3 & mask) &+ secret[3])
    let (low, carry) = first.low.addingReportingOverflow(second.low)
    return (first.high &+ second.high &+ (carry ? 1 : 0), low)
  }

  /// Zero where a name that is stored is the one that was read, which has its length.
  @inline(__always)
  func difference(from name: UnsafeRawPointer) -> UInt64 {
    let first = (words.0 ^ NameWord.at(0, of: name)) | (words.1 ^ NameWord.at(offsets.second, of: name))
    let second = (words.2 ^ NameWord.at(offsets.third, of: name)) | (words.3 ^ NameWord.at(offsets.last, of: name))
    return (first | second | controls) & mask
  }
}
