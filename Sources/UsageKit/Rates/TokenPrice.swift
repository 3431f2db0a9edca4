public import SaaSCore

/// What one token costs: dollars with every digit that was given, up to 30 decimal places.
///
/// It is never negative, and at most 9 223 372 dollars. Zero is a price (a model that is free); no price is a
/// `TokenPrice?` without a value.
public struct TokenPrice: Sendable, Hashable {
  /// Whole pico-dollars (10^-12) per token.
  let picos: Int64
  /// What is left, in 10^-30 dollars per token; less than ``restPerPico``.
  let rest: UInt64

  /// How many 10^-30 dollars make a pico-dollar.
  static let restPerPico: UInt64 = 1_000_000_000_000_000_000

  /// How many tokens a written price is for.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// The price of one token.
    case token
    /// The price of a million tokens, as providers publish it.
    case millionTokens

    /// The most decimal places that a price in this unit may have, so that the price of one token has 30.
    public var decimalPlaces: Int {
      switch self {
      case .token: 30
      case .millionTokens: 24
      }
    }
  }

  /// Reads a price from decimal text, `0.0000025` or `2.5e-06`; the whole text must be a JSON number.
  /// - Throws: ``TokenPriceError``
  public init(decimal text: String, per unit: Unit = .token) throws(TokenPriceError) {
    let value: Int128
    do {
      value = try DecimalText.scaled(text, places: unit.decimalPlaces)
    } catch {
      throw .text(error)
    }
    guard value >= 0 else { throw .negative }
    let (picos, rest) = value.quotientAndRemainder(dividingBy: Int128(Self.restPerPico))
    guard let picos = Int64(exactly: picos), let rest = UInt64(exactly: rest) else { throw .text(.outOfRange) }
    self.picos = picos
    self.rest = rest
  }

  /// No cost at all.
  public static let free = TokenPrice(picos: 0, rest: 0)

  private init(picos: Int64, rest: UInt64) {
    self.picos = picos
    self.rest = rest
  }

  /// The dollars per token as plain decimal text with every digit.
  public var decimalText: String {
    DecimalText.text(Int128(picos) * Int128(Self.restPerPico) + Int128(rest), places: 30)
  }
}

extension TokenPrice: CustomStringConvertible {
  /// The price as ``decimalText`` has it, with its unit.
  public var description: String { "\(decimalText) USD per token" }
}

/// Why a text is not the price of a token.
public enum TokenPriceError: Error, Sendable, Hashable {
  /// It is not a decimal number with at most 30 decimal places, or it is beyond the range.
  case text(DecimalTextError)
  /// It is below zero.
  case negative
}
