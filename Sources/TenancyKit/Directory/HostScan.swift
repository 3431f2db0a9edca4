/// A short Host header, parted into name and port, that is read where it lies: nothing is copied.
struct HostScan {
  /// Values of these lengths are read this way; others take the careful reading.
  static let lengths = 8...63

  /// The name, without the port, as it was received.
  let start: UnsafeRawPointer
  /// How many bytes the name has.
  let count: Int
  /// How many bytes the whole value has.
  let valueCount: Int
  /// The eight bytes before the name's end, and the eight before those; zeros where the name is shorter.
  let tail: (last: UInt64, before: UInt64)

  /// A value; nil for one that has to be read byte by byte.
  @inline(__always)
  init?(_ bytes: UnsafeRawPointer, count total: Int) {
    self.init(bytes, count: total, shortest: Self.lengths.lowerBound)
  }

  /// How many bytes make a name long: the tail is read without asking whether it is there.
  static let longCount = 16

  /// A value whose name is long, as most are: takes fewer steps. Nil for any other.
  @inline(__always)
  init?(longName bytes: UnsafeRawPointer, count total: Int) {
    self.init(bytes, count: total, shortest: Self.longCount)
  }

  /// The same of a name that was found to be long, and has so many bytes.
  @inline(__always)
  init(longName bytes: UnsafeRawPointer, of nameCount: Int, count total: Int) {
    self.init(bytes, name: nameCount, of: total, isLong: true)
  }

  @inline(__always)
  private init?(_ bytes: UnsafeRawPointer, count total: Int, shortest: Int) {
    guard total >= shortest, total <= Self.lengths.upperBound else { return nil }
    let end = NameWord.at(total &- 8, of: bytes)
    var name = total
    // A port ends in a digit, or in its colon. Few hosts have one, and all that follows waits for the name's length: where
    // it is foreseen that there is none, nothing waits.
    if end &>> 56 <= UInt64(UInt8(ascii: ":")) {
      guard let count = Self.nameCount(end, count: total), count >= shortest else { return nil }
      name = count
    }
    self.init(bytes, name: name, of: total, isLong: shortest >= Self.longCount)
  }

  @inline(__always)
  private init(_ bytes: UnsafeRawPointer, name: Int, of total: Int, isLong: Bool) {
    start = bytes
    count = name
    valueCount = total
    let last = NameWord.at(name &- 8, of: bytes)
    if isLong {
      tail = (last, NameWord.at(name &- 16, of: bytes))
    } else {
      let absent = UInt64(truncatingIfNeeded: 8 &* max(16 &- name, 0))
      let before = NameWord.at(max(name &- 16, 0), of: bytes)
      // Of a name of eight bytes nothing is before the last eight, and a shift by all bits would shift by none.
      tail = (last, (before &<< (absent >> 1)) &<< (absent >> 1))
    }
  }

  /// How many bytes are before the first colon of a value's last eight bytes, which are given: all where there is none;
  /// nil where what follows the colon is not up to four digits.
  @inline(__always)
  private static func nameCount(_ last: UInt64, count total: Int) -> Int? {
    // The colon's highest bit; 64 where there is none.
    let bit = NameWord.places(of: UInt8(ascii: ":"), in: last).trailingZeroBitCount
    // What follows the colon, each digit as its value; zeros above them, and everywhere where there is no colon.
    let port = ((last ^ NameWord.each(0x30)) &>> UInt64(truncatingIfNeeded: bit &- 7)) &>> 8
    let faults = (port | (port &+ NameWord.each(0x76))) & NameWord.highs
    // Five digits and more may be more than 65 535, or have zeros in front.
    guard faults == 0, bit >= 31 else { return nil }
    return total &- 8 &+ bit >> 3
  }
}
