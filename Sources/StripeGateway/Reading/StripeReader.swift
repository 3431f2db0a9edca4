internal import BillingKit
internal import SaaSCore

/// Why one of Stripe's objects cannot be read.
struct StripeReadError: Error, Sendable, Hashable {
  /// Where, as a JSON Pointer.
  let path: String
  /// What is missing or wrong there.
  let problem: String

  var description: String { "\(problem) at \(path.isEmpty ? "the root" : path)" }
}

/// Reads fields of one of Stripe's objects.
///
/// Only what an object cannot do without is demanded; whatever else is missing, `null` or of another kind is nil, because
/// versions of the API differ and gain values. The exception are instants: one that no text of ISO 8601 has is refused
/// wherever it stands, because what is read is stored and told as such text.
struct StripeReader {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  subscript(name: String) -> JSONValue? { value[name] }

  func failure(_ problem: String) -> StripeReadError { StripeReadError(path: value.path, problem: problem) }

  /// The object within a field, or nil.
  func object(_ name: String) -> StripeReader? {
    guard let value = value[name], value.kind == .object else { return nil }
    return StripeReader(value)
  }

  /// The objects of a list within a field: an array, or Stripe's `{object: "list", data: […]}`.
  func list(_ name: String) -> [StripeReader] {
    guard let value = value[name] else { return [] }
    let array = value.kind == .array ? value : value["data"]
    return array?.elements.filter { $0.kind == .object }.map(StripeReader.init) ?? []
  }

  func text(_ name: String) -> String? { value[name]?.string }
  func number(_ name: String) -> Int64? { value[name]?.int64 }
  func flag(_ name: String) -> Bool? { value[name]?.bool }

  /// The last second that has a text in ISO 8601, that of the year 9999.
  private static let lastSecond: Int64 = 253_402_300_799

  /// An instant in Unix seconds, or nil where there is none; one before 1970 or after the year 9999 is refused.
  func instant(_ name: String) throws(StripeReadError) -> Timestamp? {
    guard let field = value[name], field.kind == .number else { return nil }
    guard let seconds = field.int64, (0...Self.lastSecond).contains(seconds) else {
      throw StripeReadError(path: field.path, problem: "an instant that is no second from 1970 to 9999")
    }
    return Timestamp(seconds: seconds)
  }

  /// The identifier in a field: a text, or the `id` of an object that was expanded.
  func identifier<ID: Identifier>(_ name: String, as: ID.Type = ID.self) -> ID? {
    guard let value = value[name] else { return nil }
    return Self.identifier(in: value) ?? value["id"].flatMap { Self.identifier(in: $0) }
  }

  private static func identifier<ID: Identifier>(in value: JSONValue) -> ID? {
    value.withUTF8 { text in try? ValidIdentifierText(utf8: text) }?.map { ID(validated: $0) }
  }

  func requiredIdentifier<ID: Identifier>(_ name: String, as: ID.Type = ID.self) throws(StripeReadError) -> ID {
    guard let id = identifier(name, as: ID.self) else { throw failure("no identifier '\(name)'") }
    return id
  }

  func requiredInstant(_ name: String) throws(StripeReadError) -> Timestamp {
    guard let instant = try instant(name) else { throw failure("no instant '\(name)'") }
    return instant
  }

  /// The period between two fields, or nil where either is missing or none lies between them.
  func period(_ start: String, _ end: String) throws(StripeReadError) -> Period? {
    guard let start = try instant(start), let end = try instant(end) else { return nil }
    return Period(start: start, end: end)
  }

  /// An amount in minor units of the object's currency.
  func money(_ name: String) -> Money? {
    guard let amount = number(name), let currency = text("currency").flatMap({ CurrencyCode($0.uppercased()) }) else {
      return nil
    }
    return Money(minorUnits: amount, currency: currency)
  }

  /// What was attached to the object; values that are no texts are left out.
  var metadata: [String: String] {
    guard let metadata = object("metadata") else { return [:] }
    return Dictionary(
      metadata.value.members.compactMap { member in member.value.string.map { (member.name, $0) } },
      uniquingKeysWith: { _, last in last })
  }
}
