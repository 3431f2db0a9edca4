internal import SaaSCore

/// The tables of ``InMemoryTenantStore``; every mutating function checks first and then changes, so that it changes all
/// or nothing.
struct TenantTables {
  /// A tenant with the keys of what it has.
  struct Record {
    var tenant: Tenant
    var holds: Set<Slug> = []
    var hosts: Set<HostName> = []
  }

  /// A tenant's place in the change feed.
  struct FeedEntry: Comparable {
    let revision: Int64
    let id: TenantID

    static func < (left: FeedEntry, right: FeedEntry) -> Bool { left.revision < right.revision }
  }

  /// A mapping's place in the order of checks.
  struct DueEntry: Comparable {
    let at: Timestamp
    let host: HostName
    let id: TenantID

    init?(_ mapping: DomainMapping) {
      guard let next = mapping.dueAt else { return nil }
      at = next
      host = mapping.host
      id = mapping.tenantID
    }

    static func < (left: DueEntry, right: DueEntry) -> Bool {
      (left.at, left.host, left.id) < (right.at, right.host, right.id)
    }
  }

  /// A mapping with the label that it keeps from slugs.
  struct StoredMapping {
    let mapping: DomainMapping
    let label: Slug?
  }

  private(set) var records: [TenantID: Record] = [:]
  private(set) var owners: [Slug: TenantID] = [:]
  private(set) var organizations: [OrgID: TenantID] = [:]
  private(set) var ids = SortedChunks<TenantID>()
  private(set) var feed = SortedChunks<FeedEntry>()
  private(set) var revision: Int64 = 0
  private var due = SortedChunks<DueEntry>()
  private var holds: [Slug: SlugHold] = [:]
  private var mappings: [HostName: [TenantID: StoredMapping]] = [:]
  // Mappings under several platform domains may have one label; it is free when the last of them goes.
  private var labels: [Slug: Int] = [:]
  private var drafts: [OutboxDraft] = []

  /// What the changes since the last call tell the outbox.
  mutating func takeDrafts() -> [OutboxDraft] {
    defer { drafts = [] }
    return drafts
  }

  // MARK: Tenants

  mutating func insert(_ tenant: Tenant, at now: Timestamp) throws(TenantStoreError) -> Tenant {
    try TenancyRules.checkInsertion(
      of: tenant, idExists: records[tenant.id] != nil,
      organizationHasTenant: organizations[tenant.organizationID] != nil, slug: facts(of: tenant.slug), at: now)
    dropHold(on: tenant.slug, takenBy: tenant.id)
    records[tenant.id] = Record(tenant: tenant)
    owners[tenant.slug] = tenant.id
    organizations[tenant.organizationID] = tenant.id
    ids.insert(tenant.id)
    return stamp(tenant, telling: TenancyEvent.differences(from: nil, to: tenant, heldUntil: nil), at: now)
  }

  mutating func rename(
    _ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp
  ) throws(TenantStoreError) -> Tenant {
    let tenant = try present(id)
    guard let renamed = try TenancyRules.renaming(tenant, from: expected, to: slug, facts(of: slug), at: now) else {
      return tenant
    }
    dropHold(on: slug, takenBy: id)
    owners[tenant.slug] = nil
    owners[slug] = id
    holds[tenant.slug] = SlugHold(slug: tenant.slug, tenantID: id, until: until)
    records[id]?.holds.insert(tenant.slug)
    return stamp(renamed, telling: TenancyEvent.differences(from: tenant, to: renamed, heldUntil: until), at: now)
  }

