/// Decodes from one value of a document that was read already.
struct JSONValueDecoder: Decoder {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try JSONMembersDecoder<Key>(value))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try JSONElementsDecoder(value) }
  func singleValueContainer() -> any SingleValueDecodingContainer { JSONScalarDecoder(value: value) }
}

extension JSONValue {
  private func context(_ what: String) -> DecodingError.Context {
    .init(codingPath: [], debugDescription: "\(what) at \(path.isEmpty ? "the root" : path)")
  }

  fileprivate func mismatch(_ type: any Any.Type) -> DecodingError {
    isNull
      ? .valueNotFound(type, context("null instead of \(type)"))
      : .typeMismatch(type, context("\(kind.rawValue) instead of \(type)"))
  }

  fileprivate func missing(_ key: some CodingKey) -> DecodingError { .keyNotFound(key, context("no such member")) }

  fileprivate func decoded(_ type: Bool.Type) throws -> Bool {
    guard let bool else { throw mismatch(type) }
    return bool
  }

  fileprivate func decoded(_ type: String.Type) throws -> String {
    guard let string else { throw mismatch(type) }
    return string
  }

  fileprivate func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    if let int64, let number = Number(exactly: int64) { return number }
    // One that is past 64 bits with a sign.
    guard let number = decimalText.flatMap({ Number($0) }) else { throw mismatch(type) }
    return number
  }

  fileprivate func fraction<Number: LosslessStringConvertible & BinaryFloatingPoint>(_ type: Number.Type) throws
    -> Number
  {
    guard let number = decimalText.flatMap({ Number($0) }), number.isFinite else { throw mismatch(type) }
    return number
  }

  fileprivate func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try Value(from: JSONValueDecoder(self))
  }
}

/// Decodes an object's members.
private struct JSONMembersDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let object: JSONValue

  init(_ value: JSONValue) throws {
    guard value.kind == .object else { throw value.mismatch([String: Any].self) }
    object = value
  }

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  private func member(_ key: some CodingKey) throws -> JSONValue {
    guard let value = object[key.stringValue] else { throw object.missing(key) }
    return value
  }

  /// A member that is there and not null.
  private func present(_ key: Key) -> JSONValue? {
    guard let value = object[key.stringValue], !value.isNull else { return nil }
    return value
  }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).isNull }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try member(key).decoded(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try member(key).decoded(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try member(key).fraction(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try member(key).fraction(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try member(key).whole(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try member(key).whole(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try member(key).whole(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try member(key).whole(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try member(key).whole(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try member(key).whole(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try member(key).whole(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try member(key).whole(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try member(key).whole(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try member(key).whole(type) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try member(key).decoded(type) }

  // The common ones, which would look for the member three times.
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try present(key)?.decoded(type) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try present(key)?.whole(type) }
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try present(key)?.decoded(type) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    KeyedDecodingContainer(try JSONMembersDecoder<Nested>(member(key)))
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try JSONElementsDecoder(member(key))
  }

  func superDecoder() throws -> any Decoder {
    guard let value = object["super"] else { throw object.mismatch((any Decoder).self) }
    return JSONValueDecoder(value)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { JSONValueDecoder(try member(key)) }
}

/// Decodes an array's values in order.
private struct JSONElementsDecoder: UnkeyedDecodingContainer {
  private let array: JSONValue
  private var rest: JSONValue.Elements
  private var element: JSONValue?
  private(set) var currentIndex = 0

  init(_ value: JSONValue) throws {
    guard value.kind == .array else { throw value.mismatch([Any].self) }
    array = value
    rest = value.elements
    element = rest.next()
  }

  var codingPath: [any CodingKey] { [] }
  var count: Int? { nil }
  var isAtEnd: Bool { element == nil }

  private func current() throws -> JSONValue {
    guard let element else { throw array.mismatch(Any.self) }
    return element
  }

  /// Goes on once a value was decoded, as a container must not where that failed.
  private mutating func next<Result>(_ decode: (JSONValue) throws -> Result) throws -> Result {
    let result = try decode(try current())
    element = rest.next()
    currentIndex += 1
    return result
  }

  mutating func decodeNil() throws -> Bool {
    guard try current().isNull else { return false }
    return try next { _ in true }
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next { try $0.decoded(type) } }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  {
    try next { KeyedDecodingContainer(try JSONMembersDecoder<Nested>($0)) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try JSONElementsDecoder($0) }
  }

  mutating func superDecoder() throws -> any Decoder { try next { JSONValueDecoder($0) } }
}

/// Decodes a value that is no container; what a standard type decodes of itself ends here.
private struct JSONScalarDecoder: SingleValueDecodingContainer {
  let value: JSONValue

  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { value.isNull }
  func decode(_ type: Bool.Type) throws -> Bool { try value.decoded(type) }
  func decode(_ type: String.Type) throws -> String { try value.decoded(type) }
  func decode(_ type: Double.Type) throws -> Double { try value.fraction(type) }
  func decode(_ type: Float.Type) throws -> Float { try value.fraction(type) }
  func decode(_ type: Int.Type) throws -> Int { try value.whole(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try value.whole(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try value.whole(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try value.whole(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try value.whole(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try value.whole(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try value.whole(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try value.whole(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try value.whole(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try value.whole(type) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try value.decoded(type) }
}
