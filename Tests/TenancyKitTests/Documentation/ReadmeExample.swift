import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// What the README's first example answers a request with.
enum ReadmeAnswer: Equatable {
  case page(of: TenantContext)
  case redirect(to: HostName)
  case ownPages, suspended, notFound
}

/// The README's first example, word for word, so that it is compiled and run.
func readmeExample(at now: Timestamp, newIdentifier: @escaping @Sendable () -> String) async throws -> ReadmeAnswer {
  let platform = try Platform(domains: ["emperor.gallery", "localhost"])
  let store = InMemoryTenantStore()  // or SQLiteStore(path:), or a store of your own
  let hosts = try await HostDirectory(platform: platform, store: store)
  let tenants = TenantService(platform: platform, store: store, directories: [hosts]) {
    "tnt_" + newIdentifier()
  }

  // A customer signs up.
  let owner = Membership(userID: try UserID("user_1"), organizationID: try OrgID("org_1"), role: .owner)
  _ = try await tenants.create(slug: "team-a", as: owner, at: now)

  // A request comes in.
  let verdict = hosts.verdict(forHost: "Team-A.emperor.gallery:443", at: now)
  switch verdict.kind {
  case .tenant:
    if let tenant = hosts.context(for: verdict) { return .page(of: tenant) }
  case .moved:
    if let host = hosts.movedHost(for: verdict) { return .redirect(to: host) }
  case .platform: return .ownPages
  case .suspended: return .suspended
  case .reserved, .notFound: break
  }
  return .notFound
}

private func freshStore() async throws -> TenantStoreSubject { InMemorySubjects.tenants() }

@Suite struct OurStoreTests {
  @Test(arguments: TenantStoreConformance.checks)
  func `our store conforms`(check: TenantStoreConformance.Check) async throws {
    try await check.run { try await freshStore() }
  }
}
