extension UInt64 {
  /// Calls with the number's decimal digits in ASCII, with leading zeros up to a width of at most twenty.
  @inlinable @inline(__always)
  package func withDecimalDigits<Result>(width: Int = 1, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    // Twenty places are enough for every number, and the loop ends at the first of them at the latest.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var place = 20
      var left = self
      let widest = 20 - Swift.min(Swift.max(width, 1), 20)
      repeat {
        place &-= 1
        digits.initializeElement(at: place, to: 0x30 &+ UInt8(truncatingIfNeeded: left % 10))
        left /= 10
      } while left > 0 || place > widest
      return body(UnsafeBufferPointer(rebasing: digits[place...]))
    }
  }
}

extension ByteWriter {
  /// Writes a number's decimal digits, after a minus where it is negative.
  package mutating func append(decimal number: Int64) {
    if number < 0 { append(0x2d) }
    append(digits: number.magnitude, width: 1)
  }

  /// Writes a number's decimal digits, with leading zeros up to a width of at most twenty.
  package mutating func append(digits number: UInt64, width: Int) {
    number.withDecimalDigits(width: width) { append($0) }
  }

  /// Writes a number's hexadecimal digits, in lower case and without leading zeros.
  package mutating func append(hexadecimal number: UInt64) {
    var shift = max(0, 60 - number.leadingZeroBitCount / 4 * 4)
    while true {
      let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 0xf
      append(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
      if shift == 0 { return }
      shift -= 4
    }
  }
}
