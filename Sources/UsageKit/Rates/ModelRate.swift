public import SaaSCore

/// The prices of one model of one provider from an instant on.
public struct ModelRate: Sendable, Hashable {
  /// Who runs the model.
  public let provider: ProviderName
  /// The model.
  public let model: ModelName
  /// Other whole names of the model.
  public let aliases: [ModelName]
  /// Beginnings of names that are priced as this model where neither the whole name nor a longer beginning is declared.
  public let prefixes: [ModelName]
  /// The first instant at which the prices hold, until a later rate of the same model; nil where they always have.
  public let validFrom: Timestamp?
  /// What an event of a service tier without prices of its own costs.
  public let otherServiceTiers: OtherServiceTiers
  /// The prices by service tier and size of the prompt.
  public let prices: [Tier]

  /// What an event costs whose service tier has no prices.
  public enum OtherServiceTiers: String, Sendable, Hashable, CaseIterable {
    /// Nothing is known about it.
    case unpriced
    /// As much as in the standard tier.
    case asStandard = "standard"
  }

  /// The prices of one service tier, for prompts of one size.
  public struct Tier: Sendable, Hashable {
    /// The service tier; nil for the standard one.
    public let serviceTier: ServiceTier?
    /// The prices hold for the whole of a request whose prompt has *more* tokens than this, up to the next higher number
    /// of the same service tier; nil where they hold for every prompt that no number covers.
    public let promptAbove: Int64?
    /// The prices.
    public let prices: TokenPrices

    /// Prices of a service tier and a size of prompt.
    public init(serviceTier: ServiceTier? = nil, promptAbove: Int64? = nil, prices: TokenPrices) {
      self.serviceTier = serviceTier
      self.promptAbove = promptAbove
      self.prices = prices
    }
  }

  /// The prices of a model from an instant on; ``RateCard`` checks them.
  public init(
    provider: ProviderName, model: ModelName, aliases: [ModelName] = [], prefixes: [ModelName] = [],
    validFrom: Timestamp? = nil, otherServiceTiers: OtherServiceTiers = .unpriced, prices: [Tier]
  ) {
    self.provider = provider
    self.model = model
    self.aliases = aliases
    self.prefixes = prefixes
    self.validFrom = validFrom
    self.otherServiceTiers = otherServiceTiers
    self.prices = prices
  }
}
