internal import Foundation
internal import SaaSCore
internal import SaaSTesting
internal import Testing
internal import UsageKit

@Suite("The cost of an event")
struct CostTableTests {
  static let card = Result { try RateCard(json: Array(PublishedPrices.card.utf8)) }
  static let liteLLM = Result {
    try RateCard(
      id: RateCardID("litellm"), rates: LiteLLMPrices(json: Array(PublishedPrices.liteLLM.utf8)).rates)
  }

  @Test("follows the published prices of a card", arguments: CostRow.all)
  func card(row: CostRow) throws {
    #expect(try text(row, by: Self.card.get()) == row.expected)
  }

  @Test("follows the same prices in LiteLLM's format", arguments: CostRow.all)
  func liteLLM(row: CostRow) throws {
    #expect(try text(row, by: Self.liteLLM.get()) == row.expected)
  }

  private func text(_ row: CostRow, by card: RateCard) throws -> String {
    let cost = try card.cost(
      provider: ProviderName(row.provider), model: ModelName(row.model),
      tokens: TokenCounts(
        prompt: row.prompt, cachedPrompt: row.cachedPrompt, cacheWritePrompt: row.cacheWritePrompt,
        completion: row.completion),
      serviceTier: row.serviceTier.map(ServiceTier.init(_:)), at: Timestamp(seconds: 1_780_000_000))
    return switch cost {
    case .priced(let amount, _): amount.decimalText
    case .partlyPriced(let amount, _): amount.decimalText + "?"
    case .unpriced: "unpriced"
    }
  }

  @Test(
    "is rounded once, half-even, to pico-dollars",
    arguments: [
      ("5e-13", 1, "0"), ("5e-13", 3, "0.000000000002"), ("1.5e-12", 1, "0.000000000002"),
      ("2.5e-12", 1, "0.000000000002"), ("2.500000000000000001e-12", 1, "0.000000000003"),
      ("2.499999999999999999e-12", 1, "0.000000000002"), ("4.9999999999999999e-13", 1, "0"),
      ("0.000000000000000000000000000001", 1_000_000_000, "0"),
      ("0.000000100000000000000001", 500_000, "0.05"), ("0.000000100000000000000001", 500_001, "0.050000100000"),
      ("0.0000001000000000000000010000001", 1, "error"), ("0.000000000000500000000001", 1, "0.000000000001"),
      ("1.0000000000000001e-07", 1_000_000_000, "100.0"), ("1.3e-10", 7, "0.00000000091"),
      ("0.000000123456789012345678", 1_000_000_000, "123.456789012346"),
      ("0.000000123456789012345678", 12_345, "0.001524074060"),
    ] as [(String, Int64, String)])
  func rounding(price: String, tokens: Int64, expected: String) throws {
    let cost = try? TokenPrice(decimal: price).cost(of: tokens)
    let text = expected.contains(".") ? try PicoUSD(decimal: expected).decimalText : expected
    #expect((cost?.decimalText ?? "error") == text)
  }

  @Test("rounds the sum of the classes and not each of them")
  func sumIsRounded() throws {
    let price = try TokenPrice(decimal: "4e-13")
    let card = try RateCard(
      id: RateCardID("c"),
      rates: [
        ModelRate(
          provider: ProviderName("p"), model: ModelName("m"),
          prices: [
            ModelRate.Tier(
              prices: TokenPrices(
                prompt: price, cachedPrompt: .price(price), cacheWritePrompt: .asPrompt, completion: price))
          ])
      ])
    let cost = try card.cost(
      provider: ProviderName("p"), model: ModelName("m"),
      tokens: TokenCounts(prompt: 3, cachedPrompt: 1, cacheWritePrompt: 1, completion: 1),
      at: Timestamp(seconds: 0))
    // Four times 0.4 is 1.6 pico-dollars; rounded one by one they would be nothing.
    #expect(cost.amount == PicoUSD(picos: 2))
  }

  @Test("that no event may have is an error")
  func overflow() throws {
    #expect(throws: UsageValueError.costTooLarge) {
      try TokenPrice(decimal: "0.009223372036854775808").cost(of: 1_000_000_000)
    }
    #expect(try TokenPrice(decimal: "0.009223372036854775807").cost(of: 1_000_000_000).picos == .max)
    #expect(throws: UsageValueError.costTooLarge) {
      try TokenPrice(decimal: "9223372.036854775807999999999999999999").cost(of: 1)
    }
    #expect(throws: UsageValueError.costTooLarge) { try TokenPrice(decimal: "9223372").cost(of: 2) }
    #expect(throws: TokenPriceError.text(.outOfRange)) { try TokenPrice(decimal: "9223372.036854775808") }
    #expect(throws: TokenPriceError.negative) { try TokenPrice(decimal: "-1e-9") }
  }

  @Test("agrees with exact decimals on random prices", arguments: [1, 2, 3, 4] as [UInt64])
  func againstDecimals(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let digits = (0..<Int.random(in: 1...22, using: &random)).map { _ in
        String(Int.random(in: 0...9, using: &random))
      }
      let price = "0." + String(repeating: "0", count: Int.random(in: 4...8, using: &random)) + digits.joined()
      let tokens = Int64.random(in: 0...1_000_000_000, using: &random) >> Int64.random(in: 0...29, using: &random)
      let exact = try #require(Decimal(string: price)) * Decimal(tokens)
      var (source, rounded) = (exact, Decimal())
      NSDecimalRound(&rounded, &source, 12, .bankers)
      let cost = try TokenPrice(decimal: price).cost(of: tokens)
      #expect(CostSum(cost).decimal == rounded, "\(price) times \(tokens) of seed \(seed)")
    }
  }
}

extension TokenPrice {
  /// What completion tokens at this price cost.
  fileprivate func cost(of tokens: Int64) throws -> PicoUSD {
    let card = try RateCard(
      id: RateCardID("c"),
      rates: [
        ModelRate(
          provider: ProviderName("p"), model: ModelName("m"),
          prices: [ModelRate.Tier(prices: TokenPrices(completion: self))])
      ])
    let cost = try card.cost(
      provider: ProviderName("p"), model: ModelName("m"), tokens: TokenCounts(prompt: 0, completion: tokens),
      at: Timestamp(seconds: 0))
    return try #require(cost.amount)
  }
}
