/// Encodes one value into its place in a tree.
struct JSONTreeEncoder: Encoder {
  private let tree: JSONTree
  private let node: Int

  init(_ tree: JSONTree, _ node: Int) {
    self.tree = tree
    self.node = node
  }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(JSONMembersEncoder(tree, node))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { JSONElementsEncoder(tree, node) }

  func singleValueContainer() -> any SingleValueEncodingContainer { JSONScalarEncoder(tree: tree, node: node) }
}

/// Encodes an object's members.
private struct JSONMembersEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  private let tree: JSONTree
  private let node: Int

  init(_ tree: JSONTree, _ node: Int) {
    self.tree = tree
    self.node = node
    tree.open(node, isObject: true)
  }

  var codingPath: [any CodingKey] { [] }

  private func member(_ key: some CodingKey) -> Int { tree.add(to: node, named: key.stringValue) }

  func encodeNil(forKey key: Key) { tree.put(notation: "null", at: member(key)) }
  func encode(_ value: Bool, forKey key: Key) { tree.put(notation: value ? "true" : "false", at: member(key)) }
  func encode(_ value: String, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: Double, forKey key: Key) throws { try tree.put(value, at: member(key)) }
  func encode(_ value: Float, forKey key: Key) throws { try tree.put(value, at: member(key)) }
  func encode(_ value: Int, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: Int8, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: Int16, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: Int32, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: Int64, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: UInt, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: UInt8, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: UInt16, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: UInt32, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode(_ value: UInt64, forKey key: Key) { tree.put(value, at: member(key)) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try tree.put(encoding: value, at: member(key)) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
  {
    KeyedEncodingContainer(JSONMembersEncoder<Nested>(tree, member(key)))
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    JSONElementsEncoder(tree, member(key))
  }

  func superEncoder() -> any Encoder { JSONTreeEncoder(tree, tree.add(to: node, named: "super")) }
  func superEncoder(forKey key: Key) -> any Encoder { JSONTreeEncoder(tree, member(key)) }
}

/// Encodes an array's values.
private struct JSONElementsEncoder: UnkeyedEncodingContainer {
  private let tree: JSONTree
  private let node: Int
  private(set) var count = 0

  init(_ tree: JSONTree, _ node: Int) {
    self.tree = tree
    self.node = node
    tree.open(node, isObject: false)
  }

  var codingPath: [any CodingKey] { [] }

  private mutating func element() -> Int {
    count += 1
    return tree.add(to: node)
  }

  mutating func encodeNil() { tree.put(notation: "null", at: element()) }
  mutating func encode<T: Encodable>(_ value: T) throws { try tree.put(encoding: value, at: element()) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    KeyedEncodingContainer(JSONMembersEncoder<Nested>(tree, element()))
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { JSONElementsEncoder(tree, element()) }
  mutating func superEncoder() -> any Encoder { JSONTreeEncoder(tree, element()) }
}

/// Encodes a value that is no container; what a standard type encodes of itself ends here.
private struct JSONScalarEncoder: SingleValueEncodingContainer {
  let tree: JSONTree
  let node: Int

  var codingPath: [any CodingKey] { [] }

  func encodeNil() { tree.put(notation: "null", at: node) }
  func encode(_ value: Bool) { tree.put(notation: value ? "true" : "false", at: node) }
  func encode(_ value: String) { tree.put(value, at: node) }
  func encode(_ value: Double) throws { try tree.put(value, at: node) }
  func encode(_ value: Float) throws { try tree.put(value, at: node) }
  func encode(_ value: Int) { tree.put(value, at: node) }
  func encode(_ value: Int8) { tree.put(value, at: node) }
  func encode(_ value: Int16) { tree.put(value, at: node) }
  func encode(_ value: Int32) { tree.put(value, at: node) }
  func encode(_ value: Int64) { tree.put(value, at: node) }
  func encode(_ value: UInt) { tree.put(value, at: node) }
  func encode(_ value: UInt8) { tree.put(value, at: node) }
  func encode(_ value: UInt16) { tree.put(value, at: node) }
  func encode(_ value: UInt32) { tree.put(value, at: node) }
  func encode(_ value: UInt64) { tree.put(value, at: node) }
  func encode<T: Encodable>(_ value: T) throws { try tree.put(encoding: value, at: node) }
}
