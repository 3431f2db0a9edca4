internal import SaaSCore
internal import Testing
internal import UsageKit

@Suite("Rate cards")
struct RateCardTests {
  private func card(_ rates: String, more: String = "") throws -> RateCard {
    try RateCard(json: Array(#"{"id": "c", \#(more) "rates": [\#(rates)]}"#.utf8))
  }

  private func price(
    _ card: RateCard, _ provider: String, _ model: String, prompt: Int64 = 0, tier: String? = nil,
    at instant: String = "2026-05-01T00:00:00Z"
  ) throws -> String? {
    let cost = try card.cost(
      provider: ProviderName(provider), model: ModelName(model), tokens: TokenCounts(prompt: prompt, completion: 1),
      serviceTier: tier.map(ServiceTier.init(_:)), at: Timestamp(iso8601: instant))
    return cost.amount?.decimalText
  }

  @Test(
    "find a model by its whole name, then by alias, then by the longest prefix",
    arguments: [
      ("m", "1"), ("m-alias", "1"), ("m-1", "1"), ("m-10", "1"), ("m-2", "2"), ("m-2-mini", "3"), ("m-2-min", "2"),
      ("m-2-mini-x", "3"), ("p/m", "1"), ("p/m-2", "2"), ("n", nil), ("m-", "1"), ("M", nil), ("q/m", nil),
      ("p/", nil), ("other-m-2", nil),
    ] as [(String, String?)])
  func lookup(model: String, expected: String?) throws {
    let card = try card(
      """
      {"provider": "p", "model": "m", "aliases": ["m-alias"], "prefixes": ["m-"], "prices": [{"completion": "1"}]},
      {"provider": "p", "model": "m-2", "prefixes": ["m-2", "m-3"], "prices": [{"completion": "2"}]},
      {"provider": "p", "model": "m-2-mini", "prefixes": ["m-2-mini"], "prices": [{"completion": "3"}]}
      """)
    #expect(try price(card, "p", model) == expected)
    #expect(try price(card, "other", model) == nil)
  }

  @Test(
    "hold from an instant on, until the next",
    arguments: [
      ("1970-01-01T00:00:00Z", "9"), ("2025-12-31T23:59:59.999999Z", "9"), ("2026-01-01T00:00:00Z", "1"),
      ("2026-05-31T23:59:59Z", "1"), ("2026-06-01T00:00:00Z", "2"), ("9999-12-31T00:00:00Z", "2"),
    ])
  func effectiveDates(instant: String, expected: String) throws {
    let card = try card(
      """
      {"provider": "p", "model": "m", "validFrom": "2026-06-01T00:00:00Z", "prices": [{"completion": "2"}]},
      {"provider": "p", "model": "m", "validFrom": "2026-01-01T00:00:00Z", "prices": [{"completion": "1"}]},
      {"provider": "p", "model": "any", "prefixes": ["m"], "prices": [{"completion": "9"}]}
      """)
    #expect(try price(card, "p", "m", at: instant) == expected)
  }

  @Test("price a whole request by the size of its prompt, which must be more than the threshold")
  func thresholds() throws {
    let card = try card(
      """
      {"provider": "p", "model": "m", "prices": [
        {"promptAbove": 200, "prompt": 0, "completion": "3"}, {"prompt": 0, "completion": "1"},
        {"promptAbove": 100, "prompt": 0, "completion": "2"},
        {"serviceTier": "flex", "prompt": 0, "completion": "0.5"}]}
      """)
    for (prompt, expected) in [(0, "1"), (99, "1"), (100, "1"), (101, "2"), (200, "2"), (201, "3")] {
      #expect(try price(card, "p", "m", prompt: Int64(prompt)) == expected)
      #expect(try price(card, "p", "m", prompt: Int64(prompt), tier: "flex") == "0.5")
    }
  }

  @Test("know service tiers by name and alias, and leave others unpriced unless told")
  func serviceTiers() throws {
    let more = #""serviceTierAliases": {"batch": "batches", "usual": "standard"},"#
    let tiers = #"[{"completion": "2"}, {"serviceTier": "batches", "completion": "1"}]"#
    let strict = try card(#"{"provider": "p", "model": "m", "prices": \#(tiers)}"#, more: more)
    let loose = try card(
      #"{"provider": "p", "model": "m", "otherServiceTiers": "standard", "prices": \#(tiers)}"#, more: more)
    for name in [nil, "standard", "default", "usual"] { #expect(try price(strict, "p", "m", tier: name) == "2") }
    for name in ["batch", "batches"] { #expect(try price(strict, "p", "m", tier: name) == "1") }
    #expect(try price(strict, "p", "m", tier: "priority") == nil)
    #expect(try price(loose, "p", "m", tier: "priority") == "2")
    #expect(try price(loose, "p", "m", tier: "batch") == "1")
  }

  @Test("tell no price from a price of zero, and what is partly unpriced")
  func missingPrices() throws {
    let card = try card(
      """
      {"provider": "p", "model": "free", "prices": [{"prompt": 0, "cachedPrompt": "0.0", "completion": "0e5"}]},
      {"provider": "p", "model": "m", "prices": [{"prompt": "2", "cachedPrompt": "asPrompt", "completion": null}]},
      {"provider": "p", "model": "odd", "prices": [{"completion": "1", "cacheWritePrompt": "asPrompt"}]}
      """)
    func cost(_ model: String, _ prompt: Int64, _ cached: Int64, _ write: Int64, _ completion: Int64) throws
      -> EventCost
    {
      try card.cost(
        provider: ProviderName("p"), model: ModelName(model),
        tokens: TokenCounts(
          prompt: prompt, cachedPrompt: cached, cacheWritePrompt: write, completion: completion),
        at: Timestamp(seconds: 0))
    }
    let rate = try RateID("c/p/m")
    let dollars = { (count: Int64) in PicoUSD(picos: count * 1_000_000_000_000) }
    #expect(try cost("free", 9, 9, 0, 9) == .priced(.zero, rate: RateID("c/p/free")))
    #expect(try cost("m", 3, 2, 0, 0) == .priced(dollars(6), rate: rate))
    #expect(try cost("m", 3, 2, 0, 1) == .partlyPriced(dollars(6), rate: rate))
    #expect(try cost("m", 3, 0, 1, 0) == .partlyPriced(dollars(4), rate: rate))
    #expect(try cost("m", 0, 0, 0, 1) == .unpriced)
    #expect(try cost("m", 0, 0, 0, 0) == .priced(.zero, rate: rate))
    #expect(try cost("odd", 1, 0, 1, 1) == .partlyPriced(dollars(1), rate: RateID("c/p/odd")))
    #expect(try cost("none", 1, 0, 0, 1) == .unpriced)
  }

  @Test("name the rate, from when on it holds, and the tier that was used")
  func names() throws {
    let card = try card(
      """
      {"provider": "p", "model": "m", "validFrom": "2026-01-01T00:00:00Z", "prices": [
        {"completion": "1"}, {"serviceTier": "flex", "completion": "1"},
        {"serviceTier": "flex", "promptAbove": 128000, "prompt": "1", "completion": "1"}]}
      """, more: #""providerAliases": {"alias": "p"},"#)
    let cost = try card.cost(
      provider: ProviderName("alias"), model: ModelName("m"), tokens: TokenCounts(prompt: 128_001, completion: 1),
      serviceTier: ServiceTier("flex"), at: Timestamp(iso8601: "2026-05-01T00:00:00Z"))
    let id = try RateID("c/p/m@2026-01-01T00:00:00Z:flex>128000")
    #expect(cost.rate == id)
    #expect(card.use(id)?.rate == card.rates[0])
    #expect(card.use(id)?.tier == card.rates[0].prices[2])
    #expect(card.use(try RateID("c/p/m")) == nil)
  }

  @Test(
    "are refused with the path of the fault",
    arguments: [
      ("", "", .json(JSONError(.unexpectedEnd, byteOffset: 0))),
      ("[]", "", .shape(expected: .kind(.object), found: .array)),
      (#"{"rates": []}"#, "", .shape(expected: .member("id"), found: .object)),
      (#"{"id": "", "rates": []}"#, "/id", .identifier(.empty)),
      (#"{"id": "c", "rates": {}}"#, "/rates", .shape(expected: .kind(.array), found: .object)),
      (#"{"id": "c", "rate": []}"#, "", .unknownMember("rate")),
      (
        #"{"id": "c", "rates": [{"provider": "p", "model": "m"}]}"#, "/rates/0",
        .shape(expected: .member("prices"), found: .object)
      ),
      (rate(#""promt": "1""#), "/rates/0/prices/0", .unknownMember("promt")),
      (rate(#""prompt": "1 ""#), "/rates/0/prices/0/prompt", .price(.text(.malformed(byteOffset: 1)))),
      (rate(#""prompt": "1e-31""#), "/rates/0/prices/0/prompt", .price(.text(.tooManyDecimalPlaces(maximum: 30)))),
      (rate(#""prompt": -1"#), "/rates/0/prices/0/prompt", .price(.negative)),
      (rate(#""prompt": true"#), "/rates/0/prices/0/prompt", .shape(expected: .kind(.string), found: .boolean)),
      (rate(#""prompt": "asPrompt""#), "/rates/0/prices/0/prompt", .price(.text(.malformed(byteOffset: 0)))),
      (
        rate(#""cachedPrompt": "asprompt""#), "/rates/0/prices/0/cachedPrompt",
        .price(.text(.malformed(byteOffset: 0)))
      ),
      (rate(#""serviceTier": 1"#), "/rates/0/prices/0/serviceTier", .shape(expected: .kind(.string), found: .number)),
      (rate(#""serviceTier": "flex", "promptAbove": 5"#), "/rates/0/prices", .noBasePrices(try? ServiceTier("flex"))),
      (rate(#""promptAbove": 128000"#), "/rates/0/prices", .noBasePrices(nil)),
      (rate(#""promptAbove": -1"#), "/rates/0/prices/0/promptAbove", .negativeThreshold(-1)),
      (rate(#""promptAbove": 1.5"#), "/rates/0/prices/0/promptAbove", .shape(expected: .int64, found: .number)),
      (rate(#""prompt": 1}, {"prompt": 2"#), "/rates/0/prices/1", .duplicateTier),
      (
        #"{"id": "c", "rates": [{"provider": "p", "model": "m", "prices": []}]}"#, "/rates/0/prices",
        .noBasePrices(nil)
      ),
      (
        rate(#""prompt": 1"#, more: #""unit": "kiloToken","#), "/rates/0/unit",
        .unknownWord("kiloToken", allowed: ["token", "millionTokens"])
      ),
      (
        rate(#""prompt": 1"#, more: #""otherServiceTiers": "free","#), "/rates/0/otherServiceTiers",
        .unknownWord("free", allowed: ["unpriced", "standard"])
      ),
      (
        rate(#""prompt": "1e-25""#, more: #""unit": "millionTokens","#), "/rates/0/prices/0/prompt",
        .price(.text(.tooManyDecimalPlaces(maximum: 24)))
      ),
      (rate(#""prompt": 1"#, more: #""aliases": ["a", ""],"#), "/rates/0/aliases/1", .identifier(.empty)),
      (twoRates("", ""), "/rates/1", .duplicateRate),
      (
        twoRates(#""aliases": ["x"],"#, #""model": "n", "prefixes": ["y", "x"],"#), "/rates/1/prefixes/1",
        .claimedTwice(name("x"))
      ),
      (#"{"id": "c", "providerAliases": {"": "p"}, "rates": []}"#, "/providerAliases/", .identifier(.empty)),
      (
        #"{"id": "c", "providerAliases": {"a": 1}, "rates": []}"#, "/providerAliases/a",
        .shape(expected: .kind(.string), found: .number)
      ),
      (rate(#""prompt": 1"#, model: String(repeating: "m", count: 255)), "/rates/0", .rateName),
    ] as [(String, String, RateCardError.Reason?)])
  func faults(json: String, path: String, reason: RateCardError.Reason?) throws {
    let reason = try #require(reason)
    #expect(throws: RateCardError(path: path, reason: reason)) { try RateCard(json: Array(json.utf8)) }
  }

  @Test("are refused with an effective date that is no instant")
  func noInstant() throws {
    let json = Self.rate(#""prompt": 1"#, more: #""validFrom": "2026-02-30T00:00:00Z","#)
    let error = try #require(throws: RateCardError.self) { try RateCard(json: Array(json.utf8)) }
    #expect(error.path == "/rates/0/validFrom")
    #expect("\(error.reason)".contains("noSuchInstant"))
  }

  private static func rate(_ prices: String, more: String = "", model: String = "m") -> String {
    #"{"id": "c", "rates": [{"provider": "p", "model": "\#(model)", \#(more) "prices": [{\#(prices)}]}]}"#
  }

  private static func twoRates(_ first: String, _ second: String) -> String {
    let model = { (more: String) in more.contains("model") ? "" : #""model": "m","# }
    return #"{"id": "c", "rates": [{"provider": "p", \#(model(first)) \#(first) "prices": [{"prompt": 1}]}, "#
      + #"{"provider": "p", \#(model(second)) \#(second) "prices": [{"prompt": 1}]}]}"#
  }

  private static func name(_ text: String) -> ModelName {
    guard let name = try? ModelName(text) else { preconditionFailure("not a name: \(text)") }
    return name
  }
}
