internal import SaaSCore
internal import SaaSTesting
internal import Testing

@Suite("Decimal text")
struct DecimalTextTests {
  @Test(
    "is read exactly, with or without an exponent",
    arguments: [
      ("0", 4, 0), ("-0", 4, 0), ("1", 0, 1), ("1.5", 1, 15), ("-1.5", 2, -150), ("0.000", 0, 0), ("10.00", 0, 10),
      ("2.5e-06", 30, 2_500_000_000_000_000_000_000_000), ("1.3e-10", 12, 130), ("1E3", 0, 1_000), ("1e+3", 2, 100_000),
      ("123.456e-3", 6, 123_456), ("0.123e3", 0, 123), ("12e-1", 1, 12), ("0e999999999999999999999", 0, 0),
      ("0.0e-999999999999999999999", 30, 0), ("100e-2", 0, 1),
      ("1.0000000000000001e-07", 30, 100_000_000_000_000_010_000_000),
      ("0.000000000000000000000000000001", 30, 1), ("0.50000000000000000000000000000000000000000000", 1, 5),
      ("170141183460469231731687303715884105727", 0, Int128.max),
    ] as [(String, Int, Int128)])
  func reading(text: String, places: Int, expected: Int128) throws {
    #expect(try DecimalText.scaled(text, places: places) == expected)
  }

  @Test(
    "is refused with the reason",
    arguments: [
      ("", .malformed(byteOffset: 0)), ("-", .malformed(byteOffset: 1)), ("+1", .malformed(byteOffset: 0)),
      (".5", .malformed(byteOffset: 0)), ("1.", .malformed(byteOffset: 2)), ("01", .malformed(byteOffset: 1)),
      ("1 ", .malformed(byteOffset: 1)), (" 1", .malformed(byteOffset: 0)), ("1e", .malformed(byteOffset: 2)),
      ("1e+", .malformed(byteOffset: 3)), ("1.5.5", .malformed(byteOffset: 3)), ("0x10", .malformed(byteOffset: 1)),
      ("1,5", .malformed(byteOffset: 1)), ("NaN", .malformed(byteOffset: 0)), ("inf", .malformed(byteOffset: 0)),
      ("1\u{0}", .malformed(byteOffset: 1)), ("١", .malformed(byteOffset: 0)),
      ("0.0000000000000000000000000000001", .tooManyDecimalPlaces(maximum: 30)),
      ("1e-31", .tooManyDecimalPlaces(maximum: 30)), ("1e-99999999999999999999", .tooManyDecimalPlaces(maximum: 30)),
      ("1e99999999999999999999", .outOfRange), ("340282366921", .outOfRange), ("1e9", .outOfRange),
    ] as [(String, DecimalTextError)])
  func refusing(text: String, expected: DecimalTextError) {
    #expect(throws: expected) { try DecimalText.scaled(text, places: 30) }
  }

  @Test(
    "is written plainly, with the fewest digits asked for",
    arguments: [
      (0, 12, 0, "0"), (0, 4, 4, "0.0000"), (1, 12, 0, "0.000000000001"), (-1, 4, 4, "-0.0001"), (15, 1, 0, "1.5"),
      (1_500_000, 4, 0, "150"), (1_500_000, 4, 4, "150.0000"), (123, 0, 0, "123"), (-120, 2, 0, "-1.2"),
      (Int128.max, 0, 0, "170141183460469231731687303715884105727"),
    ] as [(Int128, Int, Int, String)])
  func writing(value: Int128, places: Int, minimumPlaces: Int, expected: String) {
    #expect(DecimalText.text(value, places: places, minimumPlaces: minimumPlaces) == expected)
  }

  @Test("comes back from its own writing", arguments: [1, 2, 3] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let value = Int128(truncatingIfNeeded: UInt128.random(in: 0...UInt128.max, using: &random))
      let shifted = value == .min ? 0 : value >> Int128.random(in: 0...126, using: &random)
      let places = Int.random(in: 0...30, using: &random)
      let text = DecimalText.text(shifted, places: places)
      #expect(try DecimalText.scaled(text, places: places) == shifted, "\(text) of seed \(seed)")
    }
  }

  @Test("never traps on random bytes", arguments: [1, 2, 3, 4] as [UInt64])
  func fuzz(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("0123456789.eE+-x \u{0}".utf8)
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? 0
      }
      _ = try? DecimalText.scaled(bytes.span, places: Int.random(in: 0...30, using: &random))
    }
  }
}
