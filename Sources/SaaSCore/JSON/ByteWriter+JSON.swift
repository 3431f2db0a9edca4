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
