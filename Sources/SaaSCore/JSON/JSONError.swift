/// Why bytes are not a JSON text.
public struct JSONError: Error, Sendable, Hashable {
  /// What is wrong.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The text ends within a value, or has none.
    case unexpectedEnd
    /// The grammar allows no such byte here.
    case unexpectedCharacter
    /// Something other than white space follows the value.
    case trailingCharacters
    /// A number is not written as RFC 8259 §6 has it: leading zero, missing digits.
    case malformedNumber
    /// A string holds a control character that is not escaped.
    case controlCharacter
    /// A backslash is followed by something that is no escape.
    case malformedEscape
    /// An escaped surrogate stands alone, and so no character is meant.
    case loneSurrogate
    /// The bytes are not UTF-8: stray, overlong, surrogate, past U+10FFFF, or cut short.
    case invalidUTF8
    /// An object has a member name twice; the offset is the later name's.
    case duplicateName
    /// Arrays and objects lie deeper in each other than the caller allows.
    case tooDeep
    /// There are more than ``JSONDocument/maximumByteCount`` bytes.
    case tooLarge
  }

  /// What is wrong.
  public let reason: Reason
  /// The byte at which it was noticed, from 0.
  public let byteOffset: Int

  /// An error at a byte.
  public init(_ reason: Reason, byteOffset: Int) {
    self.reason = reason
    self.byteOffset = byteOffset
  }
}

extension JSONError: CustomStringConvertible {
  /// The reason and the byte, without any of the text.
  public var description: String { "JSON: \(reason.rawValue) at byte \(byteOffset)" }
}

/// Why a JSON value is not what its reader needs.
public struct JSONShapeError: Error, Sendable, Hashable {
  /// What the reader needs.
  public enum Expectation: Sendable, Hashable {
    /// The value should be of this kind.
    case kind(JSONValue.Kind)
    /// The number should be whole and fit 64 bits with a sign.
    case int64
    /// The object should have this member.
    case member(String)
  }

  /// Where the value is, as a JSON Pointer (RFC 6901): `/plans/2/id`; empty for the whole document.
  public let path: String
  /// What the reader needs.
  public let expected: Expectation
  /// What is there.
  public let found: JSONValue.Kind

  /// An error at a place.
  public init(path: String, expected: Expectation, found: JSONValue.Kind) {
    self.path = path
    self.expected = expected
    self.found = found
  }
}
