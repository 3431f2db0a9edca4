public import SaaSCore

/// A DNS host name in its one form: lower case, no port, no trailing dot, at most 253 bytes, never an IP address.
///
/// International names are A-labels here (`xn--…`, RFC 5890).
public struct HostName: Sendable, Hashable, Comparable {
  /// The name's bytes.
  public let text: InlineText

  /// Reads a name as a Host header would be read, but refuses a port.
  ///
  /// Capital letters are folded and one trailing dot is dropped.
  /// - Throws: ``HostNameError`` with the first reason that applies.
  public init(_ string: String) throws(HostNameError) {
    let bytes = Array(string.utf8)
    let syntax = HostSyntax.parse(bytes.span)
    if let reason = syntax.reason { throw HostNameError(name: string, reason: reason) }
    guard !bytes.contains(UInt8(ascii: ":")) else {
      throw HostNameError(name: string, reason: .invalidPort)
    }
    let name = bytes.prefix(syntax.nameCount).map(HostSyntax.folded)
    guard let text = InlineText(utf8: name.span) else {
      throw HostNameError(name: string, reason: .tooLong)
    }
    self.text = text
  }

  /// Vouches for bytes that were checked when they entered.
  package init(trusted text: InlineText) { self.text = text }

  /// The name as a string; allocates where it has more than 15 bytes.
  public var rawValue: String { text.description }

  /// The name of a label under this one, or nil where it would be too long.
  package func prefixed(by slug: Slug) -> HostName? {
    guard slug.text.count + 1 + text.count <= HostSyntax.maximumNameCount else { return nil }
    let name = slug.text.bytes + [UInt8(ascii: ".")] + text.bytes
    guard let text = InlineText(utf8: name.span) else { return nil }
    return HostName(trusted: text)
  }

  public static func < (left: HostName, right: HostName) -> Bool { left.text < right.text }
}

extension HostName: CustomStringConvertible {
  public var description: String { text.description }
}

extension HostName: Codable {
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not a host name") { text in try Self(text) }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

/// A text that is not a host name.
public struct HostNameError: Error, Sendable, Hashable {
  /// The text.
  public let name: String
  /// The first rule that it breaks.
  public let reason: HostReason
}
