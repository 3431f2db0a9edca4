import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite struct TenantServiceTests {
  let platform: Platform
  let store = InMemoryTenantStore()
  let flaky: FlakyTenantStore
  let directory: HostDirectory
  let cache: CachingHostResolver
  let service: TenantService
  let now = Timestamp(seconds: 1_750_000_000)
  static let day = Duration.seconds(86_400)

  init() async throws {
    platform = try Platform(domains: ["emperor.gallery", "localhost"], reserving: ["status"])
    flaky = FlakyTenantStore(store)
    directory = try await HostDirectory(platform: platform, store: flaky, clock: ManualClock(now))
    cache = CachingHostResolver(platform: platform, store: flaky)
    let count = Lock(0)
    service = TenantService(platform: platform, store: store, directories: [directory, cache]) {
      let number = count.withLock {
        $0 += 1
        return $0
      }
      return "t\(number)"
    }
  }

  private func member(_ organization: String = "acme", _ role: Membership.Role = .owner) throws -> Membership {
    Membership(userID: try UserID("u"), organizationID: try OrgID(organization), role: role)
  }

  /// What both directories of this process say of a host; they must agree.
  private func resolve(_ host: String, at instant: Timestamp? = nil) async throws -> HostResolution {
    let resolution = directory.resolve(host, at: instant ?? now)
    #expect(try await cache.resolve(host, at: instant ?? now) == resolution, "\(host)")
    return resolution
  }

  @Test func `a created tenant is served when the call returns`() async throws {
    #expect(try await resolve("team-a.localhost").reason == .noSuchTenant)
    let tenant = try await service.create(slug: "team-a", as: member("acme", .admin), at: now)
    #expect(tenant.tenantID.rawValue == "t1")
    #expect(tenant.organizationID.rawValue == "acme")
    #expect(try await resolve("team-a.localhost").context == tenant)
    #expect(try await store.context(organization: OrgID("acme")) == tenant)
  }

  @Test(arguments: ["", "Team-a", "team--a", "-a", "www", "status", "a_b", String(repeating: "a", count: 64)])
  func `a text that cannot be a slug here is refused with its rule`(text: String) async throws {
    let tenant = try await service.create(slug: "fine", as: member(), at: now)
    let member = try member("other")
    await #expect(performing: { try await service.create(slug: text, as: member, at: now) }, throws: Self.isInvalidSlug)
    let owner = try self.member()
    await #expect(
      performing: { try await service.rename(tenant, to: text, as: owner, at: now) }, throws: Self.isInvalidSlug)
    #expect(try await store.revision() == 1)
  }

  private static func isInvalidSlug(_ error: any Error) -> Bool {
    if case .invalidSlug = error as? TenantServiceError { return true }
    return false
  }

  @Test func `a rename moves the old link, holds it for ninety days, and then frees it`() async throws {
    let tenant = try await service.create(slug: "old", as: member(), at: now)
    let renamed = try await service.rename(tenant, to: "new", as: member("acme", .admin), at: now)
    #expect(renamed.slug.rawValue == "new")
    #expect(try await resolve("old.emperor.gallery").movedTo?.rawValue == "new.emperor.gallery")
    #expect(try await resolve("new.emperor.gallery").context == renamed)
    let end = now + Self.day * 90
    let other = try member("other")
    await #expect(throws: TenantServiceError.store(.slugHeld(try Slug("old"), until: end))) {
      try await service.create(slug: "old", as: other, at: end - .microseconds(1))
    }
    let taker = try await service.create(slug: "old", as: other, at: end)
    #expect(try await resolve("old.emperor.gallery", at: end).context == taker)
  }

  @Test func `only an owner or admin of the organisation renames, and a refusal reads and changes nothing`()
    async throws
  {
    let tenant = try await service.create(slug: "team-a", as: member(), at: now)
    let stranger = try member("other")
    let plain = try member("acme", .member)
    await #expect(throws: TenantServiceError.refused(.notAMember)) {
      try await service.rename(tenant, to: "mine", as: stranger, at: now)
    }
    await #expect(throws: TenantServiceError.refused(.roleTooLow(needed: [.owner, .admin]))) {
      try await service.rename(tenant, to: "mine", as: plain, at: now)
    }
    await #expect(throws: TenantServiceError.refused(.roleTooLow(needed: [.owner, .admin]))) {
      try await service.create(slug: "mine", as: plain, at: now)
    }
    #expect(try await store.revision() == 1)
  }

  @Test func `a rename by a context from before another rename changes nothing`() async throws {
    let tenant = try await service.create(slug: "one", as: member(), at: now)
    _ = try await service.rename(tenant, to: "two", as: member(), at: now)
    let owner = try member()
    await #expect(throws: TenantServiceError.store(.slugChanged(try Slug("two")))) {
      try await service.rename(tenant, to: "three", as: owner, at: now)
    }
  }

  @Test func `an operator suspends, resumes and closes, and every step is seen at once`() async throws {
    let tenant = try await service.asOperator.create(slug: "team-a", for: OrgID("acme"), at: now)
    try await service.asOperator.suspend(tenant.tenantID, at: now)
    #expect(try await resolve("team-a.localhost").kind == .suspended)
    try await service.asOperator.suspend(tenant.tenantID, at: now)
    try await service.asOperator.resume(tenant.tenantID, at: now)
    #expect(try await resolve("team-a.localhost").context == tenant)
    try await service.asOperator.close(tenant.tenantID, at: now)
    #expect(try await resolve("team-a.localhost").reason == .closed)
    #expect(try await store.context(for: tenant.tenantID) == nil)
    await #expect(throws: TenantServiceError.store(.closed(tenant.tenantID))) {
      try await service.asOperator.resume(tenant.tenantID, at: now)
    }
    let events = try await store.outbox.events(after: 0, limit: .standard).map(\.kind)
    #expect(events == ["tenant.created", "tenant.suspended", "tenant.resumed", "tenant.closed"])
  }

  @Test func `an operator's subdomain is served at once, and takes its label from the slugs until it goes`()
    async throws
  {
    let tenant = try await service.create(slug: "team-a", as: member(), at: now)
    try await service.asOperator.addSubdomainMapping("Gallery-One.emperor.gallery.", to: tenant.tenantID, at: now)
    try await service.asOperator.addSubdomainMapping("eu.team-a.localhost", to: tenant.tenantID, at: now)
    try await service.asOperator.addSubdomainMapping("a--b.localhost", to: tenant.tenantID, at: now)
    for host in ["gallery-one.emperor.gallery", "eu.team-a.localhost", "a--b.localhost"] {
      #expect(try await resolve(host).context == tenant, "\(host)")
    }
    let slug = try Slug("gallery-one")
    let other = try member("other")
    await #expect(throws: TenantServiceError.store(.slugTaken(slug))) {
      try await service.create(slug: "gallery-one", as: other, at: now)
    }
    let host = try HostName("gallery-one.emperor.gallery")
    try await service.asOperator.removeSubdomainMapping(host, of: tenant.tenantID, at: now)
    #expect(try await resolve(host.rawValue).reason == .noSuchTenant)
    await #expect(throws: TenantServiceError.store(.store(.notFound))) {
      try await service.asOperator.removeSubdomainMapping(host, of: tenant.tenantID, at: now)
    }
    let taker = try await service.create(slug: "gallery-one", as: other, at: now)
    #expect(try await resolve(host.rawValue).context == taker)
  }

  @Test(arguments: [
    "localhost", "emperor.gallery", "www.localhost", "status.emperor.gallery", "customer.com",
    "team-a.emperor.gallery.evil.com", "evilemperor.gallery",
  ])
  func `a host that is not a tenant's to have cannot be mapped`(host: String) async throws {
    let tenant = try await service.create(slug: "team-a", as: member(), at: now)
    await #expect(throws: TenantServiceError.notATenantsSubdomain(try HostName(host))) {
      try await service.asOperator.addSubdomainMapping(host, to: tenant.tenantID, at: now)
    }
  }

  @Test func `a directory that fails does not undo a change, and catches up`() async throws {
    flaky.fail(with: .unavailable(.busy))
    let tenant = try await service.create(slug: "team-a", as: member(), at: now)
    #expect(directory.resolve("team-a.localhost", at: now).kind == .notFound)
    flaky.fail(with: nil)
    try await directory.refresh()
    #expect(try await resolve("team-a.localhost").context == tenant)
  }
}
