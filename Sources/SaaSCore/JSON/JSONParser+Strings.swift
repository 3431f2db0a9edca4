extension JSONParser {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var highs: UInt64 { 0x8080_8080_8080_8080 }

  /// Reads a string whose opening quote was read, eight bytes at a time where they are plain ASCII.
  @inline(__always)
  mutating func readString() throws(JSONError) {
    let start = position
    var kind = JSONToken.Kind.string
    while true {
      while true {
        let word = word(at: position)
        let quote = word ^ Self.ones &* 0x22
        let backslash = word ^ Self.ones &* 0x5c
        // The lowest high bit marks the first byte that is a quote, a backslash, below 0x20 or above 0x7f; a borrow can
        // only make false marks above a true one.
        let special =
          (word &- Self.ones &* 0x20) & ~word | (quote &- Self.ones) & ~quote | (backslash &- Self.ones) & ~backslash
        let marks = (special | word) & Self.highs
        guard marks == 0 else {
          position &+= marks.trailingZeroBitCount >> 3
          break
        }
        position &+= 8
      }
      switch bytes[position] {
      case 0x22:
        append(JSONToken(kind, start: start, length: position &- start))
        position &+= 1
        return
      case 0x5c:
        kind = .escapedString
        try readEscape()
      case 0x80...: try readMultibyte()
      default:
        throw JSONError(position >= count ? .unexpectedEnd : .controlCharacter, byteOffset: position)
      }
    }
  }

  @inline(never)
  private mutating func readEscape() throws(JSONError) {
    let letter = bytes[position &+ 1]
    if JSONEscapes.plain(letter) != nil {
      position &+= 2
      return
    }
    guard letter == 0x75 else { throw malformed(.malformedEscape, at: position &+ 1) }
    let unit = try readUnit(at: position &+ 2)
    guard unit & 0xf800 == 0xd800 else {
      position &+= 6
      return
    }
    guard unit < 0xdc00, bytes[position &+ 6] == 0x5c, bytes[position &+ 7] == 0x75 else {
      throw JSONError(.loneSurrogate, byteOffset: position)
    }
    guard try readUnit(at: position &+ 8) & 0xfc00 == 0xdc00 else {
      throw JSONError(.loneSurrogate, byteOffset: position)
    }
    position &+= 12
  }

  private func malformed(_ reason: JSONError.Reason, at offset: Int) -> JSONError {
    offset >= count ? JSONError(.unexpectedEnd, byteOffset: count) : JSONError(reason, byteOffset: offset)
  }

  private func readUnit(at start: Int) throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for offset in start..<start &+ 4 {
      // A byte of the padding is no digit, so nothing past it is read.
      guard let digit = JSONEscapes.digit(bytes[offset]) else { throw malformed(.malformedEscape, at: offset) }
      unit = unit << 4 | digit
    }
    return unit
  }

  /// Reads characters of two to four bytes, as the Unicode Standard's table 3-7 has them, up to the next ASCII byte.
  @inline(never)
  private mutating func readMultibyte() throws(JSONError) {
    @inline(__always)
    func isContinuation(_ offset: Int) -> Bool { bytes[offset] & 0xc0 == 0x80 }
    repeat {
      let first = bytes[position]
      let second = bytes[position &+ 1]
      switch first {
      case 0xc2...0xdf:
        guard isContinuation(position &+ 1) else { throw malformed(.invalidUTF8, at: position) }
        position &+= 2
      case 0xe0...0xef:
        let low: UInt8 = first == 0xe0 ? 0xa0 : 0x80
        let high: UInt8 = first == 0xed ? 0x9f : 0xbf
        guard second >= low, second <= high, isContinuation(position &+ 2) else {
          throw malformed(.invalidUTF8, at: position)
        }
        position &+= 3
      case 0xf0...0xf4:
        let low: UInt8 = first == 0xf0 ? 0x90 : 0x80
        let high: UInt8 = first == 0xf4 ? 0x8f : 0xbf
        guard second >= low, second <= high, isContinuation(position &+ 2), isContinuation(position &+ 3) else {
          throw malformed(.invalidUTF8, at: position)
        }
        position &+= 4
      default: throw malformed(.invalidUTF8, at: position)
      }
    } while bytes[position] >= 0x80
  }
}
