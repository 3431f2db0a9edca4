/// A name that a host application or a provider gives to one thing: 1 to 255 bytes of UTF-8 without control characters.
///
/// Each kind of thing has its own type, so that an organisation's identifier cannot be passed for a tenant's. The format
/// is the host's own (cuid, UUID, ULID, …); two identifiers are equal if their bytes are. Codable as a string.
public protocol Identifier: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The identifier's bytes.
  var text: InlineText { get }
  /// Wraps text that was validated already; host applications use ``init(_:)``.
  init(validated text: ValidIdentifierText)
}

/// Text that was found to be a valid identifier; only a check makes one.
public struct ValidIdentifierText: Sendable {
  /// The bytes that were checked.
  public let text: InlineText

  /// Checks the rules of ``Identifier``.
  public init(_ string: String) throws(IdentifierError) {
    var string = string
    let checked: Result<Self, IdentifierError> = string.withUTF8 { text in
      Result { () throws(IdentifierError) in try Self(utf8: text.span) }
    }
    self = try checked.get()
  }

  /// Checks the same rules in bytes that are valid UTF-8.
  package init(utf8 bytes: Span<UInt8>) throws(IdentifierError) {
    guard let text = InlineText(utf8: bytes) else { throw .tooLong(byteCount: bytes.count) }
    guard !text.isEmpty else { throw .empty }
    var before: UInt8 = 0
    for offset in bytes.indices {
      let byte = bytes[offset]
      // The Unicode category Cc: C0 and DEL have one byte; C1, from U+0080 to U+009F, has 0xc2 and another.
      if byte < 0x20 || byte == 0x7f { throw .controlCharacter(byteOffset: offset) }
      if before == 0xc2, byte < 0xa0 { throw .controlCharacter(byteOffset: offset - 1) }
      before = byte
    }
    self.text = text
  }

  /// Vouches for text that was checked when it was first stored.
  @inlinable
  package init(trusted text: InlineText) {
    self.text = text
  }
}

/// Why a text is not an identifier.
public enum IdentifierError: Error, Sendable, Hashable {
  /// There is not one byte.
  case empty
  /// There are more than 255 bytes.
  case tooLong(byteCount: Int)
  /// A control character (Unicode category Cc) begins at this byte.
  case controlCharacter(byteOffset: Int)
}

extension Identifier {
  /// Checks and wraps a string.
  /// - Throws: ``IdentifierError``, naming the rule that is broken.
  public init(_ string: String) throws(IdentifierError) {
    self.init(validated: try ValidIdentifierText(string))
  }

  /// The identifier as the host gave it; allocates where it has more than 15 bytes.
  public var description: String { text.description }

  /// The identifier as the host gave it; allocates where it has more than 15 bytes.
  public var rawValue: String { text.description }

  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not an identifier") { text in try Self(text) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
