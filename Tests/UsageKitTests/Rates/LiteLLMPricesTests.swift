internal import Foundation
internal import SaaSCore
internal import Testing
internal import UsageKit

@Suite("LiteLLM's price file")
struct LiteLLMPricesTests {
  private func cost(
    _ model: String, provider: String = "p", tier: String? = nil, prompt: Int64 = 0, cached: Int64 = 0,
    completion: Int64 = 0, in json: String, missing: LiteLLMPrices.MissingCachePrices = .unpriced
  ) throws -> EventCost {
    let prices = try LiteLLMPrices(json: Array(json.utf8), missingCachePrices: missing)
    return try RateCard(id: RateCardID("l"), rates: prices.rates).cost(
      provider: ProviderName(provider), model: ModelName(model),
      tokens: TokenCounts(prompt: prompt, cachedPrompt: cached, completion: completion),
      serviceTier: tier.map(ServiceTier.init(_:)), at: Timestamp(seconds: 0))
  }

  @Test("skips its sample, and says which models have no price per token")
  func omissions() throws {
    let prices = try LiteLLMPrices(json: Array(PublishedPrices.liteLLM.utf8))
    #expect(prices.rates.count == 16)
    #expect(prices.modelCount == 17)
    #expect(
      prices.omissions == [LiteLLMPrices.Omission(name: "openai/some-image-model", reason: .noTokenPrice)])
  }

  @Test("takes numbers and strings as prices, null and nothing as none, zero as a price")
  func values() throws {
    let json = """
      {"p/a": {"litellm_provider": "p", "input_cost_per_token": "2.5e-06", "output_cost_per_token": null},
       "p/b": {"litellm_provider": "p", "input_cost_per_token": 0, "output_cost_per_token": 0.0},
       "p/c": {"litellm_provider": "p", "input_cost_per_token": "much", "output_cost_per_token": 1e-06},
       "p/d": {"litellm_provider": "p", "input_cost_per_token": -1, "output_cost_per_token": true},
       "p/e": {"litellm_provider": null}, "p/f": 7, "p/g": {"mode": "chat"}}
      """
    #expect(try cost("a", prompt: 1, in: json).amount?.picos == 2_500_000)
    #expect(try cost("a", prompt: 1, completion: 1, in: json).pricing == .partlyPriced)
    #expect(try cost("b", prompt: 1, completion: 1, in: json).amount == .zero)
    #expect(try cost("c", prompt: 1, completion: 1, in: json).pricing == .partlyPriced)
    #expect(try cost("d", prompt: 1, completion: 1, in: json) == .unpriced)
    let omissions = try LiteLLMPrices(json: Array(json.utf8)).omissions
    #expect(
      omissions.map { "\($0.name) \($0.reason)" } == [
        #"p/c notAPrice(member: "input_cost_per_token")"#, #"p/d notAPrice(member: "input_cost_per_token")"#,
        #"p/d notAPrice(member: "output_cost_per_token")"#, "p/d noTokenPrice", "p/e unreadable", "p/f unreadable",
        "p/g unreadable",
      ])
  }

  @Test(
    "knows models with and without their provider before the name",
    arguments: [
      ("openai", "gpt", 1), ("openai", "openai/gpt", 1), ("azure", "gpt", 2), ("azure", "azure/gpt", 2),
      ("azure", "eu/gpt", 3), ("vertex_ai", "gem", 4), ("vertex_ai-language-models", "gem", 4),
      ("deepseek", "chat", 6), ("deepseek", "deepseek/chat", 6), ("vertex_ai", "claude", 8),
      ("vertex_ai-anthropic_models", "claude", 7), ("gem", "gpt", nil),
    ] as [(String, String, Int64?)])
  func names(provider: String, model: String, expected: Int64?) throws {
    let json = """
      {"gpt": {"litellm_provider": "openai", "output_cost_per_token": 1e-12},
       "azure/gpt": {"litellm_provider": "azure", "output_cost_per_token": 2e-12},
       "azure/eu/gpt": {"litellm_provider": "azure", "output_cost_per_token": 3e-12},
       "gem": {"litellm_provider": "vertex_ai-language-models", "output_cost_per_token": 4e-12},
       "chat": {"litellm_provider": "deepseek", "output_cost_per_token": 5e-12},
       "deepseek/chat": {"litellm_provider": "deepseek", "output_cost_per_token": 6e-12},
       "vertex_ai/claude": {"litellm_provider": "vertex_ai-anthropic_models", "output_cost_per_token": 7e-12},
       "claude": {"litellm_provider": "vertex_ai", "output_cost_per_token": 8e-12}}
      """
    #expect(try cost(model, provider: provider, completion: 1, in: json).amount?.picos == expected)
    #expect(
      try LiteLLMPrices(json: Array(json.utf8)).omissions == [
        LiteLLMPrices.Omission(name: "chat", reason: .shadowed)
      ])
  }

  @Test(
    "looks for a price in LiteLLM's order where tier or threshold has none",
    arguments: [
      (nil, 100, 10), (nil, 128_000, 10), (nil, 128_001, 20), (nil, 256_000, 20), (nil, 256_001, 30),
      ("priority", 100, 40), ("priority", 128_001, 50), ("priority", 256_001, 30), ("flex", 100, 60),
      ("flex", 128_001, 20), ("flex", 256_001, 30), ("batches", 100, 70), ("batches", 128_001, 70),
      ("batches", 256_001, 80), ("scale", 100, 10), ("scale", 128_001, 20),
    ] as [(String?, Int64, Int64)])
  func fallbacks(tier: String?, prompt: Int64, expected: Int64) throws {
    let json = """
      {"p/m": {"litellm_provider": "p", "input_cost_per_token": 0,
        "output_cost_per_token": 10e-12, "output_cost_per_token_above_128k_tokens": 20e-12,
        "output_cost_per_token_above_256000_tokens": 30e-12, "output_cost_per_token_priority": 40e-12,
        "output_cost_per_token_above_128k_tokens_priority": 50e-12, "output_cost_per_token_flex": 60e-12,
        "output_cost_per_token_batches": 70e-12, "output_cost_per_token_batches_above_256k_tokens": 80e-12,
        "output_cost_per_token_above_1hr": 1, "output_cost_per_token_cache_hit": 1, "output_cost_per_token_a_b": 1,
        "output_cost_per_token_above_k_tokens": 1, "output_cost_per_tokenizer": 1, "output_cost_per_token_": 1,
        "output_cost_per_token_above_99999999999999999999k_tokens": 1, "output_cost_per_token_flex_flex": 1}}
      """
    #expect(try cost("m", tier: tier, prompt: prompt, completion: 1, in: json).amount?.picos == expected)
  }

  @Test("reads prices by spans of the prompt's size")
  func spans() throws {
    let json = """
      {"p/m": {"litellm_provider": "p", "tiered_pricing": [
        {"range": [0, 256e3], "input_cost_per_token": 0, "output_cost_per_token": 5e-12},
        {"range": [256000.0, 1e6], "input_cost_per_token": 0, "output_cost_per_token": 7e-12}]}}
      """
    #expect(try cost("m", prompt: 256_000, completion: 1, in: json).amount?.picos == 5)
    #expect(try cost("m", prompt: 256_001, completion: 1, in: json).amount?.picos == 7)
    #expect(try cost("m", prompt: 0, completion: 1, in: json).amount?.picos == 5)
  }

  @Test("leaves cached tokens without a price unpriced, unless the caller takes them as prompt tokens")
  func cache() throws {
    let json = #"{"p/m": {"litellm_provider": "p", "input_cost_per_token": 1e-12}}"#
    #expect(try cost("m", prompt: 3, cached: 2, in: json).pricing == .partlyPriced)
    #expect(try cost("m", prompt: 3, cached: 2, in: json, missing: .asPrompt).amount?.picos == 3)
  }

  @Test("is refused where it is not one JSON object")
  func refused() {
    #expect(throws: RateCardError.self) { try LiteLLMPrices(json: Array("[]".utf8)) }
    #expect(throws: RateCardError.self) { try LiteLLMPrices(json: Array("{".utf8)) }
  }

  /// The whole file is not part of this package; `LITELLM_PRICE_FILE` says where a copy is.
  @Test(
    "loads whole, every model accounted for",
    .enabled(if: ProcessInfo.processInfo.environment["LITELLM_PRICE_FILE"] != nil))
  func wholeFile() throws {
    let path = try #require(ProcessInfo.processInfo.environment["LITELLM_PRICE_FILE"])
    let prices = try LiteLLMPrices(json: Array(Data(contentsOf: URL(fileURLWithPath: path))))
    let card = try RateCard(id: RateCardID("litellm"), rates: prices.rates)
    #expect(prices.modelCount > 4_000)
    #expect(!prices.omissions.contains { if case .notAPrice = $0.reason { true } else { false } })
    for rate in card.rates {
      for tier in rate.prices {
        let cost = try card.cost(
          provider: rate.provider, model: rate.model,
          tokens: TokenCounts(prompt: (tier.promptAbove ?? 0) + 1, completion: 1), serviceTier: tier.serviceTier,
          at: Timestamp(seconds: 0))
        #expect(cost.rate.flatMap(card.use)?.tier == tier || tier.prices.isEmpty || cost == .unpriced)
      }
    }
  }
}
