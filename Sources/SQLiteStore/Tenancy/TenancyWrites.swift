#if SQLite
  internal import SaaSCore
  internal import TenancyKit

  extension Transaction<TenantStoreError> {
    // MARK: Tenants

    func insert(_ tenant: Tenant, at now: Timestamp) throws(TenantStoreError) -> Tenant {
      try TenancyRules.checkInsertion(
        of: tenant, idExists: try self.tenant(tenant.id) != nil,
        organizationHasTenant: try self.tenant(organization: tenant.organizationID) != nil,
        slug: try facts(of: tenant.slug), at: now)
      try dropHold(on: tenant.slug, takenBy: tenant.id)
      return try stamp(
        tenant, by: .insertTenant, telling: TenancyEvent.differences(from: nil, to: tenant, heldUntil: nil), at: now)
    }

    func rename(
      _ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp
    ) throws(TenantStoreError) -> Tenant {
      let tenant = try present(id)
      let facts = try facts(of: slug)
      guard let renamed = try TenancyRules.renaming(tenant, from: expected, to: slug, facts, at: now) else {
        return tenant
      }
      try dropHold(on: slug, takenBy: id)
      let hold = try statement(.putHold)
      hold.bind(tenant.slug, at: 1)
      hold.bind(id, at: 2)
      hold.bind(until, at: 3)
      try hold.run()
      return try stamp(renamed, telling: TenancyEvent.differences(from: tenant, to: renamed, heldUntil: until), at: now)
    }

    func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) throws(TenantStoreError) -> Tenant {
      let tenant = try present(id)
      guard let changed = try TenancyRules.settingStatus(status, of: tenant) else { return tenant }
      return try stamp(changed, telling: TenancyEvent.differences(from: tenant, to: changed, heldUntil: nil), at: now)
    }

    private func present(_ id: TenantID) throws(TenantStoreError) -> Tenant {
      guard let tenant = try tenant(id) else { throw .store(.notFound) }
      return tenant
    }

    /// Drops the hold on a slug that a tenant takes. A former owner's hosts change by it, so it is stamped too.
    private func dropHold(on slug: Slug, takenBy id: TenantID) throws(TenantStoreError) {
      guard let hold = try hold(on: slug) else { return }
      let statement = try statement(.dropHold)
      statement.bind(slug, at: 1)
      try statement.run()
      if hold.tenantID != id, let former = try tenant(hold.tenantID) { try stamp(former) }
    }

    // MARK: Mappings

    func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) throws(TenantStoreError) -> DomainMapping {
      let tenant = try present(mapping.tenantID)
      var taking: (slug: Slug, facts: TenancyRules.SlugFacts)?
      if let label { taking = (label, try facts(of: label)) }
      let inserted = try TenancyRules.inserting(
        mapping, of: tenant, present: try mappings(of: mapping.host), label: taking, at: now)
      try put(inserted, replacing: nil, label: label, at: now)
      return inserted
    }

    func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
      throws(TenantStoreError) -> DomainMapping
    {
      let tenant = try present(id)
      let present = try mappings(of: id)
      let claimed = try TenancyRules.claiming(
        host, by: tenant, as: claim, present: present, ifFewerThan: limit, at: now)
      try put(claimed, replacing: present.first { $0.host == host }, at: now)
      return claimed
    }

    func update(_ mapping: DomainMapping, at now: Timestamp) throws(TenantStoreError) -> DomainMapping {
      let present = try mappings(of: mapping.host)
      let update = try TenancyRules.updating(mapping, present: present, at: now)
      for changed in [update.mapping] + update.losers.sorted(by: { $0.tenantID < $1.tenantID }) {
        try put(changed, replacing: present.first { $0.tenantID == changed.tenantID }, at: now)
      }
      return update.mapping
    }

    func delete(_ mapping: DomainMapping, at now: Timestamp) throws(TenantStoreError) {
      let present = try mappings(of: mapping.host)
      guard let stored = present.first(where: { $0.tenantID == mapping.tenantID }) else { return }
      try TenancyRules.checkVersion(of: mapping, stored: stored)
      let statement = try statement(.deleteMapping)
      statement.bind(mapping.host, at: 1)
      statement.bind(mapping.tenantID, at: 2)
      try statement.run()
      try stampOwner(from: stored, to: nil, at: now)
    }

    /// Writes a mapping, new or in the place of its former self, and stamps its tenant.
    private func put(_ mapping: DomainMapping, replacing old: DomainMapping?, label: Slug? = nil, at now: Timestamp)
      throws(TenantStoreError)
    {
      let statement = try statement(.putMapping)
      statement.bind(mapping, label: label)
      try statement.run()
      try stampOwner(from: old, to: mapping, at: now)
    }

    private func stampOwner(from old: DomainMapping?, to new: DomainMapping?, at now: Timestamp)
      throws(TenantStoreError)
    {
      guard let id = (new ?? old)?.tenantID, let tenant = try tenant(id) else { return }
      try stamp(tenant, telling: [TenancyEvent.difference(from: old, to: new)].compactMap(\.self), at: now)
    }

    // MARK: Stamping

    /// Writes a tenant with the next revision, and appends what is to be told.
    @discardableResult
    private func stamp(
      _ tenant: Tenant, by sql: SQL = .updateTenant, telling events: [TenancyEvent] = [],
      at now: Timestamp = .distantPast
    ) throws(TenantStoreError) -> Tenant {
      let next = try statement(.nextTenantRevision).first { (row) throws(TenantStoreError) in row.int64(0) }
      guard let revision = next else { throw .store(.corrupt("the row of tenant_revision is gone")) }
      var stamped = tenant
      stamped.revision = revision
      let statement = try statement(sql)
      statement.bind(stamped)
      try statement.run()
      try append(
        events.enumerated().map { index, event in
          event.draft(of: tenant.organizationID, revision: revision, index: index, at: now)
        })
      return stamped
    }
  }
#endif
