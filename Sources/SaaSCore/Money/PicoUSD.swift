/// The estimated cost of one event: whole pico-dollars (10^-12 USD), from -9 223 372 to 9 223 372 USD and some cents.
///
/// One event's exact cost is rounded to it once, half-even, when the event is recorded; from there sums are exact. Add
/// many of them in a ``CostSum``.
public struct PicoUSD: Sendable, Hashable, Comparable {
  /// The number of pico-dollars.
  public let picos: Int64

  /// That many pico-dollars.
  public init(picos: Int64) { self.picos = picos }

  /// Nothing; a price of zero, which is not the same as no price.
  public static let zero = PicoUSD(picos: 0)

  /// Reads a decimal number of dollars with at most twelve decimal places.
  /// - Throws: ``DecimalTextError``
  public init(decimal text: String) throws(DecimalTextError) {
    let value = try DecimalText.scaled(text, places: 12)
    guard let picos = Int64(exactly: value) else { throw .outOfRange }
    self.picos = picos
  }

  /// The exact number of dollars as plain decimal text: `0.0000125`.
  public var decimalText: String { DecimalText.text(Int128(picos), places: 12) }

  /// The sum with another cost.
  /// - Throws: ``MoneyError/overflow``
  public func adding(_ other: PicoUSD) throws(MoneyError) -> PicoUSD {
    let (sum, overflow) = picos.addingReportingOverflow(other.picos)
    if overflow { throw .overflow }
    return PicoUSD(picos: sum)
  }

  /// The difference from another cost.
  /// - Throws: ``MoneyError/overflow``
  public func subtracting(_ other: PicoUSD) throws(MoneyError) -> PicoUSD {
    let (difference, overflow) = picos.subtractingReportingOverflow(other.picos)
    if overflow { throw .overflow }
    return PicoUSD(picos: difference)
  }

  public static func < (left: PicoUSD, right: PicoUSD) -> Bool { left.picos < right.picos }
}

extension PicoUSD: CustomStringConvertible {
  /// The cost as ``decimalText`` has it, with its unit.
  public var description: String { "\(decimalText) USD" }
}

extension PicoUSD: Codable {
  /// Reads the text of ``init(decimal:)``.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not a cost in dollars") { text in try Self(decimal: text) }
  }

  /// Writes the text of ``decimalText``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(decimalText)
  }
}

/// Why an amount could not be computed.
public enum MoneyError: Error, Sendable, Hashable {
  /// The result is beyond the range of its type.
  case overflow
  /// Two amounts of different currencies do not add up.
  case differentCurrencies(CurrencyCode, CurrencyCode)
}
