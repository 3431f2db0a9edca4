/// An amount of money as a payment provider counts it: whole minor units (cents, yen) of a currency.
public struct ProviderAmount: Sendable, Hashable, Codable {
  /// The number of minor units; negative for credits.
  public let minorUnits: Int64
  /// The currency's ISO 4217 code in lower case, as providers write it.
  public let currency: String

  /// That many minor units of a currency.
  public init(minorUnits: Int64, currency: String) {
    self.minorUnits = minorUnits
    self.currency = currency
  }
}
