#if SQLite
  internal import SaaSCore
  internal import TenancyKit

  /// A mapping's row that cannot be read.
  struct UnreadableRow: Error {
    let mapping: DueMappings.Unreadable
  }

  /// How tenancy's values stand in rows: read from the columns that the texts in ``SQL`` list, bound in the same order.
  extension Statement {
    // MARK: Tenants

    /// The tenant in the columns `id, organization, slug, status, created_at, revision`.
    func tenant(at first: Int32 = 0) throws(Failure) -> Tenant {
      let status = try string(first + 3)
      guard let status = Tenant.Status(rawValue: status) else { throw unreadable("the status \(status)") }
      return Tenant(
        id: try identifier(first), organizationID: try identifier(first + 1), slug: try slug(first + 2), status: status,
        createdAt: timestamp(first + 4), revision: int64(first + 5))
    }

    func bind(_ tenant: Tenant) {
      bind(tenant.id, at: 1)
      bind(tenant.organizationID, at: 2)
      bind(tenant.slug, at: 3)
      bind(tenant.status.rawValue, at: 4)
      bind(tenant.createdAt, at: 5)
      bind(tenant.revision, at: 6)
    }

    func bind(_ slug: Slug, at index: Int32) { bind(slug.text, at: index) }

    func bind(_ host: HostName, at index: Int32) { bind(host.text, at: index) }

    func slug(_ column: Int32) throws(Failure) -> Slug { Slug(trusted: try text(column)) }

    /// The hold in the columns `slug, tenant, held_until`.
    func hold(at first: Int32 = 0) throws(Failure) -> SlugHold {
      SlugHold(slug: try slug(first), tenantID: try identifier(first + 1), until: timestamp(first + 2))
    }

    // MARK: Mappings

    /// The mapping in the columns `host, tenant, kind, state, failure, proven_at, created_at, changed_at, version`, and
    /// those of its claim.
    func mapping() throws(Failure) -> DomainMapping {
      let kind = try string(2)
      let state = try string(3)
      let failure = optionalString(4)
      // A newer version of the library, running beside this one, may know more failures and obstacles. The next check finds
      // out anew what they are about.
      guard let kind = DomainMapping.Kind(rawValue: kind),
        let state = DomainMapping.State(
          name: state, failure: failure.map { DomainMapping.Failure(code: $0) ?? .notConfigured })
      else { throw unreadable("the mapping's kind \(kind), state \(state), failure \(failure ?? "none")") }
      return DomainMapping(
        host: HostName(trusted: try text(0)), tenantID: try identifier(1), kind: kind, state: state,
        provenAt: optionalTimestamp(5), createdAt: timestamp(6), changedAt: timestamp(7), claim: try claim(),
        version: int64(8))
    }

    /// The claim in the columns `token, expires_at, reclaimable_at, added_at, provider_records, obstacle, checked_at,
    /// next_check_at, fruitless_checks, vouched_until`, which come after the mapping's own; nil where there is no token.
    private func claim() throws(Failure) -> DomainClaim? {
      guard let text = optionalString(9) else { return nil }
      guard let token = DomainToken(text) else { throw unreadable("a claim's token") }
      return DomainClaim(
        token: token, expiresAt: timestamp(10), reclaimableAt: optionalTimestamp(11), addedAt: optionalTimestamp(12),
        vouchedUntil: optionalTimestamp(18), providerRecords: providerRecords(),
        obstacle: optionalString(14).map { DomainObstacle(rawValue: $0) ?? .unknown },
        checkedAt: optionalTimestamp(15), nextCheckAt: optionalTimestamp(16), fruitlessChecks: Int(int64(17)))
    }

    /// The provider's records; none where they cannot be read, since the next check asks for them anew.
    private func providerRecords() -> [DNSRecord] {
      (try? CanonicalJSON.decode(bytes(13), as: [DNSRecord].self)) ?? []
    }

    /// The mapping in the same columns, or what cannot be read.
    func readMapping() -> Result<DomainMapping, UnreadableRow> {
      do { return .success(try mapping()) } catch {
        return .failure(
          UnreadableRow(
            mapping: DueMappings.Unreadable(
              host: optionalString(0) ?? "", tenantID: optionalString(1) ?? "", reason: "\(error)")))
      }
    }

    func bind(_ mapping: DomainMapping, label: Slug?) {
      bind(mapping.host, at: 1)
      bind(mapping.tenantID, at: 2)
      bind(mapping.kind.rawValue, at: 3)
      bind(mapping.state.name, at: 4)
      bind(mapping.state.failure?.code, at: 5)
      bind(mapping.provenAt, at: 6)
      bind(mapping.createdAt, at: 7)
      bind(mapping.changedAt, at: 8)
      bind(mapping.version, at: 9)
      bind(mapping.claim)
      // A mapping without a claim may be due too.
      bind(mapping.dueAt, at: 17)
      bind(label?.text, at: 20)
    }

    private func bind(_ claim: DomainClaim?) {
      guard let claim else {
        for index: Int32 in 10...19 { bindNull(at: index) }
        return
      }
      bind(claim.token.rawValue, at: 10)
      bind(claim.expiresAt, at: 11)
      bind(claim.reclaimableAt, at: 12)
      bind(claim.addedAt, at: 13)
      // Strings alone, which always encode.
      if !claim.providerRecords.isEmpty, let json = try? CanonicalJSON.encode(claim.providerRecords) {
        bind(json, at: 14)
      } else {
        bindNull(at: 14)
      }
      bind(claim.obstacle?.rawValue, at: 15)
      bind(claim.checkedAt, at: 16)
      bind(claim.fruitlessChecks, at: 18)
      bind(claim.vouchedUntil, at: 19)
    }
  }
#endif
