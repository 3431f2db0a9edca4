public import SaaSCore

/// Creates and renames tenants for members of their organisations; ``asOperator`` does what only an operator may.
///
/// Every change is one call of the store and, after it, one refresh of each directory that was passed in: when a call
/// returns, this process resolves hosts by the new state. A directory that cannot be refreshed does not undo the change;
/// the observer is told (`tenants.refresh.failed`), and the directory's own next refresh brings it up.
public struct TenantService: Sendable {
  /// The platform on which the tenants are.
  public let platform: Platform
  /// For how long the slug that a rename gives up stays its tenant's.
  public let renameHold: Duration

  let store: any TenantStore
  let directories: [any HostRefreshing]
  let observer: any ServiceObserver
  let makeID: @Sendable () -> String

  /// A service over a store.
  ///
  /// - Parameters:
  ///   - directories: everything in this process that answers for hosts from the same store.
  ///   - renameHold: ninety days, so that links in old mails go on leading to their owner.
  ///   - makeID: gives the text of a new tenant's identifier, in the host application's own format; must not repeat
  ///     itself.
  public init(
    platform: Platform, store: any TenantStore, directories: [any HostRefreshing],
    renameHold: Duration = .seconds(90 * 86_400), observer: any ServiceObserver = SilentObserver(),
    makeID: @escaping @Sendable () -> String
  ) {
    self.platform = platform
    self.store = store
    self.directories = directories
    self.renameHold = renameHold
    self.observer = observer
    self.makeID = makeID
  }

  /// Creates the tenant of a member's own organisation; the member must be its owner or an admin.
  ///
  /// - Throws: ``TenantServiceError``; `store` with ``TenantStoreError/organizationHasTenant(_:)``,
  ///   ``TenantStoreError/slugTaken(_:)`` or ``TenantStoreError/slugHeld(_:until:)`` where the rules refuse it.
  public func create(slug: String, as member: Membership, at now: Timestamp) async throws(TenantServiceError)
    -> TenantContext
  {
    try require([.owner, .admin], of: member, in: member.organizationID)
    return TenantContext(try await create(slug: slug, for: member.organizationID, at: now))
  }

  /// Gives a tenant another slug, and holds the one it had; the member must be its owner or an admin.
  ///
  /// The context's slug is the one that is given up: if the tenant was renamed since the context was given, nothing
  /// happens.
  /// - Returns: the right to act for the tenant, under its new slug.
  /// - Throws: ``TenantServiceError``; `store` with ``TenantStoreError/slugChanged(_:)``,
  ///   ``TenantStoreError/slugTaken(_:)``, ``TenantStoreError/slugHeld(_:until:)`` or ``TenantStoreError/closed(_:)``
  ///   where the rules refuse it.
  public func rename(_ tenant: TenantContext, to slug: String, as member: Membership, at now: Timestamp)
    async throws(TenantServiceError) -> TenantContext
  {
    try require([.owner, .admin], of: member, in: tenant.organizationID)
    return TenantContext(try await rename(tenant.tenantID, from: tenant.slug, to: slug, at: now))
  }

  /// The calls that no member may make: for the operator's own tools.
  public var asOperator: TenantOperator { TenantOperator(service: self) }
}

// What members' and operators' calls have in common.
extension TenantService {
  func create(slug: String, for organization: OrgID, at now: Timestamp) async throws(TenantServiceError) -> Tenant {
    let slug = try self.slug(slug)
    let id: TenantID
    do { id = try TenantID(makeID()) } catch { throw .invalidIdentifier(error) }
    let draft = Tenant(id: id, organizationID: organization, slug: slug, createdAt: now)
    return try await write(\.id) { (store) async throws(TenantStoreError) in try await store.insert(draft, at: now) }
  }

  func rename(_ id: TenantID, from expected: Slug, to slug: String, at now: Timestamp)
    async throws(TenantServiceError) -> Tenant
  {
    let next = try self.slug(slug)
    let until = now + renameHold
    return try await write(\.id) { (store) async throws(TenantStoreError) in
      try await store.rename(id, from: expected, to: next, holdingUntil: until, at: now)
    }
  }

  /// Makes one change, then brings the directories up to it.
  func write<Answer: Sendable>(
    _ tenant: (Answer) -> TenantID, _ change: (any TenantStore) async throws(TenantStoreError) -> Answer
  ) async throws(TenantServiceError) -> Answer {
    let answer: Answer
    do { answer = try await change(store) } catch { throw .store(error) }
    await directories.refresh(after: tenant(answer), telling: observer, as: "tenants.refresh.failed")
    return answer
  }

  private func slug(_ text: String) throws(TenantServiceError) -> Slug {
    do { return try platform.slug(text) } catch { throw .invalidSlug(error) }
  }

  private func require(_ roles: [Membership.Role], of member: Membership, in organization: OrgID)
    throws(TenantServiceError)
  {
    do { try member.require(roles, in: organization) } catch { throw .refused(error) }
  }
}