  mutating func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) throws(TenantStoreError)
    -> Tenant
  {
    let tenant = try present(id)
    guard let changed = try TenancyRules.settingStatus(status, of: tenant) else { return tenant }
    return stamp(changed, telling: TenancyEvent.differences(from: tenant, to: changed, heldUntil: nil), at: now)
  }

  private func present(_ id: TenantID) throws(TenantStoreError) -> Tenant {
    guard let tenant = records[id]?.tenant else { throw .store(.notFound) }
    return tenant
  }

  private func facts(of slug: Slug) -> TenancyRules.SlugFacts {
    TenancyRules.SlugFacts(owner: owners[slug], isLabel: labels[slug] != nil, hold: holds[slug])
  }

  /// Drops the hold on a slug that a tenant takes. A former owner's directory entry changes by it, so it is stamped too.
  private mutating func dropHold(on slug: Slug, takenBy id: TenantID) {
    guard let hold = holds.removeValue(forKey: slug) else { return }
    records[hold.tenantID]?.holds.remove(slug)
    if hold.tenantID != id, let former = records[hold.tenantID]?.tenant { stamp(former) }
  }

  // MARK: Mappings

  mutating func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) throws(TenantStoreError)
    -> DomainMapping
  {
    let tenant = try present(mapping.tenantID)
    let inserted = try TenancyRules.inserting(
      mapping, of: tenant, present: all(of: mapping.host), label: label.map { ($0, facts(of: $0)) }, at: now)
    put(inserted, label: label, at: now)
    if let label { labels[label, default: 0] += 1 }
    return inserted
  }

  mutating func claim(
    _ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp
  ) throws(TenantStoreError) -> DomainMapping {
    let tenant = try present(id)
    let present = records[id]?.hosts.compactMap { mappings[$0]?[id]?.mapping } ?? []
    let claimed = try TenancyRules.claiming(
      host, by: tenant, as: claim, present: present, ifFewerThan: limit, at: now)
    put(claimed, label: nil, at: now)
    return claimed
  }

  /// Writes a mapping, new or in the place of its former self, and stamps its tenant.
  private mutating func put(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) {
    let old = mappings[mapping.host]?[mapping.tenantID]?.mapping
    if let entry = old.flatMap(DueEntry.init) { due.remove(entry) }
    if let entry = DueEntry(mapping) { due.insert(entry) }
    mappings[mapping.host, default: [:]][mapping.tenantID] = StoredMapping(mapping: mapping, label: label)
    records[mapping.tenantID]?.hosts.insert(mapping.host)
    stampOwner(from: old, to: mapping, at: now)
  }

  mutating func update(_ mapping: DomainMapping, at now: Timestamp) throws(TenantStoreError) -> DomainMapping {
    let update = try TenancyRules.updating(mapping, present: all(of: mapping.host), at: now)
    for changed in [update.mapping] + update.losers.sorted(by: { $0.tenantID < $1.tenantID }) {
      put(changed, label: mappings[changed.host]?[changed.tenantID]?.label, at: now)
    }
    return update.mapping
  }

  mutating func delete(_ mapping: DomainMapping, at now: Timestamp) throws(TenantStoreError) {
    guard let stored = mappings[mapping.host]?[mapping.tenantID] else { return }
    try TenancyRules.checkVersion(of: mapping, stored: stored.mapping)
    if let entry = DueEntry(stored.mapping) { due.remove(entry) }
    mappings[mapping.host]?[mapping.tenantID] = nil
    if mappings[mapping.host]?.isEmpty == true { mappings[mapping.host] = nil }
    records[mapping.tenantID]?.hosts.remove(mapping.host)
    if let label = stored.label {
      let left = labels[label, default: 1] - 1
      labels[label] = left > 0 ? left : nil
    }
    stampOwner(from: stored.mapping, to: nil, at: now)
  }

  private func all(of host: HostName) -> [DomainMapping] { mappings[host]?.values.map(\.mapping) ?? [] }

  private mutating func stampOwner(from old: DomainMapping?, to new: DomainMapping?, at now: Timestamp) {
    guard let id = (new ?? old)?.tenantID, let tenant = records[id]?.tenant else { return }
    stamp(tenant, telling: [TenancyEvent.difference(from: old, to: new)].compactMap(\.self), at: now)
  }

  // MARK: Stamping

  /// Gives a tenant the next revision and its new place in the feed, and keeps what is to be told.
  @discardableResult
  private mutating func stamp(_ tenant: Tenant, telling events: [TenancyEvent] = [], at now: Timestamp = .distantPast)
    -> Tenant
  {
    revision += 1
    feed.remove(FeedEntry(revision: records[tenant.id]?.tenant.revision ?? 0, id: tenant.id))
    feed.insert(FeedEntry(revision: revision, id: tenant.id))
    var stamped = tenant
    stamped.revision = revision
    records[tenant.id]?.tenant = stamped
    for (index, event) in events.enumerated() {
      drafts.append(event.draft(of: tenant.organizationID, revision: revision, index: index, at: now))
    }
    return stamped
  }

  // MARK: Reading

  func mappings(dueAt now: Timestamp, limit: PageLimit) -> [DomainMapping] {
    due.prefix(limit.count) { _ in true }.prefix { $0.at <= now }.compactMap { mappings[$0.host]?[$0.id]?.mapping }
  }

  func hostRecords(host: HostName, slug: Slug?) -> HostRecords {
    let mapped = all(of: host).sorted { $0.tenantID < $1.tenantID }.compactMap { mapping in
      records[mapping.tenantID].map { HostRecords.MappedTenant(mapping: mapping, tenant: $0.tenant) }
    }
    let hold = slug.flatMap { holds[$0] }.flatMap { hold in
      records[hold.tenantID].map { HostRecords.HeldSlug(hold: hold, tenant: $0.tenant) }
    }
    let owner = slug.flatMap { owners[$0] }.flatMap { records[$0]?.tenant }
    return HostRecords(mappings: mapped, slugOwner: owner, hold: hold)
  }

  /// A tenant with its holds in the order of slugs and its mappings in the order of hosts.
  func hosts(of id: TenantID) -> TenantHosts? {
    guard let record = records[id] else { return nil }
    return TenantHosts(
      tenant: record.tenant, holds: record.holds.sorted().compactMap { holds[$0] },
      mappings: record.hosts.sorted().compactMap { mappings[$0]?[id]?.mapping })
  }
}
