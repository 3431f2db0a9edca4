public import SaaSCore

/// A tenant's name under the platform's domains: the one label before `.emperor.gallery`.
///
/// 1 to 63 bytes of `[a-z0-9-]` with no leading, trailing or repeated hyphen (so never an A-label of RFC 5890, `xn--…`),
/// and none of the words that every platform reserves. Words that one platform reserves besides are checked by
/// ``Platform/slug(_:)``.
public struct Slug: Sendable, Hashable, Comparable {
  /// The slug's bytes.
  public let text: InlineText

  /// Checks and wraps a string; nothing is folded or trimmed.
  /// - Throws: ``SlugError``, naming the first rule that is broken and where.
  public init(_ string: String) throws(SlugError) {
    let bytes = Array(string.utf8)
    if let error = SlugError.first(in: bytes) { throw error }
    if ReservedWords.always.contains(string) { throw .reserved(word: string) }
    guard let text = InlineText(string) else { throw .tooLong(byteCount: bytes.count) }
    self.text = text
  }

  /// Vouches for bytes that were checked when they entered.
  @inlinable
  package init(trusted text: InlineText) { self.text = text }

  /// The slug as a string; allocates where it has more than 15 bytes.
  public var rawValue: String { text.description }

  public static func < (left: Slug, right: Slug) -> Bool { left.text < right.text }
}

extension Slug: CustomStringConvertible {
  public var description: String { text.description }
}

extension Slug: Codable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not a slug") { text in try Self(text) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// Which rule of ``Slug`` a text breaks, and where.
public enum SlugError: Error, Sendable, Hashable {
  /// There is not one byte.
  case empty
  /// There are more than 63 bytes, the most a DNS label may have (RFC 1035 §2.3.4).
  case tooLong(byteCount: Int)
  /// The byte at this offset is not one of `[a-z0-9-]`; capital letters are not folded.
  case invalidCharacter(byteOffset: Int)
  /// The first or last byte is a hyphen.
  case hyphenAtEdge(byteOffset: Int)
  /// The second of two hyphens in a row is at this offset.
  case repeatedHyphen(byteOffset: Int)
  /// The word is the platform's own.
  case reserved(word: String)

  /// The first rule of form that bytes break; reserved words are another matter.
  package static func first(in bytes: [UInt8]) -> SlugError? {
    guard !bytes.isEmpty else { return .empty }
    guard bytes.count <= 63 else { return .tooLong(byteCount: bytes.count) }
    let hyphen = UInt8(ascii: "-")
    for (offset, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): continue
      case hyphen:
        if offset == 0 || offset == bytes.count - 1 { return .hyphenAtEdge(byteOffset: offset) }
        if bytes[offset - 1] == hyphen { return .repeatedHyphen(byteOffset: offset) }
      default: return .invalidCharacter(byteOffset: offset)
      }
    }
    return nil
  }
}
