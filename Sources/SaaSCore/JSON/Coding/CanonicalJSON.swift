/// `Codable` values as JSON that is the same for the same value: members in the order of their names' bytes, no white
/// space, nothing escaped that need not be.
///
/// For what the library keeps and reads again itself. It writes the bytes that Foundation's encoder writes with
/// `sortedKeys` and `withoutEscapingSlashes`, several times as fast; dates and raw data, for which Foundation has
/// notations of its own, encode as their types say.
package enum CanonicalJSON {
  /// The bytes of a value.
  /// - Throws: `EncodingError` for a number that JSON cannot write, and whatever the value itself throws.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let tree = JSONTree()
    try tree.put(encoding: value, at: tree.root)
    return tree.text
  }

  /// The value that bytes have.
  /// - Throws: ``JSONError`` where they are no JSON, `DecodingError` where they are another value's.
  package static func decode<Value: Decodable>(_ bytes: [UInt8], as type: Value.Type = Value.self) throws -> Value {
    try Value(from: JSONValueDecoder(try JSONDocument(bytes).root))
  }
}
