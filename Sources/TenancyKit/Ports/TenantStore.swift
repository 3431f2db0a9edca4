public import SaaSCore

/// Keeps tenants, the slugs they gave up, and their mappings; decides who owns which host; tells what changed.
///
/// A host application implements it over its own database, or uses ``InMemoryTenantStore`` or the SQLite store. The
/// services and directories of this kit call it; no other code needs to. `TenantStoreConformance` in SaaSTesting checks
/// an implementation against everything that is said here.
///
/// An implementation guarantees, across all processes that share the store:
/// - Every call is one transaction: it happens whole or not at all, and once it has returned it is durable.
/// - Identifiers, organisations and slugs are unique among tenants. A slug that is held is free for nobody but the tenant
///   that gave it up. A slug and an operator's mapping never give one host two owners. At most one mapping of a host has
///   ``DomainMapping/ownsHost``, and only that one can be verified or active.
/// - Every change takes the next **revision** and stamps the tenant with it. A revision is visible only when all lower
///   ones are, so that ``changes(after:limit:)`` misses nothing, whatever the order in which writers commit.
/// - Every change appends the events of ``TenancyEvent`` that tell its difference to the outbox, in its transaction. A
///   call that changes nothing takes no revision and appends nothing.
/// - Nothing is judged by the store's own clock, but by the instants passed in.
public protocol TenantStore: Sendable {
  // MARK: Tenants

  /// Inserts a tenant, which gets its revision.
  ///
  /// A hold on the slug that is over does not stand in the way and is dropped; the tenant that held it is stamped too.
  /// - Throws: ``TenantStoreError/tenantExists(_:)``, ``TenantStoreError/organizationHasTenant(_:)``,
  ///   ``TenantStoreError/slugTaken(_:)``, ``TenantStoreError/slugHeld(_:until:)``, in this order;
  ///   ``TenantStoreError/store(_:)``.
  func insert(_ tenant: Tenant, at now: Timestamp) async throws(TenantStoreError) -> Tenant

  /// The tenant with an identifier, or nil.
  func tenant(_ id: TenantID) async throws(TenantStoreError) -> Tenant?

  /// The tenant whose present slug this is, or nil.
  func tenant(slug: Slug) async throws(TenantStoreError) -> Tenant?

  /// The tenant of an organisation, or nil.
  func tenant(organization: OrgID) async throws(TenantStoreError) -> Tenant?

  /// Gives a tenant another slug if its slug is still the expected one, and holds the old one until an instant.
  ///
  /// The tenant may take back a slug that it gave up; that hold is then dropped. Another tenant's hold that is over is
  /// dropped as by ``insert(_:at:)``. Giving a slug up again holds it anew. Renaming to the slug it has changes nothing.
  ///
  /// A hold that is over stays among the tenant's until another tenant takes the slug: a directory that learns of several
  /// changes at once finds by it what it knew of the tenant.
  /// - Throws: ``TenantStoreError/slugChanged(_:)`` where the slug is not the expected one any more,
  ///   ``TenantStoreError/slugTaken(_:)``, ``TenantStoreError/slugHeld(_:until:)``, ``TenantStoreError/closed(_:)``;
  ///   ``TenantStoreError/store(_:)``, which is `notFound` where there is no such tenant.
  func rename(_ id: TenantID, from expected: Slug, to slug: Slug, holdingUntil until: Timestamp, at now: Timestamp)
    async throws(TenantStoreError) -> Tenant

  /// Suspends, resumes or closes a tenant. A status that it has already changes nothing.
  /// - Throws: ``TenantStoreError/closed(_:)`` for any other status of a closed tenant; ``TenantStoreError/store(_:)``,
  ///   which is `notFound` where there is no such tenant.
  func setStatus(_ status: Tenant.Status, of id: TenantID, at now: Timestamp) async throws(TenantStoreError) -> Tenant

  // MARK: Mappings

