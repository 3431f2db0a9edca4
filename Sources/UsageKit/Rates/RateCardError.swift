public import SaaSCore

/// Why a rate card cannot be used, and where in it the fault is.
public struct RateCardError: Error, Sendable, Equatable {
  /// The place as a JSON Pointer (RFC 6901): `/rates/2/prices/0/prompt`; empty for the whole card.
  public let path: String
  /// What is wrong there.
  public let reason: Reason

  /// A fault at a place.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// What is wrong with a rate card.
  public enum Reason: Sendable, Equatable {
    /// The bytes are not JSON.
    case json(JSONError)
    /// The value should be something else.
    case shape(expected: JSONShapeError.Expectation, found: JSONValue.Kind)
    /// There is no such member in a rate card; it may be misspelt.
    case unknownMember(String)
    /// The word is not one of these.
    case unknownWord(String, allowed: [String])
    /// The text is not a name.
    case identifier(IdentifierError)
    /// The text is not the price of a token.
    case price(TokenPriceError)
    /// The text is not an instant.
    case instant(TimestampError)
    /// The number of tokens is below zero.
    case negativeThreshold(Int64)
    /// The same model has two rates from the same instant on.
    case duplicateRate
    /// Two models of one provider claim the same alias or prefix.
    case claimedTwice(ModelName)
    /// One service tier has two prices for the same size of prompt.
    case duplicateTier
    /// A service tier has no prices for small prompts; nil is the standard tier.
    case noBasePrices(ServiceTier?)
    /// Card, provider and model together are too long for, or the same as another, ``RateID``.
    case rateName
  }
}

extension RateCardError {
  init(_ error: JSONShapeError) {
    self.init(path: error.path, reason: .shape(expected: error.expected, found: error.found))
  }
}
