/// The mappings that are to be checked now.
public struct DueMappings: Sendable, Hashable {
  /// Those that can be read: the longest waiting first, then by host and tenant.
  public let mappings: [DomainMapping]
  /// Those that waited no shorter and cannot be read, so that an operator can look; they take no place among the others.
  public let unreadable: [Unreadable]

  /// A mapping that is stored and cannot be read.
  public struct Unreadable: Sendable, Hashable {
    /// The host as it is stored.
    public let host: String
    /// The tenant's identifier as it is stored.
    public let tenantID: String
    /// What is wrong with it, for the operator's log.
    public let reason: String

    /// A mapping that is stored and cannot be read.
    public init(host: String, tenantID: String, reason: String) {
      self.host = host
      self.tenantID = tenantID
      self.reason = reason
    }
  }

  /// The mappings that are to be checked.
  public init(_ mappings: [DomainMapping], unreadable: [Unreadable] = []) {
    self.mappings = mappings
    self.unreadable = unreadable
  }
}
