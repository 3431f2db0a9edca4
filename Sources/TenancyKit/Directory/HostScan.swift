/// A short Host header, parted into name and port, that is read eight bytes at a time where it lies.
///
/// Nothing is copied but names so short that whole words would reach past them. The words are plain integers: the standard
/// library's vectors are compared, and some of them combined, one byte after the other.
struct HostScan {
  /// Values of these lengths are read where they lie; shorter names are padded first.
  static let lengths = 17...63
  /// How large the memory is that a padded name takes.
  static let paddedSize = 40
  /// How many letters and name a padded name is together.
  private static let paddedCount = 24

  /// The name, without the port, as it was received.
  let start: UnsafeRawPointer
  /// How many bytes the name has.
  let count: Int
  /// The eight bytes before the name's end, and the eight before those; letters where the name is shorter.
  let tail: (last: UInt64, before: UInt64)

  /// A name with sixteen readable bytes before its end.
  @inline(__always)
  init(name: UnsafeRawPointer, count: Int) {
    start = name
    self.count = count
    tail = (NameWord.at(-8, of: name + count), NameWord.at(-16, of: name + count))
  }

  /// A value whose name is not too short to be read where it lies; nil for any other.
  @inline(__always)
  init?(_ bytes: UnsafeRawPointer, count total: Int) {
    guard Self.lengths.contains(total) else { return nil }
    let whole = HostScan(name: bytes, count: total)
    let colons = NameWord.places(of: UInt8(ascii: ":"), in: whole.tail.last)
    guard colons != 0 else {
      self = whole
      return
    }
    guard let count = Self.nameCount(whole.tail.last, colons: colons, count: total), count >= Self.lengths.lowerBound
    else { return nil }
    self.init(name: bytes, count: count)
  }

  /// A short name, copied behind letters into memory of ``paddedSize`` bytes; nil for any other value.
  @inline(__always)
  init?(short bytes: UnsafeRawPointer, count total: Int, paddedIn memory: UnsafeMutableRawPointer) {
    guard total > 0, total <= Self.lengths.upperBound else { return nil }
    var count = total
    if total >= 8 {
      let last = NameWord.at(total &- 8, of: bytes)
      let colons = NameWord.places(of: UInt8(ascii: ":"), in: last)
      if colons != 0 {
        guard let name = Self.nameCount(last, colons: colons, count: total) else { return nil }
        count = name
      }
    }
    guard count < Self.lengths.lowerBound else { return nil }
    for offset in stride(from: 0, to: Self.paddedSize, by: 8) {
      memory.storeBytes(of: NameWord.each(UInt8(ascii: "a")), toByteOffset: offset, as: UInt64.self)
    }
    let start = memory + (Self.paddedCount &- count)
    if count >= 8 {
      let first = bytes.loadUnaligned(as: UInt64.self)
      let last = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      start.storeBytes(of: first, as: UInt64.self)
      start.storeBytes(of: last, toByteOffset: count &- 8, as: UInt64.self)
    } else {
      for index in 0..<count {
        start.storeBytes(of: bytes.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
      }
    }
    self.init(name: UnsafeRawPointer(start), count: count)
  }

  // MARK: Checks

  /// Whether ``HostSyntax`` surely finds nothing against the name, except that its last label may be a number.
  var isWellFormed: Bool {
    // What pads a short name counts as part of it.
    let extent = count < Self.lengths.lowerBound ? Self.paddedCount : count
    let start = self.start + (count &- extent)
    var faults = NameWord.faults(tail.before, tail.last)
    var offset = 0
    repeat {
      // Each block begins with the last byte of the one before it, so that no neighbours are missed.
      faults |= NameWord.faults(NameWord.at(offset, of: start), NameWord.at(offset &+ 8, of: start))
      offset &+= 15
    } while offset < extent &- 16
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
