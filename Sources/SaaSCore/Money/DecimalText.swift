/// Reads and writes exact decimal numbers as scaled integers; no binary fraction comes near them.
///
/// The grammar is that of a JSON number (RFC 8259 §6): an optional minus, digits without a leading zero, an optional
/// fraction, an optional exponent. The whole text must be used.
package enum DecimalText {
  /// The number times 10^`places`, which must be whole.
  ///
  /// Zeros at the end of the fraction are no digits: `0.50` has one decimal place.
  /// - Throws: ``DecimalTextError``
  /// - Complexity: O(length)
  package static func scaled(_ bytes: Span<UInt8>, places: Int) throws(DecimalTextError) -> Int128 {
    let number = try Scan(bytes)
    // Digit i has the weight 10^(point - 1 - i); the scaled number ends with the digit at `end - 1`.
    let end = number.point + places
    var magnitude: UInt128 = 0
    var index = 0
    for offset in number.start..<number.end where bytes[offset] != UInt8(ascii: ".") {
      let digit = UInt128(bytes[offset] &- UInt8(ascii: "0"))
      if index < end {
        try multiplyByTen(&magnitude, adding: digit)
      } else if digit != 0 {
        throw .tooManyDecimalPlaces(maximum: places)
      }
      index += 1
    }
    while magnitude != 0, index < end {
      try multiplyByTen(&magnitude, adding: 0)
      index += 1
    }
    guard let value = Int128(exactly: magnitude) else { throw .outOfRange }
    return number.isNegative ? -value : value
  }

  /// The number times 10^`places`, which must be whole; see ``scaled(_:places:)-(Span<UInt8>,_)``.
  package static func scaled(_ text: String, places: Int) throws(DecimalTextError) -> Int128 {
    var text = text
    let result = text.withUTF8 { buffer in
      Result { () throws(DecimalTextError) in try scaled(buffer.span, places: places) }
    }
    return try result.get()
  }

  /// A scaled integer as plain decimal text without exponent: `value` / 10^`places`.
  ///
  /// Zeros at the end of the fraction are left out, down to `minimumPlaces`.
  package static func text(_ value: Int128, places: Int, minimumPlaces: Int = 0) -> String {
    let digits = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    let whole = padded.dropLast(places)
    var fraction = padded.suffix(places)
    while fraction.utf8.count > minimumPlaces, fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func multiplyByTen(_ value: inout UInt128, adding digit: UInt128) throws(DecimalTextError) {
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carried) = product.addingReportingOverflow(digit)
    if overflow || carried { throw .outOfRange }
    value = sum
  }

  /// Where the digits of a number are, and where its decimal point is after the exponent moved it.
  private struct Scan {
    var isNegative = false
    /// The first digit.
    var start = 0
    /// The end of the digits; one of the bytes before it may be the point.
    var end = 0
    /// How many digits stand before the decimal point; negative where zeros would have to be put in front.
    var point = 0

    init(_ bytes: Span<UInt8>) throws(DecimalTextError) {
      var position = 0
      func byte() -> UInt8 { position < bytes.count ? bytes[position] : 0 }
      func isDigit() -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte()) }
      func digits() throws(DecimalTextError) {
        guard isDigit() else { throw .malformed(byteOffset: position) }
        while isDigit() { position += 1 }
      }
      if byte() == UInt8(ascii: "-") {
        isNegative = true
        position += 1
      }
      start = position
      if byte() == UInt8(ascii: "0") { position += 1 } else { try digits() }
      point = position - start
      if byte() == UInt8(ascii: ".") {
        position += 1
        try digits()
      }
      end = position
      if byte() | 0x20 == UInt8(ascii: "e") {
        position += 1
        let isDown = byte() == UInt8(ascii: "-")
        if isDown || byte() == UInt8(ascii: "+") { position += 1 }
        let first = position
        try digits()
        var exponent = 0
        // Past a thousand million the number is zero or out of range, whatever its digits are.
        for offset in first..<position where exponent < 1_000_000_000 {
          exponent = exponent * 10 + Int(bytes[offset] &- UInt8(ascii: "0"))
        }
        point += isDown ? -exponent : exponent
      }
      guard position == bytes.count else { throw .malformed(byteOffset: position) }
    }
  }
}

/// Why a text is not the decimal number that was asked for.
public enum DecimalTextError: Error, Sendable, Hashable {
  /// It is not a number as JSON writes one; this byte does not fit.
  case malformed(byteOffset: Int)
  /// A digit other than zero stands past the last decimal place that is kept; nothing is rounded silently.
  case tooManyDecimalPlaces(maximum: Int)
  /// The number is larger, or smaller, than the type can hold.
  case outOfRange
}
