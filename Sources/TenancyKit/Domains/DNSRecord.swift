/// A record that a customer sets in the DNS of a domain.
public struct DNSRecord: Sendable, Hashable, Codable {
  /// What kind of record it is.
  public let kind: Kind
  /// The whole name at which it is set.
  public let name: DNSName
  /// What it says: a text, an address, or another name.
  public let value: String
  /// What it is good for.
  public let purpose: Purpose

  /// A record to be set.
  public init(_ kind: Kind, _ name: DNSName, _ value: String, for purpose: Purpose) {
    self.kind = kind
    self.name = name
    self.value = value
    self.purpose = purpose
  }

  /// The kinds of record that are asked for or looked up.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A text (RFC 1035 §3.3.14).
    case txt = "TXT"
    /// Another name for the same host (RFC 1035 §3.3.1); cannot be set at the top of a domain.
    case cname = "CNAME"
    /// An IPv4 address (RFC 1035 §3.4.1).
    case a = "A"
  }

  /// What a record is good for.
  public enum Purpose: String, Sendable, Hashable, Codable, CaseIterable {
    /// It proves to this platform that the tenant controls the name, and stays as long as the name is used.
    case ownership
    /// It proves the same to the provider.
    case providerOwnership
    /// It leads visitors to the provider.
    case routing
  }
}
