public import SaaSCore

/// What a host is, with everything that a host application needs to answer a request.
///
/// ``HostVerdict`` says the same in a trivial value for the fastest path; this one stands by itself.
public struct HostResolution: Sendable, Hashable {
  /// What the host is.
  public let kind: HostVerdict.Kind
  /// Why it is nobody's, or `reserved`; nil for the other kinds.
  public let reason: HostReason?
  /// The tenant, for the kinds `tenant`, `suspended` and `moved`; nil for the others.
  public let tenantID: TenantID?
  /// The right to act for the tenant; only for the kind `tenant`.
  public let context: TenantContext?
  /// For the kind `moved`, the tenant's present host under the same platform domain, without a port; nil where that
  /// would be too long to be a host.
  public let movedTo: HostName?

  private init(
    _ kind: HostVerdict.Kind, reason: HostReason? = nil, tenantID: TenantID? = nil, context: TenantContext? = nil,
    movedTo: HostName? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.tenantID = tenantID
    self.context = context
    self.movedTo = movedTo
  }
}

extension HostResolution {
  /// The platform's own pages.
  package static let platform = HostResolution(.platform)
  /// A reserved word under a platform domain.
  package static let reserved = HostResolution(.reserved, reason: .reserved)

  /// Nobody's host.
  package static func notFound(_ reason: HostReason) -> HostResolution { HostResolution(.notFound, reason: reason) }

  /// A host that is a tenant's, by its slug or an active mapping: what it is follows from the tenant's status.
  package static func owned(by tenant: Tenant) -> HostResolution {
    switch tenant.status {
    case .active: HostResolution(.tenant, tenantID: tenant.id, context: TenantContext(tenant))
    case .suspended: HostResolution(.suspended, tenantID: tenant.id)
    case .closed: .notFound(.closed)
    }
  }

  /// A slug that a tenant gave up and still holds; a closed tenant has nowhere to move to.
  package static func moved(_ tenant: Tenant, to host: HostName?) -> HostResolution {
    tenant.status == .closed
      ? .notFound(.closed) : HostResolution(.moved, tenantID: tenant.id, movedTo: host)
  }

  /// Whether this is an answer that somebody's next step could turn into another kind: nobody has the host yet.
  package var isNegative: Bool { kind == .notFound && reason != .closed }
}
