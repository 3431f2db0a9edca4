public import SaaSCore

/// The bytes in which a ``BillingStore`` keeps an account, a subscription's record or a tally: JSON in an envelope that
/// names its format.
///
/// A store writes the latest ``format`` and reads every one up to it. The format is raised by one with each change of a
/// stored value that its decoder could not take from older bytes (a field that may not be missing, one with another
/// meaning), and then ``decode(_:as:)`` brings the older format's JSON to the next one's, format by format, before the
/// value is read; an account is so migrated when it is saved the next time. A field that may be missing raises nothing.
/// Bytes of a format that is later than the library's are another release's, and are refused and never written over.
public enum StoredBody {
  /// The format that is written.
  public static let format: Int64 = 1

  /// A value's bytes, the same for the same value.
  /// - Throws: ``StoreError/corrupt(_:)`` where the value cannot be encoded, as with text that no JSON has.
  public static func encode(_ value: some Encodable) throws(StoreError) -> [UInt8] {
    if let value = value as? any JSONWritable { return try written(value) }
    do {
      return try encoded(value)
    } catch {
      throw .corrupt("a value of billing cannot be encoded: \(error)")
    }
  }

  /// An account's bytes, the same for the same account. It is stored with every event, and so is a subscription: a caller
  /// who knows their type spares asking the runtime for it.
  /// - Throws: ``StoreError/corrupt(_:)`` where it cannot be encoded, as with text that no JSON has.
  public static func encode(_ account: BillingAccount) throws(StoreError) -> [UInt8] { try written(account) }

  /// A subscription's bytes, the same for the same record.
  /// - Throws: ``StoreError/corrupt(_:)`` where it cannot be encoded, as with text that no JSON has.
  public static func encode(_ record: SubscriptionRecord) throws(StoreError) -> [UInt8] { try written(record) }

  private static func written(_ value: some JSONWritable) throws(StoreError) -> [UInt8] {
    do {
      var text = JSONText()
      try text.object { text in
        text.member("format", format)
        try text.member("value", value)
      }
      // No input makes it false: only a member that a type has and does not write.
      assert((try? encoded(value)) == text.bytes, "\(type(of: value)) writes something else than it encodes")
      return text.bytes
    } catch {
      throw .corrupt("a value of billing cannot be encoded: \(error)")
    }
  }

  private static func encoded(_ value: some Encodable) throws -> [UInt8] {
    try CanonicalJSON.encode(WrittenEnvelope(format: format, value: value))
  }

  /// The value that bytes have.
  /// - Throws: ``StoreError/corrupt(_:)``, which names a format that is later than ``format``, or what cannot be read.
  public static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type = Value.self) throws(StoreError)
    -> Value
  {
    do {
      return try CanonicalJSON.decode(bytes, as: ReadEnvelope<Value>.self).value
    } catch let error as UnknownFormat {
      throw .corrupt("\(type) has format \(error.format), and this release reads formats up to \(format)")
    } catch {
      throw .corrupt("\(type): \(error)")
    }
  }
}

private enum Field: String, CodingKey { case format, value }

private struct UnknownFormat: Error { let format: Int64 }

private struct WrittenEnvelope<Value: Encodable>: Encodable {
  let format: Int64
  let value: Value
}

private struct ReadEnvelope<Value: Decodable>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    let format = try fields.decode(Int64.self, forKey: .format)
    guard (1...StoredBody.format).contains(format) else { throw UnknownFormat(format: format) }
    value = try fields.decode(Value.self, forKey: .value)
  }
}
