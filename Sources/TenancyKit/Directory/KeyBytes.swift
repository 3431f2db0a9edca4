/// The bytes of a key of up to thirty-two, capitals as small letters: its first sixteen and its last sixteen, which overlap
/// where it has fewer than thirty-two. Where it has sixteen at most, both are all of it.
///
/// So no length is read in a loop or by a branch of its own.
struct KeyBytes {
  static let longest = 32

  /// Both sixteens, with zeros past the key's end: all of a key but its length.
  struct Ends {
    let front: Bytes16
    let back: Bytes16
  }

  let ends: Ends
  // Which bits of both are of the key.
  private let mask: Bytes16
  private let backOffset: Int

  /// Reads a key of up to ``longest`` bytes; sixteen are readable in any case.
  @inline(__always)
  init(_ name: UnsafeRawPointer, count: Int, masks: UnsafeRawPointer) {
    let backOffset = Self.backOffset(count)
    self.init(
      front: Bytes16(at: name), back: Bytes16(at: name + backOffset), backOffset: backOffset, count: count, masks: masks
    )
  }

  /// The key of so many bytes that has these ends.
  @inline(__always)
  init(_ ends: Ends, count: Int, masks: UnsafeRawPointer) {
    let backOffset = Self.backOffset(count)
    self.init(ends, mask: Self.mask(count, backOffset: backOffset, masks), backOffset: backOffset)
  }

  @inline(__always)
  private static func backOffset(_ count: Int) -> Int { max(count &- 16, 0) }

  @inline(__always)
  private init(_ ends: Ends, mask: Bytes16, backOffset: Int) {
    self.ends = ends
    self.mask = mask
    self.backOffset = backOffset
  }

  @inline(__always)
  private static func mask(_ count: Int, backOffset: Int, _ masks: UnsafeRawPointer) -> Bytes16 {
    Bytes16(at: HostHasher.mask(count &- backOffset, from: masks))
  }

  /// Reads a key at the front of a value of at least eight bytes; nil where a byte that was read cannot stand in a name,
  /// and folding could take it for one that can.
  @inline(__always)
  init?(frontOf name: UnsafeRawPointer, _ value: Int, count: Int, masks: UnsafeRawPointer) {
    let backOffset = Self.backOffset(count)
    let front = value >= 16 ? Bytes16(at: name) : Self.short(name, value)
    // A key of more than sixteen bytes is the front of a longer value, and another one's back is its front.
    let back = value >= 16 ? Bytes16(at: name + backOffset) : front
    guard front.places(from: 0, through: 0x1f) | back.places(from: 0, through: 0x1f) == 0 else { return nil }
    self.init(front: front, back: back, backOffset: backOffset, count: count, masks: masks)
  }

  /// Eight to fifteen bytes, with bytes after them that are in no name.
  @inline(__always)
  static func short(_ name: UnsafeRawPointer, _ count: Int) -> Bytes16 {
    // Both halves of a shift by 64 bits, which alone would be a shift by none.
    let half = UInt64(truncatingIfNeeded: 4 &* (16 &- count))
    let rest = ~((.max &>> half) &>> half) as UInt64
    return Bytes16(
      low: NameWord.at(0, of: name), high: (NameWord.at(count &- 8, of: name) &>> half) &>> half | rest)
  }

  @inline(__always)
  private init(front: Bytes16, back: Bytes16, backOffset: Int, count: Int, masks: UnsafeRawPointer) {
    let fold = Bytes16(repeating: NameWord.caseBit)
    let mask = Self.mask(count, backOffset: backOffset, masks)
    self.init(
      Ends(front: (front | fold) & mask, back: (back | fold) & mask), mask: mask, backOffset: backOffset)
  }

  /// The sum of the products of two words each with a secret's.
  @inline(__always)
  func product(_ secret: UnsafePointer<UInt64>) -> (high: UInt64, low: UInt64) {
    let front = ends.front &+ Bytes16(at: secret)
    let back = ends.back &+ Bytes16(at: secret + 2)
    let first = front.low.multipliedFullWidth(by: front.high)
    let second = back.low.multipliedFullWidth(by: back.high)
    let (low, carry) = first.low.addingReportingOverflow(second.low)
    return (first.high &+ second.high &+ (carry ? 1 : 0), low)
  }

  /// Bits where a name that is stored, which has the key's length, is not the key.
  @inline(__always)
  func difference(from name: UnsafeRawPointer) -> UInt64 {
    let front = (Bytes16(at: name) & mask) ^ ends.front
    let back = (Bytes16(at: name + backOffset) & mask) ^ ends.back
    return (front | back).places(of: 0) ^ 0xffff
  }
}
