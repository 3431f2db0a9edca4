internal import SaaSCore

/// JSON that values write of themselves, member by member, without the containers of `Codable`: many times as fast.
///
/// For the few values that are stored with every event. A type that writes itself remains `Codable`; it writes what
/// ``CanonicalJSON`` makes of its encoding, so its members come in the order of their names' bytes.
struct JSONText {
  /// What is written so far.
  private(set) var bytes: [UInt8] = []
  /// Whether something stands before the next member or element.
  private var isFollowing = false

  /// A text of which nothing is written.
  init() { bytes.reserveCapacity(4_096) }

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
    bytes.append(opening)
    isFollowing = false
    try body(&self)
    bytes.append(closing)
    isFollowing = true
  }

  private mutating func separate() { if isFollowing { bytes.append(0x2c) } }

  private mutating func name(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(0x22)
    bytes.append(0x3a)
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
    bytes += try CanonicalJSON.encode(value)
    isFollowing = true
  }

  // MARK: Scalars

  /// Writes a text.
  mutating func put(_ text: String) { quoted { $0.characters(text) } }

  /// Writes a text whose parts `body` writes, as ``characters(_:)`` and ``put(_:)-(Int64)``.
  @inline(__always)
  mutating func quoted(_ body: (inout JSONText) -> Void) {
    bytes.append(0x22)
    body(&self)
    bytes.append(0x22)
  }

  /// Writes a part of a text.
  mutating func characters(_ text: String) {
    var text = text
    text.withUTF8 { for byte in $0 { put(escaped: byte) } }
  }

  /// Writes an identifier.
  mutating func put(_ identifier: some Identifier) {
    quoted { text in identifier.text.forEachByte { text.put(escaped: $0) } }
  }

  /// Writes a whole number.
  mutating func put(_ number: Int64) { bytes.append(decimal: number) }

  /// Writes a truth value.
  mutating func put(_ value: Bool) { bytes.append(contentsOf: (value ? "true" : "false").utf8) }

  @inline(__always)
  private mutating func put(escaped byte: UInt8) {
    if byte < 0x20 || byte == 0x22 || byte == 0x5c { bytes.append(escaped: byte) } else { bytes.append(byte) }
  }
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
    bytes.append(0x22)
    bytes.append(iso8601: instant)
    bytes.append(0x22)
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
