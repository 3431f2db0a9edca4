/// The form of a Host header's value, checked byte by byte: the one statement of the rules.
///
/// ``HostIndex`` has a faster reading of well-formed values; for everything else, and for every reason, it asks here.
package enum HostSyntax {
  /// RFC 1035 §2.3.4 allows 255 octets on the wire, which is 253 characters of text.
  package static let maximumNameCount = 253
  /// RFC 1035 §2.3.4.
  package static let maximumLabelCount = 63

  /// What was read: how many bytes at the front are the name, and the first reason against it.
  package struct Reading: Sendable, Equatable {
    package var nameCount: Int
    package var reason: HostReason?
  }

  /// A byte with an ASCII capital made small.
  package static func folded(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Reads `name[.][:port]`.
  /// - Complexity: O(count)
  package static func parse(_ bytes: Span<UInt8>) -> Reading {
    if bytes.count > 0, bytes[0] == UInt8(ascii: "["), let reason = IPLiteral.reason(bytes) {
      return Reading(nameCount: 0, reason: reason)
    }
    let colon = firstIndex(of: UInt8(ascii: ":"), in: bytes) ?? bytes.count
    var nameCount = colon
    if nameCount > 0, bytes[nameCount - 1] == UInt8(ascii: ".") { nameCount -= 1 }
    return Reading(nameCount: nameCount, reason: firstReason(bytes, nameCount: nameCount, colon: colon))
  }

  private static func firstReason(_ bytes: Span<UInt8>, nameCount: Int, colon: Int) -> HostReason? {
    if nameCount == 0 { return .empty }
    if nameCount > maximumNameCount { return .tooLong }
    for index in 0..<bytes.count where !isHostByte(bytes[index]) { return .invalidCharacter }
    let labels = labelShape(bytes, count: nameCount)
    if labels.hasEmpty { return .emptyLabel }
    if labels.hasTooLong { return .labelTooLong }
    if labels.hasHyphenAtEdge { return .hyphenAtEdge }
    if !isPort(bytes, from: colon + 1) { return .invalidPort }
    if isNumber(bytes, from: labels.lastStart, to: nameCount) { return .ipAddress }
    return nil
  }

  private static func firstIndex(of byte: UInt8, in bytes: Span<UInt8>) -> Int? {
    for index in 0..<bytes.count where bytes[index] == byte { return index }
    return nil
  }

  /// Whether a byte may stand anywhere in `name[.][:port]`.
  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private struct LabelShape {
    var hasEmpty = false
    var hasTooLong = false
    var hasHyphenAtEdge = false
    var lastStart = 0
  }

  private static func labelShape(_ bytes: Span<UInt8>, count: Int) -> LabelShape {
    var shape = LabelShape()
    var start = 0
    for index in 0...count where index == count || bytes[index] == UInt8(ascii: ".") {
      let length = index - start
      if length == 0 {
        shape.hasEmpty = true
      } else if bytes[start] == UInt8(ascii: "-") || bytes[index - 1] == UInt8(ascii: "-") {
        shape.hasHyphenAtEdge = true
      }
      if length > maximumLabelCount { shape.hasTooLong = true }
      shape.lastStart = start
      start = index + 1
    }
    return shape
  }

  /// Whether what follows a colon is a port: digits, perhaps none, of a value up to 65 535 (RFC 3986 §3.2.3).
  static func isPort(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    guard start < bytes.count else { return true }
    var value = 0
    for index in start..<bytes.count {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return false }
      value = min(value * 10 + Int(bytes[index] - UInt8(ascii: "0")), 65_536)
    }
    return value <= 65_535
  }

  /// Whether a label is what WHATWG's URL Standard calls a number: all digits, or `0x` and hexadecimal digits, perhaps
  /// none.
  private static func isNumber(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    var allDigits = true
    for index in start..<end where !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { allDigits = false }
    if allDigits { return true }
    guard end - start >= 2, bytes[start] == UInt8(ascii: "0"), folded(bytes[start + 1]) == UInt8(ascii: "x") else {
      return false
    }
    for index in start + 2..<end where !IPLiteral.isHexDigit(bytes[index]) { return false }
    return true
  }
}
