/// Reads a short, well-formed Host header eight bytes at a time: checks, folds and finds the labels in one pass.
///
/// It says yes only to values that ``HostSyntax`` finds nothing against, and leaves all others to it.
struct HostScan {
  /// Values up to this length can be read this way, so that one word holds a bit for each byte.
  static let longest = 63
  /// How large the scratch memory is that names are folded into, slack for whole words included.
  static let scratchSize = 320

  /// How many bytes of the scratch are the name.
  let count: Int
  /// A bit for each dot of the name.
  let dots: UInt64
  /// A bit for each hyphen of the name.
  let hyphens: UInt64

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each byte below 0x80 that is at least `bound`.
  @inline(__always)
  private static func atLeast(_ bound: UInt8, _ word: UInt64) -> UInt64 {
    ((word | highs) &- ones &* UInt64(bound)) & highs
  }

  /// The high bit of each byte below 0x80 that is `byte`.
  @inline(__always)
  private static func equal(_ byte: UInt8, _ word: UInt64) -> UInt64 {
    ~(((word ^ (ones &* UInt64(byte))) | highs) &- ones) & highs
  }

  /// The high bits of eight bytes as eight low bits.
  @inline(__always)
  private static func gathered(_ bits: UInt64) -> UInt64 {
    ((bits >> 7) &* 0x0102_0408_1020_4080) >> 56
  }

  /// Reads a value into the scratch, or gives nil for one that has to be read byte by byte.
  @inline(__always)
  init?(_ bytes: UnsafeRawPointer, count total: Int, into scratch: UnsafeMutableRawPointer) {
    guard total > 0, total <= Self.longest else { return nil }
    var bad: UInt64 = 0
    var dots: UInt64 = 0
    var hyphens: UInt64 = 0
    var colons: UInt64 = 0
    var offset = 0
    while offset < total {
      let rest = total &- offset
      var word: UInt64
      var present = Self.highs
      if rest >= 8 {
        word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      } else {
        let bits = 8 &* UInt64(truncatingIfNeeded: rest)
        present &= (1 << bits) &- 1
        if total >= 8 {
          word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: total &- 8, as: UInt64.self))
          word >>= 64 &- bits
        } else {
          word = 0
          var index = total
          while index > 0 {
            index &-= 1
            word = word << 8 | UInt64(bytes.load(fromByteOffset: index, as: UInt8.self))
          }
        }
      }
      let ascii = word & ~Self.highs
      let capital = Self.atLeast(0x41, ascii) & ~Self.atLeast(0x5b, ascii)
      let folded = ascii | capital >> 2
      let letter = Self.atLeast(0x61, folded) & ~Self.atLeast(0x7b, folded)
      // Hyphen, dot, slash, digits and colon are neighbours in ASCII; only the slash is not allowed.
      let other = Self.atLeast(0x2d, folded) & ~Self.atLeast(0x3b, folded) & ~Self.equal(0x2f, folded)
      bad |= (word | ~(letter | other)) & present
      let shift = UInt64(truncatingIfNeeded: offset)
      dots |= Self.gathered(Self.equal(0x2e, folded)) << shift
      hyphens |= Self.gathered(Self.equal(0x2d, folded)) << shift
      colons |= Self.gathered(Self.equal(0x3a, folded)) << shift
      scratch.storeBytes(of: folded.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    guard bad == 0 else { return nil }
    scratch.storeBytes(of: 0, toByteOffset: offset, as: UInt64.self)
    scratch.storeBytes(of: 0, toByteOffset: offset &+ 8, as: UInt64.self)
    var count = total
    if colons != 0 {
      count = colons.trailingZeroBitCount
      guard Self.isPort(bytes, from: count &+ 1, to: total) else { return nil }
    }
    guard count > 0 else { return nil }
    if dots >> UInt64(truncatingIfNeeded: count &- 1) & 1 == 1 {
      count &-= 1
      guard count > 0 else { return nil }
    }
    let name = (1 << UInt64(truncatingIfNeeded: count)) &- 1 as UInt64
    dots &= name
    hyphens &= name
    let starts = dots << 1 | 1
    let ends = dots >> 1 | 1 << UInt64(truncatingIfNeeded: count &- 1)
    guard (dots | hyphens) & (starts | ends) == 0 else { return nil }
    // Only a last label that begins with a digit can be a number, and so the name an IPv4 address.
    let lastLabel = 64 &- dots.leadingZeroBitCount
    let first = scratch.load(fromByteOffset: lastLabel, as: UInt8.self)
    guard first &- 0x30 > 9 else { return nil }
    self.count = count
    self.dots = dots
    self.hyphens = hyphens
  }

  @inline(__always)
  private static func isPort(_ bytes: UnsafeRawPointer, from start: Int, to end: Int) -> Bool {
    // Six digits or more are left to the slow reading, which knows leading zeros.
    guard end &- start <= 5 else { return false }
    var value = 0
    var index = start
    while index < end {
      let digit = Int(bytes.load(fromByteOffset: index, as: UInt8.self)) &- 0x30
      guard digit >= 0, digit <= 9 else { return false }
      value = value &* 10 &+ digit
      index &+= 1
    }
    return value <= 65_535
  }
}
