internal import SaaSCore

/// The prices of one model of LiteLLM's file, and the tiers that they come to.
struct LiteLLMPriceTable {
  let missingCachePrices: LiteLLMPrices.MissingCachePrices
  private var prices: [LiteLLMPriceKey: TokenPrice] = [:]
  private var spans: [(promptAbove: Int64, prices: [LiteLLMPriceKey: TokenPrice])] = []

  init(missingCachePrices: LiteLLMPrices.MissingCachePrices) { self.missingCachePrices = missingCachePrices }

  /// Reads a model's members, and gives the names of those that should be prices and are not.
  mutating func read(_ model: JSONValue) -> [String] {
    var faults: [String] = []
    prices = Self.prices(of: model, faults: &faults)
    // Prices by spans of the prompt's size, in the place of flat ones; the first span has the base prices.
    guard let list = model["tiered_pricing"] else { return faults }
    for span in list.elements {
      // Spans of something else, such as search results, have no range of tokens.
      guard let range = span["range"] else { continue }
      guard let first = range.elements.first?.decimalText,
        let start = (try? DecimalText.scaled(first, places: 0)).flatMap({ Int64(exactly: $0) }), start >= 0
      else {
        faults.append("tiered_pricing")
        continue
      }
      spans.append((start, Self.prices(of: span, faults: &faults)))
    }
    return faults
  }

  private static func prices(of object: JSONValue, faults: inout [String]) -> [LiteLLMPriceKey: TokenPrice] {
    var prices: [LiteLLMPriceKey: TokenPrice] = [:]
    for member in object.members {
      let name = member.name
      guard let key = LiteLLMPriceKey(name), !member.value.isNull else { continue }
      guard let text = member.value.decimalText ?? member.value.string, let price = try? TokenPrice(decimal: text)
      else {
        faults.append(name)
        continue
      }
      prices[key] = price
    }
    return prices
  }

  /// The prices by service tier and size of prompt, each with what it takes from others.
  var tiers: [ModelRate.Tier] {
    let names = Set(prices.keys.compactMap(\.serviceTier)).sorted()
    return names.reduce(into: tiers(of: nil, as: nil)) { tiers, name in
      guard let tier = try? ServiceTier(name) else { return }
      tiers += self.tiers(of: name, as: tier)
    }
  }

  private func tiers(of name: String?, as serviceTier: ServiceTier?) -> [ModelRate.Tier] {
    let thresholds = Set(
      prices.keys.filter { $0.serviceTier == name || $0.serviceTier == nil }.compactMap(\.promptAbove)
        + (name == nil ? spans.map(\.promptAbove).filter { $0 > 0 } : [])
    ).sorted()
    var reached: [Int64] = []
    var tiers: [ModelRate.Tier] = []
    for threshold in [nil] + thresholds.map(Optional.some) {
      if let threshold { reached.insert(threshold, at: 0) }
      func price(_ tokenClass: LiteLLMPriceKey.TokenClass) -> TokenPrice? {
        self.price(tokenClass, of: name, above: reached)
      }
      func part(_ tokenClass: LiteLLMPriceKey.TokenClass) -> TokenPrices.PartPrice? {
        price(tokenClass).map(TokenPrices.PartPrice.price) ?? (missingCachePrices == .asPrompt ? .asPrompt : nil)
      }
      tiers.append(
        ModelRate.Tier(
          serviceTier: serviceTier, promptAbove: threshold,
          prices: TokenPrices(
            prompt: price(.prompt), cachedPrompt: part(.cachedPrompt), cacheWritePrompt: part(.cacheWritePrompt),
            completion: price(.completion))))
    }
    return tiers
  }

  /// The price of a class: the first that there is, in LiteLLM's order.
  /// - Parameter reached: the thresholds that the prompt is above, the highest first.
  private func price(
    _ tokenClass: LiteLLMPriceKey.TokenClass, of name: String?, above reached: [Int64]
  ) -> TokenPrice? {
    func stored(_ name: String?, _ threshold: Int64?) -> TokenPrice? {
      prices[LiteLLMPriceKey(tokenClass: tokenClass, promptAbove: threshold, serviceTier: name)]
    }
    func standard() -> TokenPrice? {
      let span = spans.last { span in span.promptAbove == 0 || reached.contains(span.promptAbove) }
      let key = LiteLLMPriceKey(tokenClass: tokenClass, promptAbove: nil, serviceTier: nil)
      if let price = span?.prices[key] { return price }
      return reached.lazy.compactMap { stored(nil, $0) }.first ?? stored(nil, nil)
    }
    guard let name else { return standard() }
    if name == "batches" {
      return reached.lazy.compactMap { stored(name, $0) }.first ?? stored(name, nil) ?? standard()
    }
    return reached.lazy.compactMap { stored(name, $0) ?? stored(nil, $0) }.first ?? stored(name, nil) ?? standard()
  }
}
