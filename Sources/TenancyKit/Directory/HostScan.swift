/// A short Host header, parted into name and port, that is read eight bytes at a time where it lies.
///
/// Nothing is copied. The words are plain integers: the standard library's vectors are compared, and some of them combined,
/// one byte after the other.
struct HostScan {
  /// Values of these lengths are read this way; others take the careful reading.
  static let lengths = 8...63

  /// The name, without the port, as it was received.
  let start: UnsafeRawPointer
  /// How many bytes the name has.
  let count: Int
  /// The eight bytes before the name's end, and the eight before those; zeros where the name is shorter.
  let tail: (last: UInt64, before: UInt64)

  /// A name of at least eight bytes.
  @inline(__always)
  private init(_ name: UnsafeRawPointer, _ count: Int) {
    start = name
    self.count = count
    let absent = UInt64(truncatingIfNeeded: 8 &* max(16 &- count, 0))
    let before = NameWord.at(max(count &- 16, 0), of: name)
    // Of a name of eight bytes nothing is before the last eight, and a shift by all bits would shift by none.
    tail = (NameWord.at(count &- 8, of: name), (before &<< (absent >> 1)) &<< (absent >> 1))
  }

  /// A name without a port; nil where its length is not among ``lengths``.
  @inline(__always)
  init?(name: UnsafeRawPointer, count: Int) {
    guard Self.lengths.contains(count) else { return nil }
    self.init(name, count)
  }

  /// A value; nil for one that has to be read byte by byte.
  @inline(__always)
  init?(_ bytes: UnsafeRawPointer, count total: Int) {
    guard Self.lengths.contains(total) else { return nil }
    let last = NameWord.at(total &- 8, of: bytes)
    let colons = NameWord.places(of: UInt8(ascii: ":"), in: last)
    var count = total
    if colons != 0 {
      guard let name = Self.nameCount(last, colons: colons, count: total), name >= Self.lengths.lowerBound else {
        return nil
      }
      count = name
    }
    self.init(bytes, count)
  }

  // MARK: Checks

  /// Whether ``HostSyntax`` surely finds nothing against the name, except that its last label may be a number. Names
  /// shorter than seventeen bytes are not looked at.
  var isWellFormed: Bool {
    guard count > 16 else { return false }
    var faults = NameWord.faults(tail.before, tail.last)
    var offset = 0
    repeat {
      // Each block begins with the last byte of the one before it, so that no neighbours are missed.
      faults |= NameWord.faults(NameWord.at(offset, of: start), NameWord.at(offset &+ 8, of: start))
      offset &+= 15
    } while offset < count &- 16
    // Neither end is a hyphen or a dot; a dot at the end is not for this reading.
    return faults & NameWord.highs == 0 && byte(0) &- UInt8(ascii: "-") > 1
      && byte(count &- 1) &- UInt8(ascii: "-") > 1
  }

  /// Whether the last label does not begin with a digit, so that it is no number and the name no IPv4 address.
  var lastLabelBeginsWithLetter: Bool {
    var index = count
    while index > 0, byte(index &- 1) != UInt8(ascii: ".") { index &-= 1 }
    return byte(index) &- UInt8(ascii: "0") > 9
  }

  @inline(__always)
  private func byte(_ offset: Int) -> UInt8 { start.load(fromByteOffset: offset, as: UInt8.self) }

  // MARK: Ports

  /// How many bytes are before the first colon of a value's last eight bytes, if it is a port's.
  @inline(__always)
  private static func nameCount(_ last: UInt64, colons: UInt64, count total: Int) -> Int? {
    let bit = colons.trailingZeroBitCount
    let count = total &- 8 &+ bit >> 3
    let digits = 7 &- bit >> 3
    // Five digits and more may be more than 65 535, or have zeros in front.
    guard count > 0, digits <= 4 else { return nil }
    // The port's digits at the low end; the bits above them are zero. Fewer than 64 bits are shifted out twice.
    let port = (last &>> UInt64(truncatingIfNeeded: bit)) &>> 1
    // Fewer than eight digits, so that nothing is left of the word's bits where there are none.
    let present = ~(.max &<< UInt64(truncatingIfNeeded: 8 &* digits)) as UInt64
    let values = port ^ (present & NameWord.each(0x30))
    return (values | (values &+ NameWord.each(0x76))) & NameWord.highs == 0 ? count : nil
  }
}
