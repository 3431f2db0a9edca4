/// The scale of a chart: two to four even steps from zero to the first line at or above the largest value.
///
/// A step is 1, 2 or 5 times a power of ten, so that its labels are short and exact.
struct ChartScale: Equatable {
  private let digit: Int
  private let exponent: Int
  /// How many steps there are.
  let stepCount: Int

  /// The scale for values up to the largest.
  /// - Parameter isWhole: whether values are counts, so that no step is less than one.
  init(upTo largest: Double, isWhole: Bool) {
    let value = largest.isFinite ? min(max(largest, 0), 1e17) : 0
    let (digit, exponent) = Self.step(of: value, isWhole: isWhole)
    self.digit = digit
    self.exponent = exponent
    let steps = (value / (Double(digit) * Self.power(exponent)) - 1e-9).rounded(.up)
    stepCount = min(max(Int(steps), 2), 4)
  }

  private static func step(of value: Double, isWhole: Bool) -> (digit: Int, exponent: Int) {
    guard value > 0 else { return (1, 0) }
    for exponent in (isWhole ? 0 : -12)...17 {
      for digit in [1, 2, 5] where Double(digit) * power(exponent) * 4 >= value { return (digit, exponent) }
    }
    return (1, 17)
  }

  private static func power(_ exponent: Int) -> Double {
    let magnitude = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
    return exponent < 0 ? 1 / magnitude : magnitude
  }

  /// The value at the top line.
  var top: Double { Double(digit * stepCount) * Self.power(exponent) }

  /// The value at a line as plain decimal text, all lines with as many decimals.
  /// - Parameter places: how many decimals there are at least where a step has any: 2 for money.
  func text(ofLine line: Int, places: Int = 0) -> String {
    let digits = String(digit * line)
    guard exponent < 0 else { return line == 0 ? "0" : digits + String(repeating: "0", count: exponent) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
    let fraction = padded.suffix(-exponent)
    return padded.dropLast(-exponent) + "." + fraction + String(repeating: "0", count: max(0, places + exponent))
  }
}
