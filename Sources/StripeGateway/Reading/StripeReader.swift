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
/// versions of the API differ and gain values.
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

  /// An instant in Unix seconds.
  func instant(_ name: String) -> Timestamp? { value[name]?.int64.map(Timestamp.init(seconds:)) }

  /// The identifier in a field: a text, or the `id` of an object that was expanded.
  func identifier<ID: Identifier>(_ name: String, as: ID.Type = ID.self) -> ID? {
    guard let value = value[name] else { return nil }
    guard let text = value.string ?? value["id"]?.string else { return nil }
    return try? ID(text)
  }

  func requiredIdentifier<ID: Identifier>(_ name: String, as: ID.Type = ID.self) throws(StripeReadError) -> ID {
    guard let id = identifier(name, as: ID.self) else { throw failure("no identifier '\(name)'") }
    return id
  }

  func requiredInstant(_ name: String) throws(StripeReadError) -> Timestamp {
    guard let instant = instant(name) else { throw failure("no instant '\(name)'") }
    return instant
  }

  /// The period between two fields, or nil where either is missing or none lies between them.
  func period(_ start: String, _ end: String) -> Period? {
    guard let start = instant(start), let end = instant(end) else { return nil }
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
