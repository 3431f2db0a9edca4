internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let creation = [
    Check("an empty store has no tenant, no revision and no event", empty),
    Check("a created tenant is stored as it was given, under the next revision", created),
    Check("a tenant of any status can be created", createdInAnyStatus),
    Check("identifiers of every length and byte are kept apart and whole", identifiers),
    Check("a second tenant with an identifier is refused before anything else is looked at", repeatedIdentifier),
    Check("a second tenant of an organisation is refused before the slug is looked at", repeatedOrganization),
    Check("a slug that a tenant has is refused, a closed tenant's too", repeatedSlug),
    Check("a creation tells one event", creationEvent),
  ]

  private static func empty(_ subject: TenantStoreSubject) async throws {
    try Expect.equal(await subject.store.revision(), 0, "the revision of an empty store")
    try Expect.equal(await subject.all(), [], "the tenants of an empty store")
    try Expect.equal(await subject.events(), [], "the events of an empty store")
    try Expect.none(await subject.store.tenant(TenantID("t")), "tenant(_:)")
    try Expect.none(await subject.store.tenant(slug: Slug("t")), "tenant(slug:)")
    try Expect.none(await subject.store.tenant(organization: OrgID("t")), "tenant(organization:)")
    try Expect.none(await subject.store.hosts(of: TenantID("t")), "hosts(of:)")
    try Expect.equal(
      await subject.store.records(host: HostName("t.example"), slug: Slug("t")),
      HostRecords(mappings: [], slugOwner: nil, hold: nil), "records(host:slug:)")
    try Expect.equal(
      await subject.store.changes(after: 0, limit: .standard), .changes([], through: 0), "the feed of an empty store")
  }

  private static func created(_ subject: TenantStoreSubject) async throws {
    let instant = Timestamp(microseconds: 315_532_800_123_457)
    let draft = try subject.draft("t", slug: "team-a", organization: "acme", at: instant)
    let tenant = try await subject.store.insert(draft, at: instant)
    var expected = draft
    expected.revision = tenant.revision
    try Expect.equal(tenant, expected, "the answer")
    try Expect.holds(tenant.revision > 0, "the revision has grown", got: tenant.revision)
    for store in [subject.store, subject.peer] {
      try Expect.equal(await store.tenant(draft.id), tenant, "tenant(_:)")
      try Expect.equal(await store.tenant(slug: draft.slug), tenant, "tenant(slug:)")
      try Expect.equal(await store.tenant(organization: draft.organizationID), tenant, "tenant(organization:)")
      try Expect.equal(
        await store.hosts(of: draft.id), TenantHosts(tenant: tenant, holds: [], mappings: []), "hosts(of:)")
      try Expect.equal(await store.revision(), tenant.revision, "the store's revision")
    }
    let second = try await subject.peer.insert(subject.draft("u"), at: instant)
    try Expect.holds(second.revision > tenant.revision, "a later creation has a higher revision", got: second.revision)
    try Expect.equal(await subject.store.tenant(draft.id), tenant, "the first tenant after the second was created")
  }

  private static func createdInAnyStatus(_ subject: TenantStoreSubject) async throws {
    for status in Tenant.Status.allCases {
      let tenant = try await subject.create(status.rawValue, status: status)
      try Expect.equal(tenant.status, status, "the status of a tenant that was created so")
      try Expect.equal(await subject.store.tenant(tenant.id)?.status, status, "the status that was stored")
    }
  }

  private static func identifiers(_ subject: TenantStoreSubject) async throws {
    let names = [
      "a", "A", "a ", "a-", "é", "e\u{301}", "ÅÅ", "'; DROP TABLE tenants; --", "%", "_", "😀", "0", "00", "1e0", "null",
      String(repeating: "x", count: 39), String(repeating: "x", count: 40), String(repeating: "x", count: 255),
      String(repeating: "x", count: 254) + "y",
    ]
    for (number, name) in names.enumerated() {
      try await subject.create(name, slug: "s\(number)", organization: name)
    }
    for (number, name) in names.enumerated() {
      let slug = try Slug("s\(number)")
      try Expect.equal(await subject.store.tenant(TenantID(name))?.slug, slug, "the tenant with the identifier \(name)")
      try Expect.equal(
        await subject.store.tenant(organization: OrgID(name))?.slug, slug, "the tenant of the organisation \(name)")
    }
  }

  private static func repeatedIdentifier(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "team-a", organization: "acme")
    try await subject.refused(.tenantExists(TenantID("t")), "creating with the same identifier") {
      try await subject.create("t", slug: "team-b", organization: "other")
    }
    try await subject.refused(.tenantExists(TenantID("t")), "creating with the same identifier, organisation and slug")
    {
      try await subject.create("t", slug: "team-a", organization: "acme")
    }
  }

  private static func repeatedOrganization(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "team-a", organization: "acme")
    try await subject.refused(.organizationHasTenant(OrgID("acme")), "creating for the same organisation") {
      try await subject.create("u", slug: "team-b", organization: "acme")
    }
    try await subject.refused(.organizationHasTenant(OrgID("acme")), "creating for the same organisation with the slug")
    {
      try await subject.create("u", slug: "team-a", organization: "acme")
    }
  }

  private static func repeatedSlug(_ subject: TenantStoreSubject) async throws {
    for status in Tenant.Status.allCases {
      let slug = "of-" + status.rawValue
      try await subject.create(status.rawValue, slug: slug, status: status)
      try await subject.refused(.slugTaken(Slug(slug)), "creating with the slug of a tenant that is \(status)") {
        try await subject.create("new-" + status.rawValue, slug: slug)
      }
    }
  }

  private static func creationEvent(_ subject: TenantStoreSubject) async throws {
    let id = try TenantID("t")
    _ = try await subject.tells([.created(tenantID: id, slug: Slug("team-a"))], "a creation") {
      try await subject.create("t", slug: "team-a")
    }
  }
}
