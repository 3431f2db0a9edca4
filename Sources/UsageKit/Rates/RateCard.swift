public import SaaSCore

/// Names a rate card, by version or date for example.
public struct RateCardID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// The prices of models, by which events get their cost.
///
/// A model is looked up by provider and name at the event's instant: the exact name (also behind the provider's own name
/// and a slash), then an alias, then the longest declared prefix, each among the rates that hold at that instant. Within
/// the rate, the service tier and the size of the whole prompt choose the prices. The names `standard` and `default` mean
/// the standard service tier.
///
/// The exact cost is rounded once, half-even, to pico-dollars. An event is partly unpriced where a class of tokens that it
/// used has no price, and unpriced where none of them has, or where there is no rate.
///
/// Read one from a file with ``init(json:)``, or from LiteLLM's price file with ``LiteLLMPrices``; put several together
/// by their ``rates``.
public struct RateCard: EventPricing {
  /// The card's name, with which every ``RateID`` begins.
  public let id: RateCardID
  /// The rates, in the order in which they were given.
  public let rates: [ModelRate]
  /// Other names of providers.
  public let providerAliases: [ProviderName: ProviderName]
  /// Other names of service tiers.
  public let serviceTierAliases: [ServiceTier: ServiceTier]

  private let index: RateIndex

  /// A card of rates.
  /// - Throws: ``RateCardError``, whose path counts the rates from 0.
  /// - Complexity: O(*n* log *n*) in the number of rates
  public init(
    id: RateCardID, rates: [ModelRate], providerAliases: [ProviderName: ProviderName] = [:],
    serviceTierAliases: [ServiceTier: ServiceTier] = [:]
  ) throws(RateCardError) {
    self.id = id
    self.rates = rates
    self.providerAliases = providerAliases
    self.serviceTierAliases = serviceTierAliases
    index = try RateIndex(card: id, rates: rates)
  }

  /// The cost of an event by the prices that hold at its instant.
  /// - Throws: ``UsageValueError/costTooLarge`` where the exact cost is beyond ``PicoUSD``.
  /// - Complexity: O(1) for whole names, and O(*l*) for names by prefix, in the number of lengths that the provider's
  ///   prefixes have; nothing is parsed.
  public func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost {
    try cost(
      provider: event.provider, model: event.model, tokens: event.tokens, serviceTier: event.serviceTier,
      at: event.createdAt)
  }

  /// The cost of some tokens of a model at an instant.
  /// - Throws: ``UsageValueError/costTooLarge`` where the exact cost is beyond ``PicoUSD``.
  public func cost(
    provider: ProviderName, model: ModelName, tokens: TokenCounts, serviceTier: ServiceTier? = nil,
    at instant: Timestamp
  ) throws(UsageValueError) -> EventCost {
    let provider = providerAliases.isEmpty ? provider : providerAliases[provider] ?? provider
    let tier = serviceTier.flatMap { name -> ServiceTier? in
      let name = serviceTierAliases[name] ?? name
      return Self.standardTierNames.contains(name.text) ? nil : name
    }
    guard let rate = index.rate(provider: provider, model: model, at: instant),
      let prices = rate.prices(serviceTier: tier, prompt: tokens.prompt)
    else { return .unpriced }
    let tally = try prices.prices.tally(tokens)
    if !tally.hasUnpriced { return .priced(try tally.rounded(), rate: prices.id) }
    return tally.hasPriced ? .partlyPriced(try tally.rounded(), rate: prices.id) : .unpriced
  }

  private static let standardTierNames = Set(["standard", "default"].compactMap { InlineText($0) })

  /// The rate and the prices in it that a cost was worked out by, or nil where the name is not of this card.
  public func use(_ id: RateID) -> RateUse? { index.uses[id] }
}

extension RateCard: CustomStringConvertible {
  /// The card's name and how many rates it has.
  public var description: String { "rate card \(id) of \(rates.count) rates" }
}

/// Which prices of which rate a cost was worked out by.
public struct RateUse: Sendable, Hashable {
  /// The rate: provider, model, and from when on it holds.
  public let rate: ModelRate
  /// The service tier, the size of prompt, and the prices.
  public let tier: ModelRate.Tier

  /// Some prices of a rate.
  public init(rate: ModelRate, tier: ModelRate.Tier) {
    self.rate = rate
    self.tier = tier
  }
}
