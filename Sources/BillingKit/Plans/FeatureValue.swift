/// What a plan says of a feature.
public enum FeatureValue: Sendable, Hashable {
  /// Whether it is there.
  case flag(Bool)
  /// How many or how much of it.
  case number(Int64)
  /// One of the host application's own words.
  case text(String)
  /// Several of them.
  case list([String])

  /// Whether the feature is there: a flag as it stands, a number above zero, words that are not empty.
  public var isEnabled: Bool {
    switch self {
    case .flag(let flag): flag
    case .number(let number): number > 0
    case .text(let text): !text.isEmpty
    case .list(let list): !list.isEmpty
    }
  }

  /// The number, or nil where the feature is of another kind.
  public var number: Int64? {
    if case .number(let number) = self { return number }
    return nil
  }
}

extension FeatureValue: Codable {
  /// Reads a JSON boolean, whole number, string or array of strings.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([String].self))
    }
  }

  /// Writes the JSON value that stands for it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    }
  }
}
