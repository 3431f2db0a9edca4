/// Percent-encoding as RFC 3986 §2 has it.
package enum PercentEncoding {
  /// The text with every byte but the unreserved ones (letters, digits, `-._~`) written as `%XX`.
  package static func encoded(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 { append(byte, to: &result) }
    return String(decoding: result, as: UTF8.self)
  }

  /// Appends a byte, encoded unless it is unreserved.
  package static func append(_ byte: UInt8, to result: inout [UInt8]) {
    if isUnreserved(byte) {
      result.append(byte)
    } else {
      let digits = Array("0123456789ABCDEF".utf8)
      result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  /// The text that was encoded, or nil where a percent sign is not followed by two hexadecimal digits or the bytes are not
  /// UTF-8.
  package static func decoded(_ text: String) -> String? {
    var result: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        result.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else { return nil }
      result.append(high << 4 | low)
    }
    return String(validating: result, as: UTF8.self)
  }

  private static func value(ofHexadecimal byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: true
    default: false
    }
  }

  static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
