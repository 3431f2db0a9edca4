import SaaSCore
import TenancyKit

/// The organisations of the events, as tenants of a store.
enum Tenants {
  static func make(in store: some TenantStore) async throws -> [TenantContext] {
    var contexts: [TenantContext] = []
    for number in 0..<EventFile.organizations {
      let id = try TenantID("tenant_\(number)")
      if try await store.tenant(id) == nil {
        _ = try await store.insert(
          Tenant(
            id: id, organizationID: OrgID("org_\(number)"), slug: Slug("team-\(number)"), createdAt: start), at: start)
      }
      if let context = try await store.context(for: id) { contexts.append(context) }
    }
    return contexts
  }

  static let start = EventFile.lastDay.advanced(by: -EventFile.days).start
}
