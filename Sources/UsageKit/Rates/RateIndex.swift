internal import SaaSCore

/// A card's rates, checked and laid out for look-up.
struct RateIndex: Sendable {
  private var models: [ModelKey: [CompiledRate]] = [:]
  private var aliases: [ModelKey: [CompiledRate]] = [:]
  private var prefixes: [ModelKey: [CompiledRate]] = [:]
  /// The lengths of each provider's prefixes in bytes, the longest first.
  private var prefixLengths: [ProviderName: [Int]] = [:]
  private(set) var uses: [RateID: RateUse] = [:]

  init(card: RateCardID, rates: [ModelRate]) throws(RateCardError) {
    var owners: [ModelKey: ModelName] = [:]
    models.reserveCapacity(rates.count)
    uses.reserveCapacity(rates.count)
    for (position, rate) in rates.enumerated() {
      let path = "/rates/\(position)"
      let compiled = try CompiledRate(rate, card: card, path: path)
      for (tier, source) in zip(compiled.tiers, compiled.sources) {
        guard uses.updateValue(RateUse(rate: rate, tier: source), forKey: tier.id) == nil else {
          let isRepeated = models[ModelKey(provider: rate.provider, model: rate.model)]?.contains {
            $0.validFrom == compiled.validFrom
          }
          throw RateCardError(path: path, reason: isRepeated == true ? .duplicateRate : .rateName)
        }
      }
      for (names, member) in [(rate.aliases, "aliases"), (rate.prefixes, "prefixes")] {
        for (number, name) in names.enumerated() {
          let key = ModelKey(provider: rate.provider, model: name)
          // A prefix may be spelt as an alias of the same model, but never claimed by two.
          if let owner = owners.updateValue(rate.model, forKey: key), owner != rate.model {
            throw RateCardError(path: "\(path)/\(member)/\(number)", reason: .claimedTwice(name))
          }
          if member == "aliases" {
            aliases[key, default: []].append(compiled)
          } else {
            prefixes[key, default: []].append(compiled)
            if prefixLengths[rate.provider]?.contains(name.text.count) != true {
              prefixLengths[rate.provider, default: []].append(name.text.count)
            }
          }
        }
      }
      models[ModelKey(provider: rate.provider, model: rate.model), default: []].append(compiled)
    }
    for key in prefixLengths.keys { prefixLengths[key]?.sort(by: >) }
    // The latest first, so that the first one that has begun is the one that holds.
    for key in models.keys { models[key]?.sort { $0.validFrom > $1.validFrom } }
    for key in aliases.keys { aliases[key]?.sort { $0.validFrom > $1.validFrom } }
    for key in prefixes.keys { prefixes[key]?.sort { $0.validFrom > $1.validFrom } }
  }

  /// The rate that holds for a model at an instant.
  func rate(provider: ProviderName, model: ModelName, at instant: Timestamp) -> CompiledRate? {
    if let rate = Self.holding(models[ModelKey(provider: provider, model: model)], at: instant) { return rate }
    if let bare = Self.droppingProvider(provider, from: model),
      let rate = Self.holding(models[ModelKey(provider: provider, model: bare)], at: instant)
    {
      return rate
    }
    if let rate = Self.holding(aliases[ModelKey(provider: provider, model: model)], at: instant) { return rate }
    guard let lengths = prefixLengths[provider] else { return nil }
    let bytes = model.text.bytes
    for length in lengths where length <= bytes.count {
      guard let prefix = ModelName(trusting: bytes.prefix(length)) else { continue }
      if let rate = Self.holding(prefixes[ModelKey(provider: provider, model: prefix)], at: instant) { return rate }
    }
    return nil
  }

  private static func holding(_ versions: [CompiledRate]?, at instant: Timestamp) -> CompiledRate? {
    versions?.first { $0.validFrom <= instant }
  }

  private static func droppingProvider(_ provider: ProviderName, from model: ModelName) -> ModelName? {
    let length = provider.text.count
    guard model.text.byte(at: length) == UInt8(ascii: "/") else { return nil }
    let bytes = model.text.bytes
    guard bytes.prefix(length).elementsEqual(provider.text.bytes) else { return nil }
    return ModelName(trusting: bytes.dropFirst(length + 1))
  }
}

