/// The escapes of JSON strings (RFC 8259 §7).
enum JSONEscapes {
  /// The value of a hexadecimal digit, or nil.
  @inline(__always)
  static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte &- 0x30)
    case 0x41...0x46: UInt32(byte &- 0x37)
    case 0x61...0x66: UInt32(byte &- 0x57)
    default: nil
    }
  }

  /// The byte that a one-letter escape stands for, or nil.
  @inline(__always)
  static func plain(_ letter: UInt8) -> UInt8? {
    switch letter {
    case 0x22, 0x2f, 0x5c: letter
    case 0x62: 0x08
    case 0x66: 0x0c
    case 0x6e: 0x0a
    case 0x72: 0x0d
    case 0x74: 0x09
    default: nil
    }
  }

  /// Decodes a string in which the parser found every escape well formed; anything else is kept as it stands.
  static func decoded(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(raw.count)
    var index = 0
    func unit(at start: Int) -> UInt32? {
      guard start + 4 <= raw.count else { return nil }
      var unit: UInt32 = 0
      for offset in start..<start + 4 {
        guard let digit = digit(raw[offset]) else { return nil }
        unit = unit << 4 | digit
      }
      return unit
    }
    while index < raw.count {
      let byte = raw[index]
      guard byte == 0x5c, index + 1 < raw.count else {
        result.append(byte)
        index += 1
        continue
      }
      if let plain = plain(raw[index + 1]) {
        result.append(plain)
        index += 2
      } else if var value = unit(at: index + 2) {
        index += 6
        if value & 0xfc00 == 0xd800, let low = unit(at: index + 2) {
          value = 0x10000 + (value & 0x3ff) << 10 + (low & 0x3ff)
          index += 6
        }
        if let scalar = Unicode.Scalar(value) {
          result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      } else {
        result.append(byte)
        index += 1
      }
    }
    return result
  }
}

extension ByteWriter {
  /// Writes the characters of a JSON string, escaped where they must be.
  package mutating func append(characters text: UnsafeBufferPointer<UInt8>) {
    if text.needsNoEscape { append(text) } else { appendEscaped(text) }
  }

  /// Writes the characters of a JSON string, escaped where they must be.
  package mutating func append(characters text: InlineText) {
    let start = count
    append(text)
    if withBytes({ UnsafeBufferPointer(rebasing: $0[start...]).needsNoEscape }) { return }
    removeAll(after: start)
    text.bytes.withUnsafeBufferPointer { appendEscaped($0) }
  }

  private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
    for byte in text {
      switch byte {
      case 0x22, 0x5c: append(escape: byte)
      case 0x08: append(escape: 0x62)
      case 0x09: append(escape: 0x74)
      case 0x0a: append(escape: 0x6e)
      case 0x0c: append(escape: 0x66)
      case 0x0d: append(escape: 0x72)
      case ..<0x20:
        append("\\u00")
        if byte < 0x10 { append(0x30) }
        append(hexadecimal: UInt64(byte))
      default: append(byte)
      }
    }
  }

  private mutating func append(escape letter: UInt8) {
    append(0x5c)
    append(letter)
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate var needsNoEscape: Bool { allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c } }
}
