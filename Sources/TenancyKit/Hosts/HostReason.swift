/// Why a host is not served as a tenant's: a closed list, in the order in which the rules are tried.
///
/// The first that applies is given. RFC 9110 §7.2 says what a Host header may hold, RFC 3986 §3.2.2 what a host is, and
/// RFC 1035 §2.3.4 and RFC 1123 §2.1 what a host name is.
public enum HostReason: UInt8, Sendable, Hashable, CaseIterable {
  /// No name is left before the port.
  case empty
  /// The name has more than 253 bytes.
  case tooLong
  /// A byte is none of letters, digits, hyphen and dot: user-info, path, percent sign, comma, space, underscore, control
  /// and non-ASCII bytes among them.
  case invalidCharacter
  /// Two dots in a row, or one in front.
  case emptyLabel
  /// A label has more than 63 bytes.
  case labelTooLong
  /// A label begins or ends with a hyphen.
  case hyphenAtEdge
  /// What follows the colon is not a number up to 65 535.
  case invalidPort
  /// An IP literal in brackets, or a name whose last label is a number, which WHATWG's URL Standard reads as IPv4.
  case ipAddress
  /// One label under a platform domain that cannot be a slug.
  case invalidSlug
  /// One label under a platform domain that is the platform's own.
  case reserved
  /// One label under a platform domain that no tenant has.
  case noSuchTenant
  /// Another host that no tenant has.
  case noSuchDomain
  /// A host whose mapping is not active, so that it never serves.
  case domainNotActive
  /// More than one label under a platform domain.
  case tooManyLabels
  /// The tenant was closed.
  case closed
}

extension HostReason: CustomStringConvertible {
  /// The case's name, as it is written in answers and logs.
  public var description: String {
    switch self {
    case .empty: "empty"
    case .tooLong: "tooLong"
    case .invalidCharacter: "invalidCharacter"
    case .emptyLabel: "emptyLabel"
    case .labelTooLong: "labelTooLong"
    case .hyphenAtEdge: "hyphenAtEdge"
    case .invalidPort: "invalidPort"
    case .ipAddress: "ipAddress"
    case .invalidSlug: "invalidSlug"
    case .reserved: "reserved"
    case .noSuchTenant: "noSuchTenant"
    case .noSuchDomain: "noSuchDomain"
    case .domainNotActive: "domainNotActive"
    case .tooManyLabels: "tooManyLabels"
    case .closed: "closed"
    }
  }
}
