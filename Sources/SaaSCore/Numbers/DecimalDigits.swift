extension [UInt8] {
  /// Appends a number's decimal digits, after a minus where it is negative.
  package mutating func append(decimal number: Int64) {
    if number < 0 { append(0x2d) }
    append(digits: number.magnitude, width: 1)
  }

  /// Appends a number's decimal digits, with leading zeros up to a width of at most twenty.
  package mutating func append(digits number: UInt64, width: Int) {
    // Twenty places are enough for every number, and the loop ends at the first of them at the latest.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var place = 20
      var left = number
      let widest = 20 - Swift.min(Swift.max(width, 1), 20)
      repeat {
        place &-= 1
        digits.initializeElement(at: place, to: 0x30 &+ UInt8(truncatingIfNeeded: left % 10))
        left /= 10
      } while left > 0 || place > widest
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[place...]))
    }
  }
}
