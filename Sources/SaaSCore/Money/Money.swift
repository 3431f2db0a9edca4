/// An amount as a payment provider has it: whole minor units (cents, say) of a currency.
public struct Money: Sendable, Hashable, Codable {
  /// The amount in the currency's minor unit; negative for a credit.
  public let minorUnits: Int64
  /// The currency.
  public let currency: CurrencyCode

  /// That many minor units of a currency.
  public init(minorUnits: Int64, currency: CurrencyCode) {
    self.minorUnits = minorUnits
    self.currency = currency
  }

  /// The sum with another amount of the same currency.
  /// - Throws: ``MoneyError``
  public func adding(_ other: Money) throws(MoneyError) -> Money {
    try requireSameCurrency(as: other)
    let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
    if overflow { throw .overflow }
    return Money(minorUnits: sum, currency: currency)
  }

  /// The difference from another amount of the same currency.
  /// - Throws: ``MoneyError``
  public func subtracting(_ other: Money) throws(MoneyError) -> Money {
    try requireSameCurrency(as: other)
    let (difference, overflow) = minorUnits.subtractingReportingOverflow(other.minorUnits)
    if overflow { throw .overflow }
    return Money(minorUnits: difference, currency: currency)
  }

  /// The amount times a whole number, as for seats.
  /// - Throws: ``MoneyError/overflow``
  public func multiplied(by count: Int64) throws(MoneyError) -> Money {
    let (product, overflow) = minorUnits.multipliedReportingOverflow(by: count)
    if overflow { throw .overflow }
    return Money(minorUnits: product, currency: currency)
  }

  /// The amount in the currency's major unit as plain decimal text: `12.30`.
  public var decimalText: String {
    let places = currency.fractionDigits
    return DecimalText.text(Int128(minorUnits), places: places, minimumPlaces: places)
  }

  private func requireSameCurrency(as other: Money) throws(MoneyError) {
    guard currency == other.currency else { throw .differentCurrencies(currency, other.currency) }
  }
}

extension Money: CustomStringConvertible {
  /// The amount as ``decimalText`` has it, with its currency: `12.30 USD`.
  public var description: String { "\(decimalText) \(currency)" }
}
