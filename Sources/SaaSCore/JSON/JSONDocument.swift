/// A JSON text (RFC 8259) that was read once and is looked into afterwards.
///
/// Reading checks the whole text: grammar, UTF-8, escapes, depth. It copies the bytes and lays the values out in one flat
/// array beside them, so that a document costs three allocations however many values it has; strings and numbers are
/// decoded where they are asked for. Numbers keep their exact text.
///
/// Stricter than the grammar in two points where readers differ and attackers profit: a byte order mark is refused
/// (RFC 8259 §8.1 leaves the choice), and so is a member name that comes twice in one object (RFC 7493 §2.3), unless the
/// caller asks for the last to win.
///
/// ```swift
/// let document = try JSONDocument(bytes)
/// let plan = document.root["plans"]?.elements.first?["id"]?.string
/// ```
public struct JSONDocument: Sendable {
  /// The value that the text consists of.
  public let root: JSONValue

  /// What to do about a member name that comes twice in one object.
  public enum DuplicateNames: Sendable, Hashable {
    /// The text is an error.
    case refused
    /// Look-ups find the last of them, as JavaScript has it; going through the members finds all.
    case lastWins
  }

  /// How deep arrays and objects may lie in each other where the caller does not say.
  public static let defaultMaximumDepth = 64
  /// The most bytes a text may have: 256 MiB less one.
  public static let maximumByteCount = JSONToken.maximumLength

  /// Reads a JSON text; the whole of it must be used.
  ///
  /// - Parameters:
  ///   - maximumDepth: how deep arrays and objects may lie in each other; a plain value has depth 0.
  /// - Throws: ``JSONError``, with the byte at which it was noticed.
  /// - Complexity: O(count), and O(*n* log *n*) for the *n* members of an object with many.
  public init(
    _ bytes: Span<UInt8>, maximumDepth: Int = defaultMaximumDepth, duplicateNames: DuplicateNames = .refused
  ) throws(JSONError) {
    let tape = try JSONTape(parsing: bytes, maximumDepth: maximumDepth, duplicateNames: duplicateNames)
    root = JSONValue(tape: tape, index: 0)
  }

  /// Reads a JSON text; the whole of it must be used.
  /// - Throws: ``JSONError``, with the byte at which it was noticed.
  public init(
    _ bytes: [UInt8], maximumDepth: Int = defaultMaximumDepth, duplicateNames: DuplicateNames = .refused
  ) throws(JSONError) {
    try self.init(bytes.span, maximumDepth: maximumDepth, duplicateNames: duplicateNames)
  }

  /// Reads a JSON text; the whole of it must be used.
  /// - Throws: ``JSONError``, with the UTF-8 byte at which it was noticed.
  public init(
    _ text: String, maximumDepth: Int = defaultMaximumDepth, duplicateNames: DuplicateNames = .refused
  ) throws(JSONError) {
    try self.init(Array(text.utf8), maximumDepth: maximumDepth, duplicateNames: duplicateNames)
  }
}
