import SaaSCore
import TenancyKit

/// A store that breaks one of its port's promises.
final class BrokenTenantStore: TenantStore {
  enum Fault: String, CaseIterable, Sendable {
    case holdsNothing, cutsHoldsToSeconds, asksItsOwnClock, forgetsLabels, writesOverOtherVersions, takesAnySlugForOld
    case skipsEndsOfPages, losesChanges, losesChangesOfFullPages, answersOldRevision, countsNoDomains
    case forgetsDueMappings, resurrects, splitsRenames, hidesHolds, keepsStatusQuiet, lagsBehind, takesUnproven
  }

  let base = InMemoryTenantStore()
  private let fault: Fault
  private let last = Lock<[TenantID: TenantHosts]>([:])

  init(_ fault: Fault) { self.fault = fault }

  private func instant(_ now: Timestamp) -> Timestamp {
    fault == .asksItsOwnClock ? Timestamp(seconds: 1_800_000_000) : now
  }

  func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    try await base.insert(tenant, at: instant(now))
  }

  func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant? { try await base.tenant(id) }
  func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant? { try await base.tenant(slug: slug) }
  func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant? {
    try await base.tenant(organization: organization)
  }

  func rename(_ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp)
    async throws(TenantStoreError) -> Tenant
  {
    var until = until
    var expected = expected
    switch fault {
    case .holdsNothing: until = .distantPast
    case .cutsHoldsToSeconds: until = Timestamp(microseconds: until.microseconds / 1_000_000 * 1_000_000)
    case .takesAnySlugForOld: expected = try await base.tenant(id)?.slug ?? expected
    case .splitsRenames:
      // Two transactions, and a moment between them.
      _ = try await base.setStatus(.suspended, of: id, at: now)
      _ = try await base.setStatus(.active, of: id, at: now)
    default: break
    }
    return try await base.rename(id, from: expected, to: slug, holdingUntil: until, at: instant(now))
  }

  func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError) -> Tenant {
    if fault == .resurrects, let tenant = try await base.tenant(id), tenant.status == .closed { return tenant }
    if fault == .keepsStatusQuiet, let tenant = try await base.tenant(id), tenant.status == status {
      throw .closed(id)
    }
    return try await base.setStatus(status, of: id, at: now)
  }

  func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping
  {
    var mapping = mapping
    if fault == .takesUnproven, mapping.state.needsProof, !mapping.ownsHost { mapping.state = .pending }
    return try await base.insert(mapping, label: fault == .forgetsLabels ? nil : label, at: now)
  }

  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping
  { try await base.claim(host, of: id, as: claim, ifFewerThan: fault == .countsNoDomains ? nil : limit, at: now) }

  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings {
    let due = try await base.mappings(dueAt: now, limit: limit)
    return fault == .forgetsDueMappings ? DueMappings(due.mappings.sorted { $0.host < $1.host }) : due
  }

  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping {
    var mapping = mapping
    if fault == .writesOverOtherVersions,
      let stored = try await base.hosts(of: mapping.tenantID)?.mappings.first(where: { $0.host == mapping.host })
    {
      mapping.version = stored.version
    }
    return try await base.update(mapping, at: now)
  }

  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) {
    try await base.delete(mapping, at: now)
  }

  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords {
    let records = try await base.records(host: host, slug: slug)
    guard fault == .hidesHolds else { return records }
    return HostRecords(mappings: records.mappings, slugOwner: records.slugOwner, hold: nil)
  }

  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts? {
    let hosts = try await base.hosts(of: id)
    guard fault == .lagsBehind else { return hosts }
    // What the last reader was told.
    return last.withLock { last in
      defer { last[id] = hosts }
      return last[id] ?? hosts
    }
  }

  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
    let page = try await base.hosts(after: id, limit: limit)
    guard fault == .skipsEndsOfPages, page.next != nil, page.elements.count > 1 else { return page }
    return Page(page.elements.dropLast(), next: page.next)
  }

  func revision() async throws(TenantStoreError) -> Int64 {
    let revision = try await base.revision()
    return fault == .answersOldRevision ? max(0, revision - 1) : revision
  }

  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges {
    guard case .changes(let hosts, let through) = try await base.changes(after: revision, limit: limit) else {
      return .reload
    }
    switch fault {
    case .losesChanges: return .changes(Array(hosts.dropFirst(hosts.count > 1 ? 1 : 0)), through: through)
    case .losesChangesOfFullPages where hosts.count == limit.count:
      return .changes(hosts, through: max(through, through + 1))
    default: return .changes(hosts, through: through)
    }
  }
}
