/// One value of a ``JSONDocument``; it keeps the document alive.
///
/// Questions that do not fit the value are answered with nil, never with a conversion: a string of digits is no number.
public struct JSONValue: Sendable {
  let tape: JSONTape
  let index: Int

  /// What a value is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Names with values.
    case object
    /// Values in a row.
    case array
    /// Text.
    case string
    /// A number, whole or not.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`.
    case null
  }

  @inline(__always)
  var token: JSONToken { tape.tokens[index] }

  /// What the value is.
  public var kind: Kind {
    switch token.kind {
    case .object: .object
    case .array: .array
    case .string, .escapedString: .string
    case .integer, .number: .number
    case .true, .false: .boolean
    case .null: .null
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { token.kind == .null }

  /// The truth value, or nil where this is none.
  public var bool: Bool? {
    switch token.kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The text, or nil where this is no string.
  /// - Complexity: O(length)
  public var string: String? {
    let token = token
    switch token.kind {
    case .string:
      return String(
        decoding: UnsafeBufferPointer(start: tape.bytes + token.start, count: token.length), as: UTF8.self)
    case .escapedString: return String(decoding: tape.decoded(token), as: UTF8.self)
    default: return nil
    }
  }

  /// Whether this is a string of exactly these bytes; nothing is allocated.
  public func isString(_ text: String) -> Bool {
    let token = token
    guard token.kind == .string || token.kind == .escapedString else { return false }
    var text = text
    return text.withUTF8 { tape.isName(token, $0) }
  }

  /// Calls with the UTF-8 bytes of a string, or gives nil where this is none; nothing is allocated unless it has escapes.
  public func withUTF8<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    let token = token
    switch token.kind {
    case .string:
      return try body(UnsafeBufferPointer(start: tape.bytes + token.start, count: token.length).span)
    case .escapedString: return try body(tape.decoded(token).span)
    default: return nil
    }
  }

  /// A number's text exactly as it stands, exponent included (`12.50`, `1e-7`), or nil where this is no number.
  public var decimalText: String? {
    let token = token
    guard token.kind == .integer || token.kind == .number else { return nil }
    return String(decoding: UnsafeBufferPointer(start: tape.bytes + token.start, count: token.length), as: UTF8.self)
  }

  /// The number, or nil where this is none, is written with a fraction or exponent, or does not fit 64 bits.
  public var int64: Int64? {
    let token = token
    guard token.kind == .integer else { return nil }
    let isNegative = tape.bytes[token.start] == 0x2d
    var value: Int64 = 0
    for offset in token.start + (isNegative ? 1 : 0)..<token.start + token.length {
      // Counted downwards, because the smallest number has no positive counterpart.
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) = scaled.subtractingReportingOverflow(Int64(tape.bytes[offset] &- 0x30))
      if overflow || carried { return nil }
      value = sum
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }
}
