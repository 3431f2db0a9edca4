package import SaaSCore

/// The decisions of a ``TenantStore``, as pure functions over what the store has read in its transaction.
///
/// A store reads the facts, asks here, and writes what it is told; so every store decides alike.
package enum TenancyRules {
  /// Everything that can stand in the way of taking one slug.
  package struct SlugFacts: Sendable, Hashable {
    /// The tenant whose present slug it is.
    package let owner: TenantID?
    /// Whether an operator's mapping has it as its label.
    package let isLabel: Bool
    /// The hold on it, over or not.
    package let hold: SlugHold?

    /// What a store has read about one slug.
    package init(owner: TenantID?, isLabel: Bool, hold: SlugHold?) {
      self.owner = owner
      self.isLabel = isLabel
      self.hold = hold
    }
  }

  // MARK: Tenants

  /// Whether a tenant may be inserted.
  package static func checkInsertion(
    of tenant: Tenant, idExists: Bool, organizationHasTenant: Bool, slug facts: SlugFacts, at now: Timestamp
  ) throws(TenantStoreError) {
    guard !idExists else { throw .tenantExists(tenant.id) }
    guard !organizationHasTenant else { throw .organizationHasTenant(tenant.organizationID) }
    try checkTaking(tenant.slug, by: tenant.id, facts, at: now)
  }

  /// The tenant with its new slug, or nil where nothing changes.
  package static func renaming(
    _ tenant: Tenant, from expected: Slug, to slug: Slug, _ facts: SlugFacts, at now: Timestamp
  ) throws(TenantStoreError) -> Tenant? {
    guard tenant.slug == expected else { throw .slugChanged(tenant.slug) }
    guard tenant.slug != slug else { return nil }
    try checkTaking(slug, by: tenant.id, facts, at: now)
    guard tenant.status != .closed else { throw .closed(tenant.id) }
    var renamed = tenant
    renamed.slug = slug
    return renamed
  }

  /// The tenant with its new status, or nil where nothing changes.
  package static func settingStatus(_ status: Tenant.Status, of tenant: Tenant) throws(TenantStoreError) -> Tenant? {
    guard tenant.status != status else { return nil }
    guard tenant.status.canBecome(status) else { throw .closed(tenant.id) }
    var changed = tenant
    changed.status = status
    return changed
  }

  private static func checkTaking(_ slug: Slug, by id: TenantID, _ facts: SlugFacts, at now: Timestamp)
    throws(TenantStoreError)
  {
    guard facts.owner == nil, !facts.isLabel else { throw .slugTaken(slug) }
    if let hold = facts.hold, hold.tenantID != id, hold.isLive(at: now) { throw .slugHeld(slug, until: hold.until) }
  }

  // MARK: Mappings

  /// The mapping as it is to be inserted.
  ///
  /// - Parameters:
  ///   - present: every mapping of the host that there is.
  ///   - label: the label that the mapping takes, with what stands in its way.
  package static func inserting(
    _ mapping: DomainMapping, of tenant: Tenant, present: some Sequence<DomainMapping>,
    label: (slug: Slug, facts: SlugFacts)?, at now: Timestamp
  ) throws(TenantStoreError) -> DomainMapping {
    try checkProof(of: mapping)
    var isTaken = false
    for other in present {
      if other.tenantID == mapping.tenantID { throw .mappingExists(mapping.host) }
      if other.ownsHost { isTaken = true }
    }
    guard !(isTaken && mapping.ownsHost) else { throw .hostTaken(mapping.host) }
    if let (slug, facts) = label {
      guard facts.owner == nil else { throw .slugTaken(slug) }
      // Unlike a slug, a label cannot be taken back: the tenant's own old links would lead to another page.
      if let hold = facts.hold, hold.isLive(at: now) { throw .slugHeld(slug, until: hold.until) }
    }
    guard tenant.status != .closed else { throw .closed(tenant.id) }
    var inserted = mapping
    inserted.version = 1
    return inserted
  }

  /// The claim as it is to be inserted, or to replace the tenant's former one of the host.
  ///
  /// - Parameter present: every mapping that the tenant has.
  package static func claiming(
    _ host: HostName, by tenant: Tenant, as claim: DomainClaim, present: some Sequence<DomainMapping>,
    ifFewerThan limit: Int?, at now: Timestamp
  ) throws(TenantStoreError) -> DomainMapping {
    var former: DomainMapping?
    var count = 0
    for mapping in present {
      if mapping.host == host { former = mapping }
      if mapping.countsTowardsLimit { count += 1 }
    }
    if let former {
      guard let until = former.claim?.reclaimableAt else { throw .mappingExists(host) }
      guard until <= now || leftTime(of: former, at: now) != nil else { throw .claimPaused(host, until: until) }
    }
    if let limit, count >= limit { throw .domainLimitReached(limit) }
    guard tenant.status != .closed else { throw .closed(tenant.id) }
    var inserted = DomainMapping.custom(host, of: tenant.id, claim: claim, at: now)
    inserted.version = (former?.version ?? 0).following
    // What a removal that did not come through left at the provider is the new claim's to clear away.
    inserted.claim?.addedAt = former?.claim?.addedAt
    if let end = former.flatMap({ leftTime(of: $0, at: now) }) { inserted.claim?.expiresAt = min(claim.expiresAt, end) }
    return inserted
  }

  /// The end of a claim that was taken back before it; nil for the others.
  private static func leftTime(of mapping: DomainMapping, at now: Timestamp) -> Timestamp? {
    guard mapping.state == .removing, let end = mapping.claim?.expiresAt, now < end else { return nil }
    return end
  }

  /// What an update writes.
  package struct MappingUpdate: Sendable, Hashable {
    /// The mapping, its version raised.
    package let mapping: DomainMapping
    /// Other tenants' mappings of the host that lost it by this update, their versions raised.
    package let losers: [DomainMapping]
  }

  /// What replacing a mapping writes.
  ///
  /// - Parameter present: every mapping of the host that there is.
  package static func updating(_ mapping: DomainMapping, present: some Sequence<DomainMapping>, at now: Timestamp)
    throws(TenantStoreError) -> MappingUpdate
  {
    var stored: DomainMapping?
    var others: [DomainMapping] = []
    for one in present {
      if one.tenantID == mapping.tenantID { stored = one } else { others.append(one) }
    }
    guard let stored else { throw .store(.notFound) }
    try checkVersion(of: mapping, stored: stored)
    try checkProof(of: mapping)
    guard !(mapping.ownsHost && others.contains(where: \.ownsHost)) else { throw .hostTaken(mapping.host) }
    var updated = mapping
    updated.version = stored.version.following
    guard mapping.ownsHost, !stored.ownsHost else { return MappingUpdate(mapping: updated, losers: []) }
    let losers = others.compactMap { other -> DomainMapping? in
      guard case .changed(var loser) = other.transition(on: .claimedElsewhere, at: now) else { return nil }
      loser.version = other.version.following
      return loser
    }
    return MappingUpdate(mapping: updated, losers: losers)
  }

  /// Refuses a mapping that would be served, or is about to be, without owning its host: only owners are kept apart.
  private static func checkProof(of mapping: DomainMapping) throws(TenantStoreError) {
    guard mapping.ownsHost || !mapping.state.needsProof else { throw .hostNotProven(mapping.host) }
  }

  /// Refuses to write over a mapping that was changed since it was read.
  package static func checkVersion(of mapping: DomainMapping, stored: DomainMapping) throws(TenantStoreError) {
    guard mapping.version == stored.version else {
      throw .store(.conflict("the mapping of \(mapping.host) has version \(stored.version), not \(mapping.version)"))
    }
  }
}
