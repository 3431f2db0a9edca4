public import SaaSCore

/// Names the rate by which an event was priced: which card, which entry, which version; the rate card says how.
public struct RateID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// What one event cost by estimate, and how far its price is known. It is worked out once, when the event is recorded.
public enum EventCost: Sendable, Hashable {
  /// Every token that was used has a price.
  case priced(PicoUSD, rate: RateID)
  /// The rate has no price for a class of tokens that was used; the amount is that of the others.
  case partlyPriced(PicoUSD, rate: RateID)
  /// There is no rate for the model at that instant: no cost, which is not a cost of zero.
  case unpriced

  /// The known amount, or nil where there is none.
  public var amount: PicoUSD? {
    switch self {
    case .priced(let amount, _), .partlyPriced(let amount, _): amount
    case .unpriced: nil
    }
  }

  /// The rate that was used, or nil where there is none.
  public var rate: RateID? {
    switch self {
    case .priced(_, let rate), .partlyPriced(_, let rate): rate
    case .unpriced: nil
    }
  }

  /// How far the price is known, without the amount.
  public var pricing: Pricing {
    switch self {
    case .priced: .priced
    case .partlyPriced: .partlyPriced
    case .unpriced: .unpriced
    }
  }

  /// How far the price of an event is known.
  public enum Pricing: String, Sendable, Hashable, Codable, CaseIterable {
    /// Every token that was used has a price.
    case priced
    /// A class of tokens that was used has no price.
    case partlyPriced
    /// The model has no price.
    case unpriced
  }
}

/// Gives an event its cost; a rate card is one.
public protocol EventPricing: Sendable {
  /// The cost of an event by the prices that hold at its ``UsageEvent/createdAt``; pure.
  /// - Throws: ``UsageValueError/costTooLarge`` where the exact cost is beyond ``PicoUSD``, and nothing else; such an event
  ///   is refused, because any cost that it could be recorded with would be wrong.
  func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost
}
