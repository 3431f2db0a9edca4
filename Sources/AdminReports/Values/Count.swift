/// A number of runs or events with the query that lists them.
public struct Count: Sendable, Hashable, Codable {
  /// How many there are.
  public let value: Int64
  /// What lists them.
  public let audit: AuditQuery

  init(_ value: Int64, _ audit: AuditQuery) {
    self.value = value
    self.audit = audit
  }
}

/// A part of a whole, exactly.
public struct Ratio: Sendable, Hashable, Codable {
  /// The part.
  public let part: Int64
  /// The whole, more than 0.
  public let whole: Int64

  /// The ratio, or nil where the whole is nothing.
  init?(_ part: Int64, of whole: Int64) {
    guard whole > 0 else { return nil }
    self.part = part
    self.whole = whole
  }

  /// The ratio in hundredths of a percent, half rounded up.
  public var basisPoints: Int64 {
    Int64(clamping: (Int128(part) * 20_000 + Int128(whole)) / (2 * Int128(whole)))
  }

  /// The ratio in percent with two decimals as plain decimal text: `98.75`.
  public var percentText: String {
    let fraction = basisPoints % 100
    return "\(basisPoints / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  private enum CodingKeys: String, CodingKey { case part, whole, percent }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let whole = try container.decode(Int64.self, forKey: .whole)
    guard let ratio = Ratio(try container.decode(Int64.self, forKey: .part), of: whole) else {
      throw DecodingError.dataCorruptedError(forKey: .whole, in: container, debugDescription: "not more than 0")
    }
    self = ratio
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(part, forKey: .part)
    try container.encode(whole, forKey: .whole)
    try container.encode(percentText, forKey: .percent)
  }
}
