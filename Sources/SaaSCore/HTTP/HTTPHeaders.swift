/// Header fields in order, their names compared without regard to case (RFC 9110 §5).
///
/// A name or value that would break the message (RFC 9110 §5.5, §5.6.2) cannot be added, so nothing that a user typed can
/// smuggle in a field. Descriptions show names only, because values may be secret.
public struct HTTPHeaders: Sendable, Hashable {
  /// One field.
  public struct Field: Sendable, Hashable {
    /// The name as it was added.
    public let name: String
    /// The value, without white space at its ends.
    public let value: String
  }

  /// The fields in the order in which they were added.
  public private(set) var fields: [Field] = []

  /// No fields.
  public init() {}

  /// Adds a field after those that are there.
  /// - Throws: ``HTTPHeaderError``
  public mutating func append(_ name: String, _ value: String) throws(HTTPHeaderError) {
    guard !name.isEmpty, name.utf8.allSatisfy(Self.isToken) else { throw .invalidName }
    // RFC 9110 §5.5: visible characters, space and tab; bytes of other characters are opaque and let through.
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else { throw .invalidValue(name: name) }
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    let start = value.drop(while: isBlank)
    let end = start.reversed().prefix(while: isBlank).count
    fields.append(Field(name: name, value: String(start.dropLast(end))))
  }

  /// Adds a field in place of those of the same name.
  /// - Throws: ``HTTPHeaderError``
  public mutating func set(_ name: String, _ value: String) throws(HTTPHeaderError) {
    let before = fields
    remove(name)
    do {
      try append(name, value)
    } catch {
      fields = before
      throw error
    }
  }

  /// Removes the fields of a name.
  public mutating func remove(_ name: String) {
    fields.removeAll { Self.areEqual($0.name, name) }
  }

  /// The value of the first field of a name, or nil where there is none.
  public subscript(name: String) -> String? {
    fields.first { Self.areEqual($0.name, name) }?.value
  }

  /// The values of all fields of a name, in order.
  public func values(of name: String) -> [String] {
    fields.filter { Self.areEqual($0.name, name) }.map(\.value)
  }

  private static func areEqual(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

  /// RFC 9110 §5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: Array("!#$%&'*+-.^_`|~".utf8).contains(byte)
    }
  }
}

/// Why a header field cannot be added.
public enum HTTPHeaderError: Error, Sendable, Hashable {
  /// The name is empty or has a byte that names must not have.
  case invalidName
  /// The value has a control character, which could end the field.
  case invalidValue(name: String)
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The names alone.
  public var description: String { "[" + fields.map(\.name).joined(separator: ", ") + "]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["names": fields.map(\.name)]) }
}
