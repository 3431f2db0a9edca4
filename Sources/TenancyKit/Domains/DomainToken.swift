/// The secret part of the TXT record by which a tenant proves that it controls a domain: 128 random bits as 32
/// hexadecimal digits.
///
/// It is drawn anew for each claim and kept with it. So it differs for each tenant and domain, nobody can guess it, no
/// key has to be kept or rotated, and the record of an earlier claim proves nothing for a later one.
public struct DomainToken: Sendable, Hashable {
  /// The digits, in lower case.
  public let rawValue: String

  /// Draws a token. Pass a generator that is fit for secrets, such as `SystemRandomNumberGenerator`.
  public static func random(using generator: inout some RandomNumberGenerator) -> DomainToken {
    DomainToken(generator.next(), generator.next())
  }

  private init(_ high: UInt64, _ low: UInt64) { rawValue = Self.digits(high) + Self.digits(low) }

  /// Reads what ``rawValue`` writes; nil for any other text.
  public init?(_ string: String) {
    guard string.utf8.count == 32, string.utf8.allSatisfy({ Self.alphabet.contains($0) }) else { return nil }
    rawValue = string
  }

  private static let alphabet = Array("0123456789abcdef".utf8)

  private static func digits(_ word: UInt64) -> String {
    let text = String(word, radix: 16)
    return String(repeating: "0", count: max(0, 16 - text.utf8.count)) + text
  }
}

extension DomainToken: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let token = DomainToken(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a domain's token")
    }
    self = token
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