/// One rate with its prices sorted and named.
struct CompiledRate: Sendable {
  let validFrom: Timestamp
  let otherServiceTiers: ModelRate.OtherServiceTiers
  /// For each service tier, the highest threshold first.
  let tiers: [CompiledTier]
  /// Where each of the tiers comes from.
  let sources: [ModelRate.Tier]

  init(_ rate: ModelRate, card: RateCardID, path: String) throws(RateCardError) {
    validFrom = rate.validFrom ?? .distantPast
    otherServiceTiers = rate.otherServiceTiers
    var seen: Set<TierKey> = []
    for (number, tier) in rate.prices.enumerated() {
      let place = "\(path)/prices/\(number)"
      if let threshold = tier.promptAbove, threshold < 0 {
        throw RateCardError(path: "\(place)/promptAbove", reason: .negativeThreshold(threshold))
      }
      guard seen.insert(TierKey(tier)).inserted else { throw RateCardError(path: place, reason: .duplicateTier) }
    }
    for tier in rate.prices where !seen.contains(TierKey(serviceTier: tier.serviceTier, promptAbove: nil)) {
      throw RateCardError(path: "\(path)/prices", reason: .noBasePrices(tier.serviceTier))
    }
    guard !rate.prices.isEmpty else { throw RateCardError(path: "\(path)/prices", reason: .noBasePrices(nil)) }
    sources = rate.prices.sorted { ($0.promptAbove ?? -1) > ($1.promptAbove ?? -1) }
    var tiers: [CompiledTier] = []
    for source in sources {
      guard let id = RateID(card: card, rate: rate, tier: source) else {
        throw RateCardError(path: path, reason: .rateName)
      }
      tiers.append(
        CompiledTier(
          serviceTier: source.serviceTier, promptAbove: source.promptAbove ?? -1, prices: source.prices, id: id))
    }
    self.tiers = tiers
  }

  /// The prices for a service tier and a size of prompt.
  func prices(serviceTier: ServiceTier?, prompt: Int64) -> CompiledTier? {
    if let tier = tiers.first(where: { $0.serviceTier == serviceTier && prompt > $0.promptAbove }) { return tier }
    guard serviceTier != nil, otherServiceTiers == .asStandard else { return nil }
    return prices(serviceTier: nil, prompt: prompt)
  }

  private struct TierKey: Hashable {
    let serviceTier: ServiceTier?
    let promptAbove: Int64?

    init(serviceTier: ServiceTier?, promptAbove: Int64?) {
      self.serviceTier = serviceTier
      self.promptAbove = promptAbove
    }

    init(_ tier: ModelRate.Tier) { self.init(serviceTier: tier.serviceTier, promptAbove: tier.promptAbove) }
  }
}

/// The prices of one service tier and size of prompt, with their name.
struct CompiledTier: Sendable {
  let serviceTier: ServiceTier?
  /// −1 for the base prices, so that an empty prompt is above it.
  let promptAbove: Int64
  let prices: TokenPrices
  let id: RateID
}

extension RateID {
  /// `card/provider/model@2026-05-01T00:00:00Z:tier>128000`, the parts that are not there left out, or nil where that is
  /// over 255 bytes.
  fileprivate init?(card: RateCardID, rate: ModelRate, tier: ModelRate.Tier) {
    var text = "\(card)/\(rate.provider)/\(rate.model)"
    if let validFrom = rate.validFrom { text += "@\(validFrom)" }
    if let serviceTier = tier.serviceTier { text += ":\(serviceTier)" }
    if let promptAbove = tier.promptAbove { text += ">\(promptAbove)" }
    guard let id = try? RateID(text) else { return nil }
    self = id
  }
}

extension ModelName {
  /// A part of a name that was checked; nil where it is empty.
  fileprivate init?(trusting bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty, let text = InlineText(utf8: bytes.span) else { return nil }
    self.init(validated: ValidIdentifierText(trusted: text))
  }
}
