/// A cost rounded to four decimals, half-even: what is shown, and what a ledger row stores.
///
/// Rounded values are for reading; they are never added up. It holds some 922 million million dollars either way, and a
/// cost beyond stays at the end of the range.
public struct RoundedUSD: Sendable, Hashable, Comparable {
  /// The number of ten-thousandths of a dollar.
  public let tenThousandths: Int64

  /// That many ten-thousandths of a dollar, as a store kept them.
  public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

  /// A sum rounded half-even, once.
  public init(_ sum: CostSum) {
    tenThousandths = Int64(clamping: sum.totalPicos.dividedHalfEven(by: 100_000_000))
  }

  /// Nothing, or less than half of a ten-thousandth.
  public static let zero = RoundedUSD(tenThousandths: 0)

  /// Reads a decimal number of dollars with at most four decimal places.
  /// - Throws: ``DecimalTextError``
  public init(decimal text: String) throws(DecimalTextError) {
    let value = try DecimalText.scaled(text, places: 4)
    guard let tenThousandths = Int64(exactly: value) else { throw .outOfRange }
    self.tenThousandths = tenThousandths
  }

  /// The number of dollars as plain decimal text with four decimals: `12.3400`.
  public var decimalText: String { DecimalText.text(Int128(tenThousandths), places: 4, minimumPlaces: 4) }

  public static func < (left: RoundedUSD, right: RoundedUSD) -> Bool { left.tenThousandths < right.tenThousandths }
}

extension RoundedUSD: CustomStringConvertible {
  /// The cost as ``decimalText`` has it, with its unit.
  public var description: String { "\(decimalText) USD" }
}

extension RoundedUSD: Codable {
  /// Reads the text of ``init(decimal:)``.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not a rounded cost") { text in try Self(decimal: text) }
  }

  /// Writes the text of ``decimalText``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(decimalText)
  }
}
