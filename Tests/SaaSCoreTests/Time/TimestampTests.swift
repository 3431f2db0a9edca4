import Foundation
import SaaSCore
import SaaSTesting
import Testing

@Suite struct TimestampTests {
  static let good: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00.000001Z", 1),
    ("1969-12-31T23:59:59.999999Z", -1),
    ("2026-05-01T12:34:56Z", 1_777_638_896_000_000),
    ("2026-05-01t12:34:56z", 1_777_638_896_000_000),
    ("2026-05-01T14:34:56+02:00", 1_777_638_896_000_000),
    ("2026-05-01T07:04:56-05:30", 1_777_638_896_000_000),
    ("2026-05-01T12:34:56-00:00", 1_777_638_896_000_000),
    ("2026-05-01T12:34:56.5Z", 1_777_638_896_500_000),
    ("2026-05-01T12:34:56.1234567891234Z", 1_777_638_896_123_456),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
    ("2000-02-29T23:59:59Z", 951_868_799_000_000),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
    ("0000-01-01T00:00:00+23:59", -62_167_305_540_000_000),
  ]

  static let bad: [(String, TimestampError.Reason)] = [
    ("", .malformed), ("2026", .malformed), ("2026-05-01", .malformed), ("2026-05-01T12:34Z", .malformed),
    ("2026-05-01T12:34:56", .malformed), ("2026-05-01 12:34:56Z", .malformed), ("2026-5-1T12:34:56Z", .malformed),
    ("20260501T123456Z", .malformed), ("2026-05-01T12:34:56,5Z", .malformed), ("2026-05-01T12:34:56.Z", .malformed),
    ("2026-05-01T12:34:56ZZ", .malformed), ("2026-05-01T12:34:56Z ", .malformed), (" 2026-05-01T12:34:56Z", .malformed),
    ("2026-05-01T12:34:56+2:00", .malformed), ("2026-05-01T12:34:56+0200", .malformed),
    ("2026-05-01T12:34:56+02", .malformed), ("2026-05-01T12:34:56+02:00Z", .malformed),
    ("+2026-05-01T12:34:56Z", .malformed), ("-2026-05-01T12:34:56Z", .malformed), ("12026-05-01T12:34:56Z", .malformed),
    ("2026-05-01T12:34:5٦Z", .malformed), ("2026-05-01T12:34:56Z\n", .malformed), ("2026-05-01T-1:34:56Z", .malformed),
    ("2026-05-01T12:34:56.5.5Z", .malformed), ("not a time", .malformed),
    ("2026-02-30T00:00:00Z", .noSuchInstant), ("2026-02-29T00:00:00Z", .noSuchInstant),
    ("1900-02-29T00:00:00Z", .noSuchInstant), ("2026-04-31T00:00:00Z", .noSuchInstant),
    ("2026-13-01T00:00:00Z", .noSuchInstant), ("2026-00-01T00:00:00Z", .noSuchInstant),
    ("2026-01-00T00:00:00Z", .noSuchInstant), ("2026-01-01T24:00:00Z", .noSuchInstant),
    ("2026-01-01T00:60:00Z", .noSuchInstant), ("2016-12-31T23:59:60Z", .noSuchInstant),
    ("2026-01-01T00:00:00+24:00", .noSuchInstant), ("2026-01-01T00:00:00-01:60", .noSuchInstant),
  ]

  @Test(arguments: good)
  func `a text of RFC 3339 is its instant`(text: String, microseconds: Int64) throws {
    #expect(try Timestamp(iso8601: text).microseconds == microseconds)
  }

  @Test(arguments: bad)
  func `any other text is refused with the reason`(text: String, reason: TimestampError.Reason) {
    let error = #expect(throws: TimestampError.self) { try Timestamp(iso8601: text) }
    #expect(error?.reason == reason)
  }

  @Test(arguments: UInt64(1)...4)
  func `an instant of four-digit years is written and read back`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      var value = Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &dice)
      if Bool.random(using: &dice) { value -= value % 1_000_000 }
      let instant = Timestamp(microseconds: value)
      #expect(try Timestamp(iso8601: instant.iso8601) == instant, "seed \(seed): \(value)")
      #expect(try JSONDecoder().decode(Timestamp.self, from: JSONEncoder().encode(instant)) == instant)
    }
  }

  @Test(arguments: UInt64(1)...3)
  func `the calendar is Foundation's`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let formatter = ISO8601DateFormatter()
    for _ in 0..<300 {
      let seconds = Int64.random(in: -2_000_000_000...32_000_000_000, using: &dice)
      let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
      #expect(Timestamp(seconds: seconds).iso8601 == text, "seed \(seed): \(seconds)")
    }
  }

  @Test func `arithmetic stays at the ends of the range`() {
    #expect(Timestamp.distantFuture + .seconds(1) == .distantFuture)
    #expect(Timestamp.distantPast - .seconds(1) == .distantPast)
    #expect(Timestamp.distantPast + .seconds(-1) == .distantPast)
    #expect(Timestamp.distantFuture - .seconds(-1) == .distantFuture)
    #expect(Timestamp(seconds: .max) == .distantFuture)
    #expect(Timestamp(seconds: .min) == .distantPast)
    #expect(Timestamp(seconds: 0) + .seconds(Int64.max) == .distantFuture)
    #expect(Timestamp(seconds: 0) - .seconds(Int64.max) == .distantPast)
    #expect(Timestamp.distantPast.duration(since: .distantFuture) == .microseconds(Int64.min))
    #expect(Timestamp.distantFuture.duration(since: .distantPast) == .microseconds(Int64.max))
    #expect(Timestamp(seconds: 5) + .nanoseconds(1_999) == Timestamp(microseconds: 5_000_001))
  }

  @Test func `a date is cut towards the past, and one out of range is none`() {
    #expect(Timestamp(Date(timeIntervalSince1970: 1.5))?.microseconds == 1_500_000)
    #expect(Timestamp(Date(timeIntervalSince1970: -0.000_000_4))?.microseconds == -1)
    #expect(Timestamp(Date(timeIntervalSince1970: 1e13)) == nil)
    #expect(Timestamp(Date(timeIntervalSince1970: .nan)) == nil)
    #expect(Timestamp(Date(timeIntervalSince1970: -.infinity)) == nil)
  }

  @Test func `the ends of the range can be written`() {
    #expect(Timestamp.distantFuture.iso8601 == "+294247-01-10T04:00:54.775807Z")
    #expect(Timestamp.distantPast.iso8601 == "-290308-12-21T19:59:05.224192Z")
  }
}
