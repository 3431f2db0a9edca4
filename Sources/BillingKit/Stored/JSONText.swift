internal import SaaSCore

/// JSON that values write of themselves, member by member, without the containers of `Codable`: many times as fast.
///
/// For the few values that are stored with every event. A type that writes itself remains `Codable`; it writes what
/// ``CanonicalJSON`` makes of its encoding, so its members come in the order of their names' bytes.
struct JSONText: ~Copyable {
  private var writer = ByteWriter(capacity: 4_096)
  /// Whether something stands before the next member or element.
  private var isFollowing = false

  /// A text of which nothing is written.
  init() {}

  /// What is written so far, copied.
  var bytes: [UInt8] { writer.bytes }

  // MARK: Containers

  /// Writes an object, whose members `body` writes.
  @inline(__always)
  mutating func object(_ body: (inout JSONText) throws -> Void) rethrows {
    try enclosed(0x7b, 0x7d, body)
  }

  /// Writes an array of values.
  mutating func array<Values: Sequence>(
    _ values: Values, _ write: (inout JSONText, Values.Element) throws -> Void
  ) rethrows {
    try enclosed(0x5b, 0x5d) { text in
      for value in values {
        text.separate()
        try write(&text, value)
        text.isFollowing = true
      }
    }
  }

  @inline(__always)
  private mutating func enclosed(
    _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONText) throws -> Void
  ) rethrows {
    writer.append(opening)
    isFollowing = false
    try body(&self)
    writer.append(closing)
    isFollowing = true
  }

  private mutating func separate() { if isFollowing { writer.append(0x2c) } }

  private mutating func name(_ name: StaticString) {
    separate()
    writer.append(0x22)
    writer.append(name)
    writer.append(0x22)
    writer.append(0x3a)
    isFollowing = true
  }

  // MARK: Members

  /// Writes a member whose value `write` writes.
  mutating func member(_ name: StaticString, _ write: (inout JSONText) throws -> Void) rethrows {
    self.name(name)
    try write(&self)
  }

  /// Writes a member that writes itself.
  mutating func member(_ name: StaticString, _ value: some JSONWritable) throws {
    self.name(name)
    try value.write(to: &self)
  }

  /// Writes a member that writes itself, if it is there.
  mutating func member(_ name: StaticString, ifPresent value: (some JSONWritable)?) throws {
    if let value { try member(name, value) }
  }

  /// Writes an array of what writes itself.
  mutating func member(_ name: StaticString, _ values: [some JSONWritable]) throws {
    self.name(name)
    try array(values) { text, value in try value.write(to: &text) }
  }

  /// Writes what a value encodes as `Codable`, if it is there: for what is seldom.
  mutating func member(_ name: StaticString, encodingIfPresent value: (some Encodable)?) throws {
    if let value { try member(name, encoding: value) }
  }

  /// Writes what a value encodes as `Codable`.
  mutating func member(_ name: StaticString, encoding value: some Encodable) throws {
    self.name(name)
    try put(encoding: value)
  }

  /// Writes what a value encodes as `Codable`.
  mutating func put(encoding value: some Encodable) throws {
    try CanonicalJSON.encode(value).withUnsafeBufferPointer { writer.append($0) }
    isFollowing = true
  }

  // MARK: Scalars

  /// Writes a text.
  mutating func put(_ text: String) { quoted { $0.characters(text) } }

  /// Writes a text whose parts `body` writes, as ``characters(_:)``, ``put(_:)-(Int64)`` and ``put(hexadecimal:)``.
  @inline(__always)
  mutating func quoted(_ body: (inout JSONText) -> Void) {
    writer.append(0x22)
    body(&self)
    writer.append(0x22)
  }

  /// Writes a part of a text.
  mutating func characters(_ text: String) {
    var text = text
    text.withUTF8 { writer.append(characters: $0) }
  }

  /// Writes an identifier.
  mutating func put(_ identifier: some Identifier) {
    quoted { $0.writer.append(characters: identifier.text) }
  }

  /// Writes a whole number.
  mutating func put(_ number: Int64) { writer.append(decimal: number) }

  /// Writes a truth value.
  mutating func put(_ value: Bool) { writer.append(value ? "true" : "false") }

  /// Writes a number's hexadecimal digits, for a part of a text.
  mutating func put(hexadecimal number: UInt64) { writer.append(hexadecimal: number) }
}

/// A value that writes itself as JSON: what ``CanonicalJSON`` makes of its encoding, to the byte.
protocol JSONWritable: Encodable {
  /// Writes the value.
  /// - Throws: what its encoding throws.
  func write(to text: inout JSONText) throws
}

extension Timestamp: JSONWritable {
  func write(to text: inout JSONText) { text.put(self) }
}

extension Money: JSONWritable {
  func write(to text: inout JSONText) throws {
    text.object { text in
      text.member("currency", currency.code)
      text.member("minorUnits", minorUnits)
    }
  }
}

extension Period: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("end", end)
      try text.member("start", start)
    }
  }
}

extension JSONText {
  /// Writes an instant.
  mutating func put(_ instant: Timestamp) {
    writer.append(0x22)
    writer.append(iso8601: instant)
    writer.append(0x22)
  }

  /// Writes a member that is an identifier.
  mutating func member(_ name: StaticString, _ identifier: some Identifier) {
    member(name) { $0.put(identifier) }
  }

  /// Writes a member that is an identifier, if it is there.
  mutating func member(_ name: StaticString, ifPresent identifier: (some Identifier)?) {
    if let identifier { member(name, identifier) }
  }

  /// Writes a member that is a text, if it is there.
  mutating func member(_ name: StaticString, _ text: String?) {
    if let text { member(name) { $0.put(text) } }
  }

  /// Writes a member that is a whole number, if it is there.
  mutating func member(_ name: StaticString, _ number: Int64?) {
    if let number { member(name) { $0.put(number) } }
  }

  /// Writes a member that is a truth value.
  mutating func member(_ name: StaticString, _ value: Bool) { member(name) { $0.put(value) } }
}
