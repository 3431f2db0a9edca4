public import SaaSCore

/// Everything that a tenant's settings page shows, read at one moment.
public struct TenantSettings: Sendable, Hashable {
  /// The tenant.
  public let tenantID: TenantID
  /// Whether it is served.
  public let status: Tenant.Status
  /// The present slug.
  public let slug: Slug
  /// The host of the slug under the platform's first domain; nil where that would be too long to be one.
  public let host: HostName?
  /// The slugs that were given up by rename and still lead here, with the end of each hold.
  public let heldSlugs: [SlugHold]
  /// The hosts under a platform domain that the operator gave to the tenant besides its slug's own.
  public let operatorsHosts: [HostName]
  /// The custom domains in the order of their hosts.
  public let domains: [DomainStatus]
  /// How many domains the tenant may have; nil for any number.
  public let domainLimit: Int?

  /// The tenant's address in a browser.
  public var url: String? { host.map { "https://\($0)" } }

  /// How many domains count towards the limit; claims that expired do not.
  public var countedDomains: Int { domains.count { $0.mapping.countsTowardsLimit } }

  /// Whether one more domain may be added.
  public var mayAddDomain: Bool { status != .closed && domainLimit.map { countedDomains < $0 } ?? true }
}

/// Shows and changes a tenant's settings for members of its organisation; each call needs its owner or an admin.
///
/// A member of another organisation, or one of too low a role, is refused before anything is read.
///
/// ```swift
/// let settings = TenantSettingsService(tenants: tenants, domains: domains)
/// let page = try await settings.settings(of: tenant, as: member, domainLimit: plan.domainLimit)
/// ```
public struct TenantSettingsService: Sendable {
  private let tenants: TenantService
  private let domains: DomainService

  /// A service that joins the two whose calls it makes; both are over the same store.
  public init(tenants: TenantService, domains: DomainService) {
    self.tenants = tenants
    self.domains = domains
  }

  /// What the settings page shows.
  /// - Parameter domainLimit: how many domains the tenant may have, as its plan says, or nil for any number.
  /// - Throws: ``DomainServiceError``; `store`, which is `notFound` where the tenant is gone.
  public func settings(of tenant: TenantContext, as member: Membership, domainLimit: Int?)
    async throws(DomainServiceError) -> TenantSettings
  {
    do { try member.require([.owner, .admin], in: tenant.organizationID) } catch { throw .refused(error) }
    let read: TenantHosts?
    do { read = try await domains.store.hosts(of: tenant.tenantID) } catch { throw .store(error) }
    guard let hosts = read else { throw .store(.store(.notFound)) }
    let now = domains.clock.now()
    return TenantSettings(
      tenantID: hosts.tenant.id, status: hosts.tenant.status, slug: hosts.tenant.slug,
      host: tenants.platform.host(of: hosts.tenant.slug), heldSlugs: hosts.holds.filter { $0.isLive(at: now) },
      operatorsHosts: hosts.mappings.filter { $0.kind == .subdomain && $0.serves }.map(\.host),
      domains: hosts.mappings.filter(\.isTenants).map { DomainStatus($0, domains.policy) },
      domainLimit: domainLimit)
  }

  /// Gives the tenant another slug; see ``TenantService/rename(_:to:as:at:)``.
  /// - Returns: the right to act for the tenant under its new slug.
  /// - Throws: ``TenantServiceError``
  public func rename(_ tenant: TenantContext, to slug: String, as member: Membership) async throws(TenantServiceError)
    -> TenantContext
  {
    try await tenants.rename(tenant, to: slug, as: member, at: domains.clock.now())
  }

  /// Claims a domain; see ``DomainService/add(_:to:as:ifFewerThan:)``.
  /// - Throws: ``DomainServiceError``
  public func addDomain(_ name: String, to tenant: TenantContext, as member: Membership, domainLimit: Int?)
    async throws(DomainServiceError) -> DomainReport
  {
    try await domains.add(name, to: tenant, as: member, ifFewerThan: domainLimit)
  }

  /// Looks at a domain now; see ``DomainService/recheck(_:of:as:)``.
  /// - Throws: ``DomainServiceError``
  public func recheckDomain(_ host: HostName, of tenant: TenantContext, as member: Membership)
    async throws(DomainServiceError) -> DomainReport
  {
    try await domains.recheck(host, of: tenant, as: member)
  }

  /// Takes a domain away; see ``DomainService/remove(_:of:as:)``.
  /// - Throws: ``DomainServiceError``
  public func removeDomain(_ host: HostName, of tenant: TenantContext, as member: Membership)
    async throws(DomainServiceError) -> DomainReport
  {
    try await domains.remove(host, of: tenant, as: member)
  }
}
