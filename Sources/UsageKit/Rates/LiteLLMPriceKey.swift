/// What a member of a model in LiteLLM's price file is the price of: a class of tokens, a size of prompt, a service tier.
struct LiteLLMPriceKey: Hashable {
  enum TokenClass: String, CaseIterable {
    case prompt = "input_cost_per_token"
    case completion = "output_cost_per_token"
    case cachedPrompt = "cache_read_input_token_cost"
    case cacheWritePrompt = "cache_creation_input_token_cost"
  }

  let tokenClass: TokenClass
  /// The prompt has more tokens than this; nil without a threshold.
  let promptAbove: Int64?
  /// The suffix: `batches`, `priority`, `flex`, …; nil for the standard tier.
  let serviceTier: String?

  init(tokenClass: TokenClass, promptAbove: Int64?, serviceTier: String?) {
    self.tokenClass = tokenClass
    self.promptAbove = promptAbove
    self.serviceTier = serviceTier
  }

  /// Reads the name of a member: a class, then `_above_128k_tokens` (or `_above_128000_tokens`) and `_priority`, either,
  /// both or none of them. Anything else (prices by image, second, hour of cache life …) gives nil.
  init?(_ name: String) {
    guard let tokenClass = TokenClass.allCases.first(where: { name.hasPrefix($0.rawValue) }) else { return nil }
    var parts = name.dropFirst(tokenClass.rawValue.count).split(separator: "_", omittingEmptySubsequences: false)[...]
    guard parts.popFirst() == "" else { return nil }
    var promptAbove: Int64?
    var serviceTier: String?
    while let part = parts.popFirst() {
      if part == "above", promptAbove == nil, let number = parts.popFirst(), parts.popFirst() == "tokens",
        let threshold = Self.threshold(number)
      {
        promptAbove = threshold
      } else if serviceTier == nil, part != "above", part != "cache", !part.isEmpty,
        part.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
      {
        serviceTier = String(part)
      } else {
        return nil
      }
    }
    self.init(tokenClass: tokenClass, promptAbove: promptAbove, serviceTier: serviceTier)
  }

  private static func threshold(_ text: Substring) -> Int64? {
    let isThousands = text.hasSuffix("k")
    guard let number = Int64(isThousands ? text.dropLast() : text), number >= 0 else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: isThousands ? 1_000 : 1)
    return overflow ? nil : product
  }
}
