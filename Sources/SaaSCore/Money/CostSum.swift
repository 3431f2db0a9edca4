public import struct Foundation.Decimal

/// The exact sum of many costs: 128-bit pico-dollars, so that no number of events loses a digit.
///
/// It holds up to 2^63 whole dollars either way, which a million million of the dearest possible events would not pass;
/// a sum beyond stays at the end of the range. It is split into two Int64 columns, ``wholeDollars`` and ``picos``, where
/// a store has no wider integer; both columns can be summed by themselves.
public struct CostSum: Sendable, Hashable, Comparable {
  /// The number of pico-dollars (10^-12 USD).
  public let totalPicos: Int128

  /// Pico-dollars in one dollar.
  public static let picosPerDollar: Int64 = 1_000_000_000_000

  private static let upperBound = (Int128(Int64.max) + 1) * Int128(picosPerDollar) - 1
  private static let lowerBound = Int128(Int64.min) * Int128(picosPerDollar)

  /// That many pico-dollars, or the end of the range where they lie beyond.
  public init(totalPicos: Int128) {
    self.totalPicos = min(max(totalPicos, Self.lowerBound), Self.upperBound)
  }

  /// The cost of one event.
  @inlinable
  public init(_ cost: PicoUSD) { self.init(unchecked: Int128(cost.picos)) }

  /// That many pico-dollars, which lie within the range.
  @inlinable
  init(unchecked totalPicos: Int128) { self.totalPicos = totalPicos }

  /// The sum of two columns as ``wholeDollars`` and ``picos`` split it, or as the sums of such columns.
  public init(wholeDollars: Int64, picos: Int64) {
    self.init(totalPicos: Int128(wholeDollars) * Int128(Self.picosPerDollar) + Int128(picos))
  }

  /// Reads a decimal number of dollars with at most twelve decimal places.
  /// - Throws: ``DecimalTextError``
  public init(decimal text: String) throws(DecimalTextError) {
    let value = try DecimalText.scaled(text, places: 12)
    guard value >= Self.lowerBound, value <= Self.upperBound else { throw .outOfRange }
    totalPicos = value
  }

  /// Nothing.
  @inlinable
  public static var zero: CostSum { CostSum(unchecked: 0) }

  /// The dollars of the sum, towards negative infinity: the high column.
  public var wholeDollars: Int64 { Int64(clamping: split.quotient) }
  /// What the whole dollars leave, from 0 up to but not including 10^12 pico-dollars: the low column.
  public var picos: Int64 { Int64(clamping: split.remainder) }

  private var split: (quotient: Int128, remainder: Int128) {
    totalPicos.flooredDivision(by: Int128(Self.picosPerDollar))
  }

  /// The exact number of dollars as plain decimal text, without exponent or needless zeros: `12.5000003`.
  public var decimalText: String { DecimalText.text(totalPicos, places: 12) }

  /// The exact number of dollars.
  public var decimal: Decimal {
    Decimal(wholeDollars) + Decimal(sign: .plus, exponent: -12, significand: Decimal(picos))
  }

  /// The sum rounded to four decimals, half-even, as it is shown and stored in a ledger row.
  public var rounded: RoundedUSD { RoundedUSD(self) }

  /// The exact sum, at the end of the range where it lies beyond.
  public static func + (left: CostSum, right: CostSum) -> CostSum {
    // The bounds are far within Int128, so that neither operator can overflow.
    CostSum(totalPicos: left.totalPicos + right.totalPicos)
  }

  /// The exact difference, at the end of the range where it lies beyond.
  public static func - (left: CostSum, right: CostSum) -> CostSum {
    CostSum(totalPicos: left.totalPicos - right.totalPicos)
  }

  /// The exact sum with one event's cost.
  public static func + (left: CostSum, right: PicoUSD) -> CostSum { left + CostSum(right) }
  /// The exact difference from one event's cost.
  public static func - (left: CostSum, right: PicoUSD) -> CostSum { left - CostSum(right) }
  /// Adds a sum.
  @inlinable @inline(__always)
  public static func += (left: inout CostSum, right: CostSum) {
    let sum = left.totalPicos &+ right.totalPicos
    // Below 2^102 either way no sum is near the end of the range, which lies beyond 2^102.
    let high = Int64(truncatingIfNeeded: sum >> 64)
    if high.magnitude < 1 << 38 { left = CostSum(unchecked: sum) } else { left = left + right }
  }
  /// Adds one event's cost.
  public static func += (left: inout CostSum, right: PicoUSD) { left = left + right }
  /// Takes a sum away.
  public static func -= (left: inout CostSum, right: CostSum) { left = left - right }
  /// Takes one event's cost away.
  public static func -= (left: inout CostSum, right: PicoUSD) { left = left - right }

  public static func < (left: CostSum, right: CostSum) -> Bool { left.totalPicos < right.totalPicos }
}

extension CostSum: CustomStringConvertible {
  /// The sum as ``decimalText`` has it, with its unit.
  public var description: String { "\(decimalText) USD" }
}

extension CostSum: Codable {
  /// Reads the text of ``init(decimal:)``.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not a sum in dollars") { text in try Self(decimal: text) }
  }

  /// Writes the text of ``decimalText``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(decimalText)
  }
}
