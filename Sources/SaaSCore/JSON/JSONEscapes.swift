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
