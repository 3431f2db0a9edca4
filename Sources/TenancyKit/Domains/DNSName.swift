internal import SaaSCore

/// A name in the DNS: like a host name, but its labels may have underscores, as those of TXT records do.
///
/// It is kept in lower case and without the trailing dot: at most 253 bytes, labels of 1 to 63 bytes of `[a-z0-9_-]`
/// (RFC 1035 §2.3.4; RFC 8552 for the underscore).
public struct DNSName: Sendable, Hashable, Comparable {
  /// The name as text.
  public let rawValue: String

  /// Reads a name, folding capital letters and dropping one trailing dot; nil where it is none.
  /// - Complexity: O(count)
  public init?(_ string: String) {
    var bytes = string.utf8.map(HostSyntax.folded)
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    guard !bytes.isEmpty, bytes.count <= HostSyntax.maximumNameCount else { return nil }
    for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard (1...HostSyntax.maximumLabelCount).contains(label.count), label.allSatisfy(Self.isLabelByte) else {
        return nil
      }
    }
    rawValue = String(decoding: bytes, as: UTF8.self)
  }

  /// A host's name, which is always one of the DNS.
  public init(_ host: HostName) { rawValue = host.rawValue }

  /// The name of a label under this one, or nil where the two make no name.
  public func prefixed(by label: String) -> DNSName? { DNSName(label + "." + rawValue) }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  public static func < (left: DNSName, right: DNSName) -> Bool { left.rawValue < right.rawValue }
}

extension DNSName: CustomStringConvertible {
  public var description: String { rawValue }
}

extension DNSName: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let string = try container.decode(String.self)
    guard let name = DNSName(string) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a name in the DNS: \(string)")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
