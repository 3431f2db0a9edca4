/// The three letters of a currency (ISO 4217), in upper case.
public struct CurrencyCode: Sendable, Hashable, Comparable {
  /// The letters, the first one highest, so that the order of the numbers is the order of the codes.
  private let packed: UInt32

  /// Reads three ASCII letters of either case, as providers send them, or gives nil.
  ///
  /// Whether the code is one that ISO lists is not checked: lists change, and a provider's word stands.
  public init?(_ text: String) {
    guard text.utf8.count == 3 else { return nil }
    var packed: UInt32 = 0
    for byte in text.utf8 {
      let upper = byte & 0xdf
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(upper) else { return nil }
      packed = packed << 8 | UInt32(upper)
    }
    self.packed = packed
  }

  private init(_ first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar) {
    packed = first.value << 16 | second.value << 8 | third.value
  }

  /// The United States dollar, in which costs are estimated.
  public static let usd = CurrencyCode("U", "S", "D")
  /// The euro.
  public static let eur = CurrencyCode("E", "U", "R")

  /// The code in upper case: `USD`.
  public var code: String {
    String(decoding: [UInt8(packed >> 16 & 0xff), UInt8(packed >> 8 & 0xff), UInt8(packed & 0xff)], as: UTF8.self)
  }

  /// How many decimals the minor unit has by ISO 4217: 2 but for the few that have 0, 3 or 4.
  ///
  /// Where a provider counts otherwise, its gateway converts.
  public var fractionDigits: Int {
    switch code {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
      "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    case "CLF", "UYW": 4
    default: 2
    }
  }

  public static func < (left: CurrencyCode, right: CurrencyCode) -> Bool { left.packed < right.packed }
}

extension CurrencyCode: CustomStringConvertible {
  /// The code in upper case.
  public var description: String { code }
}

extension CurrencyCode: Codable {
  /// Reads the text of ``init(_:)``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let currency = CurrencyCode(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a currency code: \(text)")
    }
    self = currency
  }

  /// Writes the text of ``code``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }
}
