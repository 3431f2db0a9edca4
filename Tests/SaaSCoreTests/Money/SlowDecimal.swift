/// A decimal number as a list of its digits, added and multiplied as at school: slow, and too simple to be wrong in the
/// way that scaled integers could be.
struct SlowDecimal: Equatable {
  /// Digits of the magnitude, the lowest first, without zeros at the high end.
  var digits: [Int] = []
  /// How many of the digits are decimals.
  var places = 0

  static func + (left: SlowDecimal, right: SlowDecimal) -> SlowDecimal {
    let places = max(left.places, right.places)
    let left = left.extended(to: places)
    let right = right.extended(to: places)
    var sum = SlowDecimal(digits: [], places: places)
    var carry = 0
    for index in 0..<max(left.digits.count, right.digits.count) + 1 {
      let total = carry + left.digit(index) + right.digit(index)
      sum.digits.append(total % 10)
      carry = total / 10
    }
    return sum.trimmed()
  }

  static func * (left: SlowDecimal, right: SlowDecimal) -> SlowDecimal {
    var product = SlowDecimal(digits: Array(repeating: 0, count: left.digits.count + right.digits.count + 1))
    for (i, a) in left.digits.enumerated() {
      var carry = 0
      for (j, b) in (right.digits + [0]).enumerated() {
        let total = product.digits[i + j] + a * b + carry
        product.digits[i + j] = total % 10
        carry = total / 10
      }
    }
    product.places = left.places + right.places
    return product.trimmed()
  }

  /// Rounded half-even to a number of places.
  func rounded(toPlaces target: Int) -> SlowDecimal {
    guard places > target else { return extended(to: target) }
    let dropped = places - target
    var kept = SlowDecimal(digits: Array(digits.dropFirst(dropped)), places: target)
    let first = digit(dropped - 1)
    let hasMore = (0..<dropped - 1).contains { digit($0) != 0 }
    if first > 5 || (first == 5 && (hasMore || kept.digit(0) % 2 == 1)) {
      kept = kept + SlowDecimal(digits: [1], places: target)
    }
    return kept.trimmed()
  }

  /// Plain text with exactly ``places`` decimals.
  var text: String {
    let padded = digits + Array(repeating: 0, count: max(0, places + 1 - digits.count))
    let all = padded.reversed().map(String.init)
    let whole = all.dropLast(places).joined()
    return places == 0 ? whole : whole + "." + all.suffix(places).joined()
  }

  /// Reads plain text: digits and at most one point.
  init(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    digits = parts.joined().reversed().compactMap { $0.wholeNumberValue }
    places = parts.count > 1 ? parts[1].count : 0
    self = trimmed()
  }

  init(digits: [Int], places: Int = 0) {
    self.digits = digits
    self.places = places
  }

  func extended(to target: Int) -> SlowDecimal {
    SlowDecimal(digits: Array(repeating: 0, count: target - places) + digits, places: target)
  }

  private func digit(_ index: Int) -> Int { index < digits.count ? digits[index] : 0 }

  private func trimmed() -> SlowDecimal {
    var copy = self
    while copy.digits.last == 0 { copy.digits.removeLast() }
    return copy
  }
}