  /// Inserts a mapping with version 1, and stamps its tenant.
  ///
  /// - Parameter label: for an operator's mapping of one label directly under a platform domain, that label, if it could
  ///   be a slug. It is checked against slugs and live holds, other tenants' and this one's, and kept so that no slug can
  ///   take it while the mapping exists.
  /// - Throws: ``TenantStoreError/hostNotProven(_:)`` for a mapping that is verified or active and does not own the host,
  ///   ``TenantStoreError/mappingExists(_:)`` where this tenant has one of the host,
  ///   ``TenantStoreError/hostTaken(_:)`` where both this mapping and another tenant's own the host,
  ///   ``TenantStoreError/slugTaken(_:)`` or ``TenantStoreError/slugHeld(_:until:)`` for the label,
  ///   ``TenantStoreError/closed(_:)``; ``TenantStoreError/store(_:)``, which is `notFound` where there is no such
  ///   tenant.
  func insert(_ mapping: DomainMapping, label: Slug?, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping

  /// Inserts a tenant's claim to a customer's host, pending, if the tenant has fewer domains than a limit.
  ///
  /// The domains are those of the tenant's mappings that have ``DomainMapping/countsTowardsLimit``; they are counted in
  /// the transaction that inserts, so that claims at the same time do not pass the limit together. A claim of the host
  /// that expired, or was taken back unproven, is replaced once its pause is over, and the new one takes over its version
  /// and its ``DomainClaim/addedAt``. One that was taken back before its end is replaced at once, and the new one ends no
  /// later than it would have. What other tenants have of the host makes no difference: an unproven claim excludes nobody
  /// and is excluded by nobody.
  /// - Parameter limit: how many domains the tenant may have, or nil where they are not limited.
  /// - Throws: ``TenantStoreError/mappingExists(_:)`` where this tenant has a mapping of the host,
  ///   ``TenantStoreError/claimPaused(_:until:)`` where its claim is over and the pause is not,
  ///   ``TenantStoreError/domainLimitReached(_:)``, ``TenantStoreError/closed(_:)``, in this order;
  ///   ``TenantStoreError/store(_:)``, which is `notFound` where there is no such tenant.
  func claim(_ host: HostName, of id: TenantID, as claim: DomainClaim, ifFewerThan limit: Int?, at now: Timestamp)
    async throws(TenantStoreError) -> DomainMapping

  /// The mappings whose ``DomainMapping/dueAt`` has come, the earliest first, then by host and tenant; at most as many
  /// as the limit says. One that is stored and cannot be read is told apart, and hides no other.
  func mappings(dueAt now: Timestamp, limit: PageLimit) async throws(TenantStoreError) -> DueMappings

  /// Replaces a mapping if its stored version is still the given one's, raises the version by one, and stamps its tenant.
  ///
  /// The first mapping of a host to become its owner wins: in the same transaction every other tenant's unproven mapping
  /// of the host takes ``DomainFinding/claimedElsewhere``.
  /// - Throws: ``TenantStoreError/hostNotProven(_:)`` where it would be verified or active without owning the host,
  ///   ``TenantStoreError/hostTaken(_:)`` where this one would own the host and another one does;
  ///   ``TenantStoreError/store(_:)``, which is `conflict` where the version is another, `notFound` where it is gone.
  func update(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError) -> DomainMapping

  /// Deletes a mapping if its stored version is still the given one's, frees its label, and stamps its tenant.
  /// - Throws: ``TenantStoreError/store(_:)``, which is `conflict` where the version is another; deleting what is gone
  ///   does nothing.
  func delete(_ mapping: DomainMapping, at now: Timestamp) async throws(TenantStoreError)

  // MARK: Hosts

  /// Everything by which one host can resolve, read at one moment.
  ///
  /// - Parameter slug: the slug that the host would be, where it is one label under a platform domain.
  func records(host: HostName, slug: Slug?) async throws(TenantStoreError) -> HostRecords

  /// A tenant with its holds and mappings, read at one moment, or nil.
  func hosts(of id: TenantID) async throws(TenantStoreError) -> TenantHosts?

  /// Every tenant with its holds and mappings, in the order of tenant identifiers, a page at a time. Each tenant is read
  /// at one moment, and no earlier than the call.
  func hosts(after id: TenantID?, limit: PageLimit) async throws(TenantStoreError) -> Page<TenantHosts, TenantID>

  /// The highest revision that is visible; 0 in an empty store.
  func revision() async throws(TenantStoreError) -> Int64

  /// The tenants that changed after a revision, each once, as they are now, in the order of their revisions.
  ///
  /// A tenant that changes again while the feed is read appears again under its new revision.
  func changes(after revision: Int64, limit: PageLimit) async throws(TenantStoreError) -> TenantChanges
}

/// What a change feed answers.
public enum TenantChanges: Sendable, Equatable {
  /// The tenants that changed, and the revision through which they bring a reader; empty where nothing did.
  case changes([TenantHosts], through: Int64)
  /// The store no longer knows what changed since; the reader has to load everything.
  case reload
}

/// Everything by which one host can resolve.
public struct HostRecords: Sendable, Hashable {
  /// The mappings of exactly this host with their tenants, in every state.
  public let mappings: [MappedTenant]
  /// The tenant whose present slug the host is.
  public let slugOwner: Tenant?
  /// The hold on the slug with the tenant that gave it up; it may be over.
  public let hold: HeldSlug?

  /// A mapping with its tenant.
  public struct MappedTenant: Sendable, Hashable {
    /// The mapping.
    public let mapping: DomainMapping
    /// Its tenant.
    public let tenant: Tenant

    /// A mapping with its tenant.
    public init(mapping: DomainMapping, tenant: Tenant) {
      self.mapping = mapping
      self.tenant = tenant
    }
  }

  /// A hold with the tenant that gave the slug up.
  public struct HeldSlug: Sendable, Hashable {
    /// The hold.
    public let hold: SlugHold
    /// The tenant that gave the slug up.
    public let tenant: Tenant

    /// A hold with its tenant.
    public init(hold: SlugHold, tenant: Tenant) {
      self.hold = hold
      self.tenant = tenant
    }
  }

  /// What was found for one host.
  public init(mappings: [MappedTenant], slugOwner: Tenant?, hold: HeldSlug?) {
    self.mappings = mappings
    self.slugOwner = slugOwner
    self.hold = hold
  }
}

/// Which rule a change to a ``TenantStore`` broke, or how the store failed. Nothing was changed.
public enum TenantStoreError: Error, Sendable, Hashable {
  /// There is a tenant with this identifier.
  case tenantExists(TenantID)
  /// The organisation has its one tenant.
  case organizationHasTenant(OrgID)
  /// Another tenant, or an operator's mapping, has the slug.
  case slugTaken(Slug)
  /// Another tenant gave the slug up, and it is held until this instant.
  case slugHeld(Slug, until: Timestamp)
  /// The tenant's slug is this one by now, and not the expected one.
  case slugChanged(Slug)
  /// The tenant is closed.
  case closed(TenantID)
  /// The tenant has a mapping of this host.
  case mappingExists(HostName)
  /// The host is another tenant's.
  case hostTaken(HostName)
  /// The mapping of this host would be verified or active, and the host is not proven to be its tenant's.
  case hostNotProven(HostName)
  /// The tenant's claim to this host is over, and it may claim it again from this instant.
  case claimPaused(HostName, until: Timestamp)
  /// The tenant has all the domains that it may have, which are so many.
  case domainLimitReached(Int)
  /// The store failed.
  case store(StoreError)
}
