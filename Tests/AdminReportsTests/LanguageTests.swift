import AdminReports
import SaaSCore
import Testing

@Suite struct LanguageTests {
  private let english = PageLanguage.english

  @Test(
    "whole numbers have their digits in groups",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (-1_000, "−1,000"), (1_234_567, "1,234,567"),
      (Int64.max, "9,223,372,036,854,775,807"), (Int64.min, "−9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func numbers(value: Int64, text: String) { #expect(english.number(value) == text) }

  @Test(
    "decimal text keeps its digits",
    arguments: [("0", "0"), ("1234.5", "1,234.5"), ("-1234.50", "−1,234.50"), ("0.000000000001", "0.000000000001")])
  func decimals(decimal: String, text: String) { #expect(english.number(decimal: decimal) == text) }

  @Test(
    "amounts of dollars carry their sign before the currency",
    arguments: [("0", "$0"), ("1234.5", "$1,234.5"), ("-0.25", "−$0.25")])
  func dollars(decimal: String, text: String) { #expect(english.dollars(decimal) == text) }

  @Test(
    "costs are rounded half-even, to cents from a dollar on and to four decimals below",
    arguments: [
      ("0", "$0.00"), ("0.00005", "$0.00"), ("0.00015", "$0.0002"), ("0.00025", "$0.0002"),
      ("0.00005000001", "$0.0001"),
      ("0.5", "$0.5000"), ("0.99994", "$0.9999"), ("0.99995", "$1.00"), ("1.005", "$1.00"), ("1.015", "$1.02"),
      ("1.025", "$1.02"), ("1.0250001", "$1.03"), ("1234567.895", "$1,234,567.90"), ("-1.015", "−$1.02"),
      ("-0.00015", "−$0.0002"),
    ])
  func costs(decimal: String, text: String) throws { #expect(english.cost(try CostSum(decimal: decimal)) == text) }

  @Test(
    "durations are cut, never rounded up into the next unit",
    arguments: [
      (0, "0 ms"), (999, "999 ms"), (1_000, "1.0 s"), (1_999, "1.9 s"), (59_999, "59.9 s"), (60_000, "1.0 min"),
      (3_599_999, "59.9 min"), (3_600_000, "1.0 h"), (3_600_000_000, "1,000.0 h"),
    ] as [(Int64, String)])
  func durations(milliseconds: Int64, text: String) { #expect(english.duration(milliseconds: milliseconds) == text) }

  @Test("days and instants are written in UTC")
  func dates() {
    let instant = Timestamp(seconds: 1_709_208_245)
    #expect(english.date(UTCDay(containing: instant)) == "29 Feb 2024")
    #expect(english.shortDate(UTCDay(containing: instant)) == "29 Feb")
    #expect(english.instant(instant) == "29 Feb 2024, 12:04 UTC")
  }

  @Test("a value that looks like a placeholder stays as it is")
  func placeholders() {
    #expect(english.text(.windowTitle, "{1}", "{0}") == "{1} to {0}")
    #expect(english.text(.windowTitle, "a") == "a to {1}")
  }
}
