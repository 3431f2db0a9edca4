internal import SaaSCore

/// What ``HostSyntax`` says of a value of up to sixty-three bytes, found from bits for all of its bytes at once.
///
/// ``HostSyntax`` remains the one statement of the rules; the tests hold this to it.
struct HostShape {
  /// How many bytes at the front are the name, without a dot at its end.
  let nameCount: Int
  /// The first reason against the value.
  let reason: HostReason?
  /// Bit i where byte i is a dot, or a hyphen.
  let dots: UInt64
  let hyphens: UInt64

  /// Nil for a value that has to be read byte by byte: by its length, as it may be an IP literal, or as its last label may
  /// be a hexadecimal number.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, HostScan.lengths.contains(bytes.count),
      start.load(as: UInt8.self) != UInt8(ascii: "[")
    else { return nil }
    let total = bytes.count
    var marks = Marks()
    if total < 16 {
      marks.add(KeyBytes.short(start, total), at: 0)
    } else {
      var offset = 0
      while offset < total {
        // The last sixteen bytes overlap those before them.
        let place = min(offset, total &- 16)
        marks.add(Bytes16(at: start + place), at: place)
        offset &+= 16
      }
    }
    dots = marks.dots
    hyphens = marks.hyphens
    let colon = min(marks.colons.trailingZeroBitCount, total)
    nameCount = colon &- Int(truncatingIfNeeded: (marks.dots &<< 1) &>> UInt64(truncatingIfNeeded: colon) & 1)
    let name = Self.first(nameCount)
    let innerDots = marks.dots & name
    let lastStart = 64 &- innerDots.leadingZeroBitCount
    if lastStart &+ 1 < nameCount, Self.isHexadecimalMark(start + lastStart) { return nil }
    reason = Self.reason(marks, bytes, colon: colon, nameCount: nameCount, lastLabel: name & ~Self.first(lastStart))
  }

  /// The bits of the first so many bytes, at most sixty-three.
  @inline(__always)
  static func first(_ count: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: count) &- 1 }

  private static func isHexadecimalMark(_ label: UnsafeRawPointer) -> Bool {
    label.load(as: UInt8.self) == UInt8(ascii: "0")
      && label.load(fromByteOffset: 1, as: UInt8.self) | NameWord.caseBit == UInt8(ascii: "x")
  }

  /// The first reason, in the order of the rules. No label of so short a name is too long.
  @inline(__always)
  private static func reason(
    _ marks: Marks, _ bytes: UnsafeRawBufferPointer, colon: Int, nameCount: Int, lastLabel: UInt64
  ) -> HostReason? {
    if nameCount == 0 { return .empty }
    let all = first(bytes.count)
    if marks.known & all != all { return .invalidCharacter }
    let name = first(nameCount)
    let starts = (marks.dots & name) &<< 1 | 1
    let ends = marks.dots & name | (name &+ 1)
    if starts & ends != 0 { return .emptyLabel }
    if marks.hyphens & (starts | ends &>> 1) & name != 0 { return .hyphenAtEdge }
    let port = all & ~first(colon) & ~(1 &<< UInt64(truncatingIfNeeded: colon))
    if port & ~marks.digits != 0 { return .invalidPort }
    // Four digits are never more than 65 535.
    if port.nonzeroBitCount > 4, !HostSyntax.isPort(bytes.bindMemory(to: UInt8.self).span, from: colon + 1) {
      return .invalidPort
    }
    return lastLabel & ~marks.digits == 0 ? .ipAddress : nil
  }

  /// Bit i of each for byte i.
  private struct Marks {
    var dots: UInt64 = 0
    var hyphens: UInt64 = 0
    var colons: UInt64 = 0
    var digits: UInt64 = 0
    var letters: UInt64 = 0

    /// Bytes that may stand anywhere in a value.
    var known: UInt64 { dots | hyphens | colons | digits | letters }

    @inline(__always)
    mutating func add(_ bytes: Bytes16, at offset: Int) {
      let shift = UInt64(truncatingIfNeeded: offset)
      dots |= bytes.places(of: UInt8(ascii: ".")) &<< shift
      hyphens |= bytes.places(of: UInt8(ascii: "-")) &<< shift
      colons |= bytes.places(of: UInt8(ascii: ":")) &<< shift
      digits |= bytes.places(from: UInt8(ascii: "0"), through: UInt8(ascii: "9")) &<< shift
      let folded = bytes | Bytes16(repeating: NameWord.caseBit)
      letters |= folded.places(from: UInt8(ascii: "a"), through: UInt8(ascii: "z")) &<< shift
    }
  }
}
