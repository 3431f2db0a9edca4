extension Int128 {
  /// The quotient rounded to the nearest whole number, and to the even one of two that are equally near.
  ///
  /// The divisor must be positive.
  package func dividedHalfEven(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = flooredDivision(by: divisor)
    // With the divisor at most Int128.max, the remainder's complement cannot overflow as its double could.
    let rest = divisor - remainder
    if remainder > rest || (remainder == rest && quotient & 1 == 1) { return quotient + 1 }
    return quotient
  }

  /// Quotient towards negative infinity and the remainder, which is never negative; the divisor must be positive.
  package func flooredDivision(by divisor: Int128) -> (quotient: Int128, remainder: Int128) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
