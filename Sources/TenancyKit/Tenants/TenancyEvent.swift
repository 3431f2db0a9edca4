public import SaaSCore

/// What happened to a tenant, as the outbox tells it. The payload is this value in JSON.
public enum TenancyEvent: Sendable, Hashable, Codable {
  /// A tenant was created (`tenant.created`).
  case created(tenantID: TenantID, slug: Slug)
  /// A tenant took another slug, and its old one is held until an instant (`tenant.renamed`).
  case renamed(tenantID: TenantID, from: Slug, to: Slug, heldUntil: Timestamp)
  /// A tenant is no longer served (`tenant.suspended`).
  case suspended(tenantID: TenantID)
  /// A suspended tenant is served again (`tenant.resumed`).
  case resumed(tenantID: TenantID)
  /// A tenant is gone for good (`tenant.closed`).
  case closed(tenantID: TenantID)
  /// A mapping came to be, changed its state, or went; nil stands for not being there (`domain.changed`).
  case domainChanged(tenantID: TenantID, host: HostName, from: DomainMapping.State?, to: DomainMapping.State?)

  /// The tenant that it happened to.
  public var tenantID: TenantID {
    switch self {
    case .created(let id, _), .renamed(let id, _, _, _), .suspended(let id), .resumed(let id), .closed(let id),
      .domainChanged(let id, _, _, _):
      id
    }
  }

  /// The dotted, lower-case name under which the outbox has it.
  public var kind: String {
    switch self {
    case .created: "tenant.created"
    case .renamed: "tenant.renamed"
    case .suspended: "tenant.suspended"
    case .resumed: "tenant.resumed"
    case .closed: "tenant.closed"
    case .domainChanged: "domain.changed"
    }
  }

  /// What changed between two values of one tenant, for its store to append; nothing where the two are alike.
  public static func differences(from old: Tenant?, to new: Tenant, heldUntil: Timestamp?) -> [TenancyEvent] {
    guard let old else { return [.created(tenantID: new.id, slug: new.slug)] }
    var events: [TenancyEvent] = []
    if old.slug != new.slug {
      events.append(.renamed(tenantID: new.id, from: old.slug, to: new.slug, heldUntil: heldUntil ?? .distantPast))
    }
    switch (old.status, new.status) {
    case (.active, .active), (.suspended, .suspended), (.closed, _): break
    case (_, .suspended): events.append(.suspended(tenantID: new.id))
    case (_, .active): events.append(.resumed(tenantID: new.id))
    case (_, .closed): events.append(.closed(tenantID: new.id))
    }
    return events
  }

  /// What changed between two values of one mapping, either of which may not be there; nil where the state is the same.
  public static func difference(from old: DomainMapping?, to new: DomainMapping?) -> TenancyEvent? {
    guard old?.state != new?.state, let one = new ?? old else { return nil }
    return .domainChanged(tenantID: one.tenantID, host: one.host, from: old?.state, to: new?.state)
  }

  /// What a store appends to the outbox for this event.
  ///
  /// - Parameters:
  ///   - revision: the tenant's revision that the change made, which makes the draft's ID stable and unique.
  ///   - index: the event's place among those of the same revision.
  public func draft(of organizationID: OrgID, revision: Int64, index: Int = 0, at now: Timestamp) -> OutboxDraft {
    // Strings, and enums of strings, always encode; an empty object would still carry ID and kind.
    let payload = (try? CanonicalJSON.encode(self)) ?? Array("{}".utf8)
    return OutboxDraft(
      id: "\(kind)/\(tenantID)/\(revision)/\(index)", organizationID: organizationID, occurredAt: now, kind: kind,
      payload: payload)
  }

  /// Reads an outbox event of this kit, or gives nil for another kit's.
  public init?(_ event: OutboxEvent) {
    guard event.kind.hasPrefix("tenant.") || event.kind.hasPrefix("domain."),
      let decoded = try? CanonicalJSON.decode(event.payload, as: TenancyEvent.self)
    else { return nil }
    self = decoded
  }
}
