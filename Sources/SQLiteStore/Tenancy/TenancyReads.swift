#if SQLite
  internal import SaaSCore
  internal import TenancyKit

  extension Transaction<TenantStoreError> {
    // MARK: Tenants

    func tenant(_ id: TenantID) throws(TenantStoreError) -> Tenant? { try oneTenant(.tenantByID, id.text) }

    func tenant(slug: Slug) throws(TenantStoreError) -> Tenant? { try oneTenant(.tenantBySlug, slug.text) }

    func tenant(organization: OrgID) throws(TenantStoreError) -> Tenant? {
      try oneTenant(.tenantByOrganization, organization.text)
    }

    private func oneTenant(_ sql: SQL, _ key: InlineText) throws(TenantStoreError) -> Tenant? {
      let statement = try statement(sql)
      statement.bind(key, at: 1)
      return try statement.first { (row) throws(TenantStoreError) in try row.tenant() }
    }

    // MARK: Slugs

    func hold(on slug: Slug) throws(TenantStoreError) -> SlugHold? {
      let statement = try statement(.holdOnSlug)
      statement.bind(slug, at: 1)
      return try statement.first { (row) throws(TenantStoreError) in try row.hold() }
    }

    /// Everything that can stand in the way of taking a slug.
    func facts(of slug: Slug) throws(TenantStoreError) -> TenancyRules.SlugFacts {
      let label = try statement(.isLabel)
      label.bind(slug, at: 1)
      let isLabel = try label.first { (row) throws(TenantStoreError) in row.bool(0) } ?? false
      return TenancyRules.SlugFacts(owner: try tenant(slug: slug)?.id, isLabel: isLabel, hold: try hold(on: slug))
    }

    // MARK: Mappings

    func mappings(of host: HostName) throws(TenantStoreError) -> [DomainMapping] {
      try mappings(.mappingsOfHost, host.text)
    }

    func mappings(of id: TenantID) throws(TenantStoreError) -> [DomainMapping] {
      try mappings(.mappingsOfTenant, id.text)
    }

    private func mappings(_ sql: SQL, _ key: InlineText) throws(TenantStoreError) -> [DomainMapping] {
      let statement = try statement(sql)
      statement.bind(key, at: 1)
      return try statement.all { (row) throws(TenantStoreError) in try row.mapping() }
    }

    func mappings(dueAt now: Timestamp, limit: PageLimit) throws(TenantStoreError) -> DueMappings {
      var count = limit.count
      while true {
        let statement = try statement(.mappingsDue)
        statement.bind(now, at: 1)
        statement.bind(count, at: 2)
        var readable: [DomainMapping] = []
        var unreadable: [DueMappings.Unreadable] = []
        for row in try statement.all({ (row) throws(TenantStoreError) in row.readMapping() }) {
          switch row {
          case .success(let mapping): readable.append(mapping)
          case .failure(let row): unreadable.append(row.mapping)
          }
        }
        let isLast = readable.count + unreadable.count < count || readable.count >= limit.count
        if isLast { return DueMappings(readable, unreadable: unreadable) }
        // Again, with room for those that can be read.
        count = limit.count + unreadable.count
      }
    }

    // MARK: Hosts

    func records(host: HostName, slug: Slug?) throws(TenantStoreError) -> HostRecords {
      var mapped: [HostRecords.MappedTenant] = []
      for mapping in try mappings(of: host) {
        if let tenant = try tenant(mapping.tenantID) { mapped.append(.init(mapping: mapping, tenant: tenant)) }
      }
      guard let slug else { return HostRecords(mappings: mapped, slugOwner: nil, hold: nil) }
      var held: HostRecords.HeldSlug?
      if let hold = try hold(on: slug), let former = try tenant(hold.tenantID) {
        held = HostRecords.HeldSlug(hold: hold, tenant: former)
      }
      return HostRecords(mappings: mapped, slugOwner: try tenant(slug: slug), hold: held)
    }

    /// A tenant with its holds in the order of slugs and its mappings in the order of hosts.
    func hosts(of tenant: Tenant) throws(TenantStoreError) -> TenantHosts {
      let holds = try statement(.holdsOfTenant)
      holds.bind(tenant.id, at: 1)
      return TenantHosts(
        tenant: tenant, holds: try holds.all { (row) throws(TenantStoreError) in try row.hold() },
        mappings: try mappings(of: tenant.id))
    }

    func hosts(after id: TenantID?, limit: PageLimit) throws(TenantStoreError) -> Page<TenantHosts, TenantID> {
      let statement = try statement(.tenantsAfter)
      // Every identifier comes after the empty text.
      statement.bind(id?.text ?? InlineText(), at: 1)
      // One more than asked for tells whether there is a next page.
      statement.bind(limit.count + 1, at: 2)
      let tenants = try statement.all { (row) throws(TenantStoreError) in try row.tenant() }
      let page = tenants.prefix(limit.count)
      return Page(try hosts(of: page), next: tenants.count > limit.count ? page.last?.id : nil)
    }

    private func hosts(of tenants: ArraySlice<Tenant>) throws(TenantStoreError) -> [TenantHosts] {
      var answers: [TenantHosts] = []
      answers.reserveCapacity(tenants.count)
      for tenant in tenants { answers.append(try hosts(of: tenant)) }
      return answers
    }

    // MARK: Changes

    func revision() throws(TenantStoreError) -> Int64 {
      try statement(.tenantRevision).first { (row) throws(TenantStoreError) in row.int64(0) } ?? 0
    }

    func changes(after revision: Int64, limit: PageLimit) throws(TenantStoreError) -> TenantChanges {
      let current = try self.revision()
      guard revision <= current else { return .reload }
      let statement = try statement(.tenantsChangedAfter)
      statement.bind(revision, at: 1)
      statement.bind(limit.count, at: 2)
      let tenants = try statement.all { (row) throws(TenantStoreError) in try row.tenant() }
      let through = tenants.count == limit.count ? tenants.last?.revision ?? current : current
      return .changes(try hosts(of: tenants[...]), through: through)
    }
  }
#endif
