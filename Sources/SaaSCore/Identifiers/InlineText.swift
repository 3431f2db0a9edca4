/// Immutable UTF-8 text of at most 255 bytes, held inside the value itself up to 39 bytes.
///
/// Identifiers, slugs and host names are made of it, so that a value copied for every request neither allocates nor
/// touches a reference count that other threads share. Longer text lives in one shared box.
///
/// Equality, hashing and order are those of the bytes; `<` is the order of SQL's `BINARY` collation.
public struct InlineText: Sendable {
  /// The most bytes a text may have.
  public static let maximumCount = 255
  /// The most bytes that are held without a box.
  public static let inlineCapacity = 39

  // Byte i of the text is bits 8·(i mod 8)… of word i/8; bits past the text are zero.
  // Usable from inline, so that texts whose words were loaded are made where they are needed.
  // The top byte of `w4` counts the inline bytes; it is 255 where `box` holds the text, and all other bits are then 0.
  @usableFromInline var w0: UInt64 = 0
  @usableFromInline var w1: UInt64 = 0
  @usableFromInline var w2: UInt64 = 0
  @usableFromInline var w3: UInt64 = 0
  @usableFromInline var w4: UInt64 = 0
  @usableFromInline var box: Box?

  @usableFromInline final class Box: Sendable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  /// The empty text.
  public init() {}

  /// The text with these UTF-8 bytes, or nil where there are more than ``maximumCount`` of them.
  ///
  /// Bytes that are not valid UTF-8 are kept as they are and repaired where the text is read as a `String`.
  /// - Complexity: O(count)
  public init?(utf8 bytes: Span<UInt8>) {
    let count = bytes.count
    guard count <= Self.maximumCount else { return nil }
    guard count <= Self.inlineCapacity else {
      var copy: [UInt8] = []
      copy.reserveCapacity(count)
      for index in 0..<count { copy.append(bytes[index]) }
      w4 = 0xff << 56
      box = Box(copy)
      return
    }
    var words = (0 as UInt64, 0 as UInt64, 0 as UInt64, 0 as UInt64, 0 as UInt64)
    bytes.withUnsafeBytes { bytes in withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) } }
    w0 = UInt64(littleEndian: words.0)
    w1 = UInt64(littleEndian: words.1)
    w2 = UInt64(littleEndian: words.2)
    w3 = UInt64(littleEndian: words.3)
    w4 = UInt64(littleEndian: words.4) | UInt64(truncatingIfNeeded: count) << 56
  }

  /// The text of a string, or nil where it has more than ``maximumCount`` UTF-8 bytes.
  /// - Complexity: O(count)
  public init?(_ string: String) {
    var string = string
    let text = string.withUTF8 { InlineText(utf8: $0.span) }
    guard let text else { return nil }
    self = text
  }

  /// The inline text whose bytes were loaded as little-endian words; `w4` must have a zero top byte and `count` be at
  /// most ``inlineCapacity``, with every bit past `count` bytes zero.
  @inlinable
  package init(w0: UInt64, w1: UInt64, w2: UInt64, w3: UInt64, w4: UInt64, inlineCount count: UInt64) {
    self.w0 = w0
    self.w1 = w1
    self.w2 = w2
    self.w3 = w3
    self.w4 = w4 | count << 56
  }

  /// The number of UTF-8 bytes.
  public var count: Int {
    if let box { return box.bytes.count }
    return Int(truncatingIfNeeded: w4 >> 56)
  }

  /// Whether there are no bytes.
  public var isEmpty: Bool { count == 0 }

  /// The byte at an offset from 0 up to ``count``, or nil past it.
  public func byte(at offset: Int) -> UInt8? {
    guard offset >= 0, offset < count else { return nil }
    if let box { return box.bytes[offset] }
    let word =
      switch offset / 8 {
      case 0: w0
      case 1: w1
      case 2: w2
      case 3: w3
      default: w4
      }
    return UInt8(truncatingIfNeeded: word >> (8 * UInt64(truncatingIfNeeded: offset % 8)))
  }

  /// The UTF-8 bytes, copied.
  public var bytes: [UInt8] {
    if let box { return box.bytes }
    let count = count
    return [UInt8](unsafeUninitializedCapacity: Self.inlineCapacity + 1) { buffer, initialized in
      var offset = 0
      for word in [w0, w1, w2, w3, w4] {
        for shift in 0..<UInt64(8) {
          buffer.initializeElement(at: offset, to: UInt8(truncatingIfNeeded: word >> (8 * shift)))
          offset += 1
        }
      }
      initialized = count
    }
  }
}

extension InlineText: Hashable {
  @inlinable
  public static func == (left: InlineText, right: InlineText) -> Bool {
    // One answer for all words, since a branch for each costs more than it saves.
    let difference =
      (left.w0 ^ right.w0) | (left.w1 ^ right.w1) | (left.w2 ^ right.w2) | (left.w3 ^ right.w3) | (left.w4 ^ right.w4)
    guard difference == 0 else { return false }
    return left.w4 >> 56 != 0xff || areBoxesEqual(left, right)
  }

  @usableFromInline
  static func areBoxesEqual(_ left: InlineText, _ right: InlineText) -> Bool { left.box?.bytes == right.box?.bytes }

  public func hash(into hasher: inout Hasher) {
    if let box {
      hasher.combine(box.bytes)
    } else {
      hasher.combine(w0)
      hasher.combine(w1)
      hasher.combine(w2)
      hasher.combine(w3)
      hasher.combine(w4)
    }
  }
}

extension InlineText: Comparable {
  public static func < (left: InlineText, right: InlineText) -> Bool {
    if left.box != nil || right.box != nil { return left.bytes.lexicographicallyPrecedes(right.bytes) }
    // Swapped, the first byte is the most significant; the count, lowest in w4, breaks ties on trailing zero bytes.
    if left.w0 != right.w0 { return left.w0.byteSwapped < right.w0.byteSwapped }
    if left.w1 != right.w1 { return left.w1.byteSwapped < right.w1.byteSwapped }
    if left.w2 != right.w2 { return left.w2.byteSwapped < right.w2.byteSwapped }
    if left.w3 != right.w3 { return left.w3.byteSwapped < right.w3.byteSwapped }
    return left.w4.byteSwapped < right.w4.byteSwapped
  }
}

extension InlineText: CustomStringConvertible {
  /// The text as a `String`; allocates where it has more than 15 bytes.
  public var description: String {
    if let box { return String(decoding: box.bytes, as: UTF8.self) }
    let words = (w0.littleEndian, w1.littleEndian, w2.littleEndian, w3.littleEndian, w4.littleEndian)
    return withUnsafeBytes(of: words) { String(decoding: $0.prefix(count), as: UTF8.self) }
  }
}
