import SaaSCore
import TenancyKit

/// The one small directory over which ``HostRow/table`` is read.
enum HostFixture {
  /// The instant of every row; a hold that ends at it is over.
  static let now = Timestamp(seconds: 1_800_000_000)

  static func platform() throws -> Platform {
    try Platform(domains: ["emperor.gallery", "app.emperor.gallery", "localhost"], reserving: ["status"])
  }

  /// The same with its domains in two orders: an index looks for slugs of a first domain that no other is under in another
  /// way.
  static func platforms() throws -> [Platform] {
    [
      try platform(),
      try Platform(domains: ["localhost", "emperor.gallery", "app.emperor.gallery"], reserving: ["status"]),
    ]
  }

  /// A slug of the most bytes a label may have.
  static let longestLabel = String(repeating: "m", count: 63)
  /// A host of the most bytes a name may have: 253.
  static let longestName =
    ["a", "b", "c"].map { String(repeating: $0, count: 63) }.joined(separator: ".")
    + "." + String(repeating: "d", count: 57) + ".com"

  /// The tenants: `a`, `b`, `max`, `one`, `num` and `hex` active, `s` suspended, `c` closed.
  static func tenants() throws -> [TenantHosts] {
    [
      try tenant(
        "a", "team-a",
        mappings: [
          ("customer.com", .custom, .active), ("www.customer.com", .custom, .active),
          (longestName, .custom, .active), ("xn--caf-dma.example", .custom, .active),
          ("pending.customer.com", .custom, .pending), ("verified.customer.com", .custom, .verified),
          ("broken.customer.com", .custom, .error(.notConfigured)),
          ("lost.customer.com", .custom, .error(.ownershipLost)),
          ("late.customer.com", .custom, .error(.expired)),
          ("refused.customer.com", .custom, .error(.refused(code: "x"))),
          ("leaving.customer.com", .custom, .removing), ("contested.example", .custom, .error(.claimedElsewhere)),
          ("gallery-one.emperor.gallery", .subdomain, .active), ("eu.team-a.emperor.gallery", .subdomain, .active),
          ("a.b.c.d.localhost", .subdomain, .active), ("eu.team-a.app.emperor.gallery", .subdomain, .active),
          ("old.team-a.emperor.gallery", .subdomain, .removing), ("old-label.emperor.gallery", .subdomain, .removing),
          ("x--y.emperor.gallery", .subdomain, .removing),
        ]),
      try tenant(
        "b", "team-b", holds: [("team-b-old", now + .seconds(1)), ("team-b-over", now)],
        mappings: [
          ("contested.example", .custom, .active), ("only-here.localhost", .subdomain, .active),
          ("a--b.emperor.gallery", .subdomain, .active), ("xn--bcher-kva.emperor.gallery", .subdomain, .active),
        ]),
      try tenant(
        "s", "sleeping", .suspended, holds: [("sleepy-old", now + .seconds(60))],
        mappings: [
          ("www.sleeping.com", .custom, .active), ("pending.sleeping.com", .custom, .pending),
          ("nap.emperor.gallery", .subdomain, .active), ("eu.sleeping.emperor.gallery", .subdomain, .active),
        ]),
      try tenant(
        "c", "gone", .closed, holds: [("gone-old", now + .seconds(60)), ("gone-over", now - .seconds(1))],
        mappings: [
          ("www.gone.com", .custom, .active), ("pending.gone.com", .custom, .pending),
          ("lobby.emperor.gallery", .subdomain, .active), ("eu.gone.emperor.gallery", .subdomain, .active),
        ]),
      try tenant("max", longestLabel),
      try tenant("one", "x"),
      try tenant("num", "42"),
      try tenant("hex", "0x"),
    ]
  }

  private static func tenant(
    _ id: String, _ slug: String, _ status: Tenant.Status = .active, holds: [(String, Timestamp)] = [],
    mappings: [(String, DomainMapping.Kind, DomainMapping.State)] = []
  ) throws -> TenantHosts {
    let tenantID = try TenantID(id)
    let created = now - .seconds(1_000)
    return TenantHosts(
      tenant: Tenant(
        id: tenantID, organizationID: try OrgID("org-" + id), slug: try Slug(slug), status: status, createdAt: created,
        revision: 1),
      holds: try holds.map { SlugHold(slug: try Slug($0.0), tenantID: tenantID, until: $0.1) },
      mappings: try mappings.map { host, kind, state in
        DomainMapping(
          host: try HostName(host), tenantID: tenantID, kind: kind, state: state,
          provenAt: state == .verified || state == .active ? created : nil, createdAt: created, changedAt: created,
          version: 1)
      })
  }
}
