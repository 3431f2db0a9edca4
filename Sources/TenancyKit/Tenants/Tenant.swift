public import SaaSCore

/// One organisation's share of the platform, as a ``TenantStore`` keeps it.
///
/// It is plain data; the right to act for a tenant is a ``TenantContext``.
public struct Tenant: Sendable, Hashable, Codable {
  /// The tenant's identifier; never changes.
  public let id: TenantID
  /// The organisation, which has no other tenant; never changes.
  public let organizationID: OrgID
  /// The present slug.
  public var slug: Slug
  /// Whether the tenant is served.
  public var status: Status
  /// When it was created.
  public let createdAt: Timestamp
  /// The revision of the store's change feed at which the tenant, its holds or its mappings last changed.
  public var revision: Int64

  /// A tenant as a store keeps it; a new one is `active` and has no revision yet.
  public init(
    id: TenantID, organizationID: OrgID, slug: Slug, status: Status = .active, createdAt: Timestamp, revision: Int64 = 0
  ) {
    self.id = id
    self.organizationID = organizationID
    self.slug = slug
    self.status = status
    self.createdAt = createdAt
    self.revision = revision
  }

  /// Whether a tenant is served.
  public enum Status: String, Sendable, Hashable, Codable, CaseIterable {
    /// Served.
    case active
    /// Not served until resumed; its hosts get a verdict of their own.
    case suspended
    /// Gone for good: its hosts are not found, and nobody else can have its slug.
    case closed

    /// Whether a tenant may go from this status to another. Staying is not going; nothing leaves `closed`.
    public func canBecome(_ next: Status) -> Bool {
      switch (self, next) {
      case (.active, .suspended), (.suspended, .active), (.active, .closed), (.suspended, .closed): true
      default: false
      }
    }
  }
}

/// A slug that a tenant gave up by rename, and until when nobody else can have it.
public struct SlugHold: Sendable, Hashable, Codable {
  /// The slug that was given up.
  public let slug: Slug
  /// The tenant that gave it up, and may take it back.
  public let tenantID: TenantID
  /// The first instant at which the slug is free again; the hold ends by itself.
  public let until: Timestamp

  /// A hold as a store keeps it.
  public init(slug: Slug, tenantID: TenantID, until: Timestamp) {
    self.slug = slug
    self.tenantID = tenantID
    self.until = until
  }

  /// Whether the slug is still held at an instant.
  public func isLive(at instant: Timestamp) -> Bool { instant < until }
}

/// A tenant with everything by which hosts resolve to it, read at one moment: the unit of which directories are made.
public struct TenantHosts: Sendable, Hashable {
  /// The tenant.
  public let tenant: Tenant
  /// The slugs it gave up, those whose hold is over perhaps among them.
  public let holds: [SlugHold]
  /// Its mappings in every state.
  public let mappings: [DomainMapping]

  /// A tenant with its holds and mappings.
  public init(tenant: Tenant, holds: [SlugHold], mappings: [DomainMapping]) {
    self.tenant = tenant
    self.holds = holds
    self.mappings = mappings
  }
}
