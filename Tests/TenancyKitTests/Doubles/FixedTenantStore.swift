import SaaSCore
import TenancyKit

/// A store that answers from a list of tenants by looking through all of it, and takes no writes.
struct FixedTenantStore: TenantStore {
  let tenants: [TenantHosts]

  private var readOnly: TenantStoreError { .store(.unavailable(.closed)) }

  func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant { throw readOnly }

  func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? {
    tenants.first { $0.tenant.id == id }?.tenant
  }

  func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? { tenants.first { $0.tenant.slug == slug }?.tenant }

  func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? {
    tenants.first { $0.tenant.organizationID == organization }?.tenant
  }

  func rename(_ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp)
    async throws(TenantStoreError) -> Tenant
  { throw readOnly }

  func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    throw readOnly
  }

  func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping
  { throw readOnly }

  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping
  { throw readOnly }

  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    DueMappings([])
  }

  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    throw readOnly
  }

  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) { throw readOnly }

  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
    tenants.records(host: host, slug: slug)
  }

  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? { tenants.first { $0.tenant.id == id } }

  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
    let rest = tenants.sorted { $0.tenant.id < $1.tenant.id }.filter { one in id.map { $0 < one.tenant.id } ?? true }
    let page = Array(rest.prefix(limit.count))
    return Page(page, next: rest.count > page.count ? page.last?.tenant.id : nil)
  }

  func revision() async throws(TenantStoreError) -> Int64 { tenants.map(\.tenant.revision).max() ?? 0 }

  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges { .reload }
}

extension [TenantHosts] {
  /// What a store answers on one host, by looking at everything.
  func records(host: HostName, slug: Slug?) -> HostRecords {
    HostRecords(
      mappings: flatMap { one in
        one.mappings.filter { $0.host == host }.map { HostRecords.MappedTenant(mapping: $0, tenant: one.tenant) }
      },
      slugOwner: slug.flatMap { slug in first { $0.tenant.slug == slug }?.tenant },
      hold: slug.flatMap { slug in
        for one in self {
          if let hold = one.holds.first(where: { $0.slug == slug }) {
            return HostRecords.HeldSlug(hold: hold, tenant: one.tenant)
          }
        }
        return nil
      })
  }
}
