import SaaSCore
import TenancyKit

/// Gets a context as every application does, from a store.
@main
struct Control {
  static func main() async throws {
    let store = InMemoryTenantStore()
    let now = Timestamp(seconds: 1_750_000_000)
    _ = try await store.insert(
      Tenant(id: TenantID("t"), organizationID: OrgID("o"), slug: Slug("team-a"), createdAt: now), at: now)
    guard let context = try await store.context(slug: Slug("team-a")) else { throw TenantStoreError.store(.notFound) }
    let hosts = try await HostDirectory(platform: Platform(domains: ["localhost"]), store: store)
    print(hosts.resolve("team-a.localhost", at: now).context == context ? "served" : "not served")
  }
}
