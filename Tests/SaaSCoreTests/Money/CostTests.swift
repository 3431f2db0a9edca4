internal import Foundation
internal import SaaSCore
internal import SaaSTesting
internal import Testing

@Suite("Costs")
struct CostTests {
  @Test(
    "are rounded half-even to four decimals",
    arguments: [
      ("0", "0.0000"), ("0.00005", "0.0000"), ("0.000050000001", "0.0001"), ("0.00015", "0.0002"),
      ("0.00025", "0.0002"), ("0.000249999999", "0.0002"), ("0.00035", "0.0004"), ("1.00045", "1.0004"),
      ("1.00055", "1.0006"), ("-0.00005", "0.0000"), ("-0.000050000001", "-0.0001"), ("-0.00015", "-0.0002"),
      ("-0.00025", "-0.0002"), ("-1.99995", "-2.0000"), ("12.5", "12.5000"), ("0.999949999999", "0.9999"),
      ("0.99995", "1.0000"), ("922337203685477.5807", "922337203685477.5807"),
    ])
  func rounding(exact: String, expected: String) throws {
    #expect(try CostSum(decimal: exact).rounded.decimalText == expected)
  }

  @Test("stay at the end of a range that no bill reaches")
  func ends() throws {
    let most = CostSum(wholeDollars: .max, picos: CostSum.picosPerDollar - 1)
    let least = CostSum(wholeDollars: .min, picos: 0)
    #expect(most + PicoUSD(picos: 1) == most)
    #expect(least - PicoUSD(picos: 1) == least)
    #expect(CostSum(wholeDollars: .max, picos: .max) == most)
    #expect(most.wholeDollars == .max && most.picos == CostSum.picosPerDollar - 1)
    #expect(least.wholeDollars == .min && least.picos == 0)
    #expect(most.rounded == RoundedUSD(tenThousandths: .max))
    #expect(least.rounded == RoundedUSD(tenThousandths: .min))
    #expect(CostSum(totalPicos: .max) == most && CostSum(totalPicos: .min) == least)
    #expect(throws: DecimalTextError.outOfRange) { try CostSum(decimal: "9223372036854775808") }
    #expect(try CostSum(decimal: "9223372036854775807.999999999999") == most)
  }

  @Test("of one event are checked")
  func events() throws {
    let most = PicoUSD(picos: .max)
    #expect(throws: MoneyError.overflow) { try most.adding(PicoUSD(picos: 1)) }
    #expect(throws: MoneyError.overflow) { try PicoUSD(picos: .min).subtracting(PicoUSD(picos: 1)) }
    #expect(try most.adding(.zero) == most)
    #expect(try most.subtracting(most) == .zero)
    #expect(most.decimalText == "9223372.036854775807")
    #expect(try PicoUSD(decimal: "9223372.036854775807") == most)
    #expect(throws: DecimalTextError.outOfRange) { try PicoUSD(decimal: "9223372.036854775808") }
    #expect(throws: DecimalTextError.tooManyDecimalPlaces(maximum: 12)) { try PicoUSD(decimal: "1e-13") }
  }

  @Test("add up as digits on paper do, past Int64", arguments: [1, 2, 3] as [UInt64])
  func sums(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var sum = CostSum.zero
    var model = SlowDecimal("0")
    var whole: Int64 = 0
    var picos: Int64 = 0
    for _ in 0..<200 {
      let cost = PicoUSD(
        picos: Int64.random(in: 0...Int64.max, using: &random) >> Int64.random(in: 0...62, using: &random))
      sum += cost
      model = model + SlowDecimal(cost.decimalText)
      whole += CostSum(cost).wholeDollars
      picos += CostSum(cost).picos
      let text = model.extended(to: 12).text
      #expect(sum == (try CostSum(decimal: text)), "seed \(seed)")
      #expect(sum.decimal == Decimal(string: text), "seed \(seed)")
      #expect(sum.rounded.decimalText == model.extended(to: 12).rounded(toPlaces: 4).text, "seed \(seed)")
      // The columns may be summed by themselves, and split again to the same pair.
      #expect(CostSum(wholeDollars: whole, picos: picos) == sum, "seed \(seed)")
      #expect(CostSum(wholeDollars: sum.wholeDollars, picos: sum.picos) == sum, "seed \(seed)")
      #expect((0..<CostSum.picosPerDollar).contains(sum.picos), "seed \(seed)")
    }
    #expect(sum.totalPicos > Int128(Int64.max))
  }

  @Test(
    "below zero split into columns that add up",
    arguments: [-1, -999_999_999_999, -1_000_000_000_000, -1_500_000_000_000] as [Int64])
  func negative(picos: Int64) {
    let sum = CostSum(PicoUSD(picos: picos))
    #expect(CostSum(wholeDollars: sum.wholeDollars, picos: sum.picos) == sum)
    #expect((0..<CostSum.picosPerDollar).contains(sum.picos))
    #expect(sum.decimal == Decimal(sign: .plus, exponent: -12, significand: Decimal(picos)))
    #expect(sum - sum == .zero)
  }

  @Test("are coded as decimal strings")
  func coding() throws {
    let values = [try CostSum(decimal: "12.000000000001")]
    let data = try JSONEncoder().encode(values)
    #expect(String(decoding: data, as: UTF8.self) == #"["12.000000000001"]"#)
    #expect(try JSONDecoder().decode([CostSum].self, from: data) == values)
    #expect(try JSONDecoder().decode([PicoUSD].self, from: data) == [PicoUSD(picos: 12_000_000_000_001)])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([RoundedUSD].self, from: data) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([CostSum].self, from: Data("[1.5]".utf8)) }
    #expect(
      try JSONDecoder().decode([RoundedUSD].self, from: Data(#"["0.1"]"#.utf8)) == [RoundedUSD(tenThousandths: 1_000)])
  }
}
