public import SaaSCore
public import TenancyKit

/// Custom domains and where each stands.
public struct DomainSection: Sendable, Hashable, Codable {
  /// When the section was made.
  public let madeAt: Timestamp
  /// The tenant's present slug.
  public let slug: Slug
  /// The domains in the order of their names.
  public let domains: [Domain]

  /// One domain.
  public struct Domain: Sendable, Hashable, Codable {
    /// The host.
    public let host: HostName
    /// Whether it is the customer's own or the operator's.
    public let kind: DomainMapping.Kind
    /// Where it stands.
    public let state: DomainMapping.State
    /// Whether requests for it are served.
    public let isServed: Bool
    /// When it was asked for.
    public let createdAt: Timestamp
    /// When its state last changed.
    public let changedAt: Timestamp
  }

  init(_ hosts: TenantHosts, at now: Timestamp) {
    madeAt = now
    slug = hosts.tenant.slug
    domains = hosts.mappings.sorted { $0.host < $1.host }.map { mapping in
      Domain(
        host: mapping.host, kind: mapping.kind, state: mapping.state, isServed: mapping.serves,
        createdAt: mapping.createdAt, changedAt: mapping.changedAt)
    }
  }
}
