import SaaSCore
import Synchronization
import TenancyKit

/// A store of a generated directory that hands out tenants page by page, and then the changes that it is told to.
///
/// A real store takes its own time; this one takes almost none, so that what is measured is the directory.
final class FileTenantStore: TenantStore {
  private let tenants: [TenantHosts]
  private let feed = Mutex<[TenantHosts]>([])

  init(_ tenants: [TenantHosts]) { self.tenants = tenants }

  func change(_ hosts: TenantHosts) { feed.withLock { $0.append(hosts) } }

  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
    var start = 0
    if let id {
      var end = tenants.count
      while start < end {
        let middle = (start + end) / 2
        if tenants[middle].tenant.id <= id { start = middle + 1 } else { end = middle }
      }
    }
    let end = min(start + limit.count, tenants.count)
    return Page(Array(tenants[start..<end]), next: end < tenants.count ? tenants[end - 1].tenant.id : nil)
  }

  func revision() async throws(TenantStoreError) -> Int64 { Int64(feed.withLock { $0.count }) }

  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
    feed.withLock { feed in .changes(Array(feed.dropFirst(Int(revision))), through: Int64(feed.count)) }
  }

  // MARK: Not asked for here

  private static let refusal = TenantStoreError.store(.unavailable(.failed("a generated directory is read only")))

  func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant { throw Self.refusal }
  func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? { throw Self.refusal }
  func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? { throw Self.refusal }
  func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? { throw Self.refusal }
  func rename(_ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp)
    async throws(TenantStoreError) -> Tenant
  { throw Self.refusal }
  func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    throw Self.refusal
  }
  func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping
  { throw Self.refusal }
  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    throw Self.refusal
  }
  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) { throw Self.refusal }
  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping
  { throw Self.refusal }
  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    throw Self.refusal
  }
  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords { throw Self.refusal }
  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? { throw Self.refusal }
}
