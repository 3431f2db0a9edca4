internal import SaaSCore

/// The parameters of one call, in order, with brackets for what lies within (`items[0][price]`).
///
/// The same parameters always make the same bytes, as an idempotency key demands.
struct StripeForm: Sendable, Equatable {
  /// A parameter's value.
  indirect enum Value: Sendable, Equatable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    /// Clears what is set (an empty text on the wire).
    case unset
    case list([Value])
    case fields([(String, Value)])

    static func == (left: Value, right: Value) -> Bool { StripeForm.pairs(left) == StripeForm.pairs(right) }

    /// Whole seconds since 1970.
    static func instant(_ timestamp: Timestamp) -> Value {
      .number(timestamp.microseconds.flooredDivision(by: 1_000_000).quotient)
    }

    /// What is attached to an object, in the order of its names.
    static func metadata(_ metadata: [String: String]) -> Value {
      .fields(metadata.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }
  }

  private(set) var pairs: [(name: String, value: String)] = []

  init(_ fields: [(String, Value)] = []) {
    for (name, value) in fields { append(name, value) }
  }

  mutating func append(_ name: String, _ value: Value) {
    switch value {
    case .text(let text): pairs.append((name, text))
    case .number(let number): pairs.append((name, "\(number)"))
    case .flag(let flag): pairs.append((name, flag ? "true" : "false"))
    case .unset: pairs.append((name, ""))
    case .list(let values):
      for (index, value) in values.enumerated() { append("\(name)[\(index)]", value) }
    case .fields(let fields):
      for (field, value) in fields { append("\(name)[\(field)]", value) }
    }
  }

  /// The pairs as `application/x-www-form-urlencoded`, every byte but the unreserved ones percent-encoded.
  var body: [UInt8] {
    var bytes: [UInt8] = []
    for (name, value) in pairs {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      for byte in name.utf8 { PercentEncoding.append(byte, to: &bytes) }
      bytes.append(UInt8(ascii: "="))
      for byte in value.utf8 { PercentEncoding.append(byte, to: &bytes) }
    }
    return bytes
  }

  private static func pairs(_ value: Value) -> [String] {
    StripeForm([("value", value)]).pairs.map { "\($0.name)=\($0.value)" }
  }

  static func == (left: StripeForm, right: StripeForm) -> Bool { left.body == right.body }
}
