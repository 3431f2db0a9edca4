public import SaaSCore

extension PageLanguage {
  /// A whole number with its digits in groups.
  public func number(_ value: some BinaryInteger) -> String {
    let digits = String(value.magnitude)
    return (value < 0 ? "−" : "") + grouped(digits)
  }

  /// A plain decimal text (`-1234.5`), its whole part in groups and its digits as they are.
  public func number(decimal text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first else { return text }
    let fraction = parts.count > 1 ? numbers.decimalSeparator + parts[1] : ""
    return (isNegative ? "−" : "") + grouped(String(whole)) + fraction
  }

  /// An amount of US dollars given as plain decimal text.
  public func dollars(_ decimal: String) -> String {
    let isNegative = decimal.hasPrefix("-")
    return (isNegative ? "−" : "") + text(.dollars, number(decimal: String(decimal.drop { $0 == "-" })))
  }

  /// A cost, rounded half-even to cents, or to four decimals where it is less than a dollar.
  public func cost(_ sum: CostSum) -> String {
    let rounded = sum.rounded
    if abs(rounded.tenThousandths) < 10_000, rounded.tenThousandths != 0 { return dollars(rounded.decimalText) }
    let cents = sum.totalPicos.dividedHalfEven(by: Int128(CostSum.picosPerDollar) / 100)
    let (whole, rest) = (cents.magnitude / 100, cents.magnitude % 100)
    return dollars("\(cents < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)")
  }

  /// A day, written with its year.
  public func date(_ day: UTCDay) -> String { fill(dates.full, day) }

  /// A day, written without its year.
  public func shortDate(_ day: UTCDay) -> String { fill(dates.short, day) }

  /// An instant in UTC, to the minute.
  public func instant(_ instant: Timestamp) -> String {
    let day = UTCDay(containing: instant)
    let minutes = instant.duration(since: day.start).components.seconds / 60
    let clock = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return text(.instant, date(day), clock)
  }

  /// A duration given in milliseconds, in the largest unit that keeps it readable.
  public func duration(milliseconds: Int64) -> String {
    switch milliseconds {
    case ..<1_000: text(.milliseconds, number(milliseconds))
    case ..<60_000: text(.seconds, tenths(milliseconds, of: 1_000))
    case ..<3_600_000: text(.minutes, tenths(milliseconds, of: 60_000))
    default: text(.hours, tenths(milliseconds, of: 3_600_000))
    }
  }

  private func tenths(_ value: Int64, of unit: Int64) -> String {
    // Cut, not rounded: 59 999 ms are not a minute.
    "\(number(value / unit))\(numbers.decimalSeparator)\(value % unit * 10 / unit)"
  }

  private func fill(_ pattern: String, _ day: UTCDay) -> String {
    let date = CivilDate(daysSince1970: day.daysSince1970)
    let month = dates.months.indices.contains(date.month - 1) ? dates.months[date.month - 1] : String(date.month)
    return pattern.replacing("{0}", with: String(date.day)).replacing("{2}", with: String(date.year))
      .replacing("{1}", with: month)
  }

  private func grouped(_ digits: String) -> String {
    guard !numbers.groupingSeparator.isEmpty, digits.count > 3 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += numbers.groupingSeparator }
      result.append(digit)
    }
    return result
  }
}
