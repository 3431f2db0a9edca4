/// One value, or one member's name, in the flat layout of a document.
///
/// Bits 0–31 are the byte at which it starts (for a string, the one after the quote); bits 32–59 its length in bytes, or
/// for an array or object the index of the first token that is not within it; bits 60–63 the kind.
struct JSONToken {
  /// The kinds of token; strings and numbers have two each, so that the common one is read without looking again.
  enum Kind: UInt8 {
    case object, array, string, escapedString, integer, number, `true`, `false`, null
  }

  static let maximumLength = 1 << 28 - 1

  var bits: UInt64

  @inline(__always)
  init(_ kind: Kind, start: Int, length: Int) {
    bits =
      UInt64(kind.rawValue) << 60 | UInt64(truncatingIfNeeded: length) << 32
      | UInt64(truncatingIfNeeded: start)
  }

  @inline(__always)
  var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: bits >> 60)) ?? .null }
  @inline(__always)
  var start: Int { Int(truncatingIfNeeded: bits & 0xffff_ffff) }
  @inline(__always)
  var length: Int { Int(truncatingIfNeeded: bits >> 32 & 0x0fff_ffff) }
  @inline(__always)
  var isContainer: Bool { bits >> 61 == 0 }
}
