// Sums of usage: at the end of the range where they lie beyond, so that no amount traps.

extension Int64 {
  /// The difference, at the end of the range where it lies beyond.
  func clampedMinus(_ other: Int64) -> Int64 {
    let (value, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : value
  }

  /// The sum, at the end of the range where it lies beyond.
  func clampedPlus(_ other: Int64) -> Int64 {
    let (value, overflow) = addingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : value
  }
}
