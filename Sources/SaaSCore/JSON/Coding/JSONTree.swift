/// What a value has encoded so far: its values in one flat list, their texts in one buffer.
///
/// Members are put in order when the text is made, since nothing tells when a container is complete.
final class JSONTree {
  /// One value, with its name where it is a member.
  private struct Node {
    enum Kind { case empty, scalar, array, object }

    var kind = Kind.empty
    var name: Range<Int>
    var value = 0..<0
    var firstChild = -1
    var lastChild = -1
    var next = -1
  }

  private var nodes: [Node] = [Node(name: 0..<0)]
  /// The names and scalars, as they are written.
  private var texts = ByteWriter(capacity: 2_048)

  init() { nodes.reserveCapacity(128) }

  /// The place of the outermost value.
  var root: Int { 0 }

  // MARK: Building

  /// Makes a value an object or array, unless it is one.
  func open(_ node: Int, isObject: Bool) { nodes[node].kind = isObject ? .object : .array }

  /// The place of a new value in a container.
  func add(to parent: Int, named name: String? = nil) -> Int {
    let start = texts.count
    if let name { write(name) }
    let node = nodes.count
    nodes.append(Node(name: start..<texts.count))
    let last = nodes[parent].lastChild
    if last < 0 { nodes[parent].firstChild = node } else { nodes[last].next = node }
    nodes[parent].lastChild = node
    return node
  }

  /// Makes a value a text.
  func put(_ text: String, at node: Int) { scalar(node) { write(text) } }

  /// Makes a value a number, a truth value or null, whose notation this is.
  func put(notation: String, at node: Int) {
    scalar(node) {
      var notation = notation
      notation.withUTF8 { texts.append($0) }
    }
  }

  /// Makes a value a whole number.
  func put(_ number: some FixedWidthInteger, at node: Int) {
    guard let small = Int64(exactly: number) else { return put(notation: String(number), at: node) }
    scalar(node) { texts.append(decimal: small) }
  }

  /// Makes a value a number with a fraction.
  /// - Throws: `EncodingError` for one that is not finite.
  func put(_ number: some BinaryFloatingPoint & CustomStringConvertible, at node: Int) throws {
    guard number.isFinite else {
      throw EncodingError.invalidValue(number, .init(codingPath: [], debugDescription: "JSON has only finite numbers"))
    }
    put(notation: number.description, at: node)
  }

  /// Makes a value what another one encodes.
  func put(encoding value: some Encodable, at node: Int) throws { try value.encode(to: JSONTreeEncoder(self, node)) }

  private func scalar(_ node: Int, _ write: () -> Void) {
    let start = texts.count
    write()
    nodes[node].kind = .scalar
    nodes[node].value = start..<texts.count
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { text in
      texts.append(0x22)
      texts.append(characters: text)
      texts.append(0x22)
    }
  }

  // MARK: Writing

  /// The text of the whole.
  var text: [UInt8] {
    // The nodes' places lie in the texts, to which nothing is added meanwhile.
    texts.withBytes { texts in
      var text: [UInt8] = []
      text.reserveCapacity(texts.count + 2 * nodes.count)
      append(root, of: texts, to: &text)
      return text
    }
  }

  private func append(_ place: Int, of texts: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
    let node = nodes[place]
    switch node.kind {
    case .scalar: text.append(contentsOf: UnsafeBufferPointer(rebasing: texts[node.value]))
    case .array:
      text.append(0x5b)
      var child = node.firstChild
      while child >= 0 {
        if child != node.firstChild { text.append(0x2c) }
        append(child, of: texts, to: &text)
        child = nodes[child].next
      }
      text.append(0x5d)
    // A value that encodes nothing is an object without members.
    case .object, .empty:
      text.append(0x7b)
      for (index, member) in members(of: node, texts).enumerated() {
        if index > 0 { text.append(0x2c) }
        text.append(contentsOf: UnsafeBufferPointer(rebasing: texts[nodes[member].name]))
        text.append(0x3a)
        append(member, of: texts, to: &text)
      }
      text.append(0x7d)
    }
  }

  private func members(of node: Node, _ texts: UnsafeBufferPointer<UInt8>) -> [Int] {
    var members: [Int] = []
    var child = node.firstChild
    while child >= 0 {
      members.append(child)
      child = nodes[child].next
    }
    // Without the quotes, so that a name comes before those that begin with it.
    func name(_ member: Int) -> Slice<UnsafeBufferPointer<UInt8>> { texts[nodes[member].name].dropFirst().dropLast() }
    members.sort { name($0).lexicographicallyPrecedes(name($1)) }
    return members
  }
}
