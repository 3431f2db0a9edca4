/// What a host is: a trivial value that is copied without touching memory that anybody shares.
///
/// It names its tenant by a number that only the index (or directory) which gave it can read.
public struct HostVerdict: Sendable, Hashable {
  /// The kinds of host.
  public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
    /// A tenant's.
    case tenant
    /// The platform's own pages.
    case platform
    /// A reserved word under a platform domain: 404 unless the host application routes it itself.
    case reserved
    /// A slug that its tenant gave up by rename, within the hold: a redirect to the new host.
    case moved
    /// A tenant's that is suspended.
    case suspended
    /// Nobody's: 404.
    case notFound
  }

  /// What the host is.
  public let kind: Kind
  /// Why it is nobody's, or `reserved`; nil for the other kinds.
  public let reason: HostReason?
  /// The platform domain under which a slug was found, by its place in ``Platform/domains``.
  package let platform: UInt16
  /// The tenant, by its place in the index; meaningless without one.
  package let tenant: UInt32
  /// The generation of the index that gave it.
  public let generation: UInt64

  package init(
    _ kind: Kind, reason: HostReason? = nil, platform: UInt16 = 0, tenant: UInt32 = 0, generation: UInt64 = 0
  ) {
    self.kind = kind
    self.reason = reason
    self.platform = platform
    self.tenant = tenant
    self.generation = generation
  }
}

extension HostVerdict.Kind: CustomStringConvertible {
  /// The kind as it is written in tables and logs: `tenant platform reserved moved suspended not-found`.
  public var description: String {
    switch self {
    case .tenant: "tenant"
    case .platform: "platform"
    case .reserved: "reserved"
    case .moved: "moved"
    case .suspended: "suspended"
    case .notFound: "not-found"
    }
  }
}
