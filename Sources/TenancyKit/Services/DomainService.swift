public import SaaSCore

/// Brings customers' own domains to their tenants: claims, proves, activates, checks again, and takes away.
///
/// A claim is pending until its tenant has proven control of the name, by default through a TXT record that only this
/// claim has. Then the provider gets the host, and the domain serves while the provider takes it as verified and as
/// pointing at it. ``checkDue(limit:)`` looks again at every domain when its time has come; one that no longer checks out
/// stops serving with the first answer that says so. An unproven stranger's claim changes nothing at the provider.
///
/// Every step is stored before the next one begins, and every call outside may be repeated: a process that dies anywhere
/// leaves a mapping from which the next check, in any process, goes on. While several processes check one domain, each
/// write is a compare-and-set, and who lost looks again.
///
/// The service tells the observer what happens: `domains.checked` by state, `domains.changed`, `domains.check.failed` for a
/// domain that was due and passed over, `domains.refresh.failed`, and `domains.provider.refused`, where the platform's own account with the provider needs its operator.
public struct DomainService: Sendable {
  /// The platform whose tenants claim domains.
  public let platform: Platform
  /// The times and choices.
  public let policy: DomainPolicy

  let store: any TenantStore
  let provider: HeldProvider
  let dns: HeldDNS
  let suffixes: PublicSuffixList?
  let directories: [any HostRefreshing]
  let clock: any WallClock
  let observer: any ServiceObserver
  private let random: RandomSource

  /// A service over a store, a provider and the DNS.
  ///
  /// - Parameters:
  ///   - suffixes: the public suffix list, without which a customer could claim a suffix such as `co.uk`, and only a name
  ///     of two labels is taken for the top of a domain.
  ///   - directories: everything in this process that answers for hosts from the same store.
  ///   - random: where the tokens of claims are drawn from; must be fit for secrets.
  public init(
    platform: Platform, store: any TenantStore, provider: any DomainProvider, dns: any DNSLookup,
    suffixes: PublicSuffixList? = nil, directories: [any HostRefreshing], policy: DomainPolicy = DomainPolicy(),
    clock: any WallClock = SystemWallClock(), observer: any ServiceObserver = SilentObserver(),
    random: RandomSource = .system
  ) {
    self.platform = platform
    self.store = store
    self.provider = HeldProvider(base: provider, hold: RateHold(clock: clock, usual: policy.pendingPause.upperBound))
    self.dns = HeldDNS(base: dns, hold: RateHold(clock: clock, usual: policy.pendingPause.upperBound))
    self.suffixes = suffixes
    self.directories = directories
    self.policy = policy
    self.clock = clock
    self.observer = observer
    self.random = random
  }

  // MARK: Reading

  /// A tenant's custom domains in the order of their hosts; the member must be its owner or an admin.
  /// - Throws: ``DomainServiceError``
  public func domains(of tenant: TenantContext, as member: Membership) async throws(DomainServiceError)
    -> [DomainStatus]
  {
    try require(member, in: tenant)
    return try await mappings(of: tenant).filter(\.isTenants).map { DomainStatus($0, policy) }
  }

  // MARK: Changing

  /// Claims a domain for a tenant; the member must be its owner or an admin.
  ///
  /// The domain is pending, and the report has the records to set. Where the provider could not tell how visitors are led
  /// to it, those records follow with the next check. Where the store fails after it took the claim, the claim is there all
  /// the same: ``domains(of:as:)`` tells.
  ///
  /// - Parameters:
  ///   - name: what the customer typed; Unicode is taken.
  ///   - limit: how many domains the tenant may have, as its plan says, or nil for any number.
  /// - Throws: ``DomainServiceError``
  public func add(_ name: String, to tenant: TenantContext, as member: Membership, ifFewerThan limit: Int?)
    async throws(DomainServiceError) -> DomainReport
  {
    try require(member, in: tenant)
    let host: HostName
    do { host = try DomainName(name).host } catch { throw .invalidName(error) }
    if let refusal = DomainRules.refusal(of: host, on: platform, suffixes: suffixes, policy: policy) {
      throw .notClaimable(refusal)
    }
    var random = random
    let now = clock.now()
    let claim = DomainClaim(
      token: .random(using: &random), expiresAt: now + policy.claimLifetime,
      nextCheckAt: now + policy.pendingPause.lowerBound)
    do { _ = try await store.claim(host, of: tenant.tenantID, as: claim, ifFewerThan: limit, at: now) } catch {
      throw .store(error)
    }
    await refresh(after: tenant.tenantID)
    return try await check(host, of: tenant.tenantID, .describe)
  }

  /// Looks at a domain now; the member must be its tenant's owner or an admin.
  ///
  /// A domain that the provider refused before it was proven gets a fresh start. Where only the provider or only a resolver
  /// wants to be left alone, the rest is looked at.
  /// - Throws: ``DomainServiceError``; ``DomainServiceError/heldBack(until:)`` while all that is to be asked wants to be left
  ///   alone, ``DomainServiceError/checkedJustNow(until:)`` where the last look began less than
  ///   ``DomainPolicy/recheckPause`` ago.
  public func recheck(_ host: HostName, of tenant: TenantContext, as member: Membership)
    async throws(DomainServiceError) -> DomainReport
  {
    try require(member, in: tenant)
    let mapping = try await customMapping(of: host, tenant)
    if let until = holds.end(for: mapping, policy) { throw .heldBack(until: until) }
    try await begin(recheckOf: mapping)
    return try await check(host, of: tenant.tenantID, .retry)
  }

  /// Takes a domain away; the member must be its tenant's owner or an admin.
  ///
  /// It stops serving at once. It goes when the provider has let it go; where the provider does not answer, or may still be
  /// at work on an earlier call, it stays in removal until a later check. A claim that was not proven keeps its time: made
  /// anew before its end it has what is left of it, and afterwards its pause lasts.
  /// - Throws: ``DomainServiceError``
  public func remove(_ host: HostName, of tenant: TenantContext, as member: Membership)
    async throws(DomainServiceError) -> DomainReport
  {
    try require(member, in: tenant)
    _ = try await customMapping(of: host, tenant)
    return try await check(host, of: tenant.tenantID, .remove)
  }

  // MARK: Jobs

  /// Checks the domains whose time has come, the longest waiting first, one after the other.
  ///
  /// It is harmless to repeat, and to do in several processes at once. A domain whose check fails, or that cannot be read, is
  /// told in the result and holds up no other. While the provider or a resolver wants to be left alone, what the other one
  /// can tell is looked at all the same; the pass ends early where both do, or the store cannot answer.
  public func checkDue(limit: PageLimit = .standard) async -> DomainPass {
    await pass(limit: limit) { true }
  }

  func pass(limit: PageLimit, while mayGoOn: () async -> Bool) async -> DomainPass {
    if let until = holds.allHeldUntil { return DomainPass(reports: [], end: .rateLimited(until: until)) }
    let due: DueMappings
    do { due = try await store.mappings(dueAt: clock.now(), limit: limit) } catch {
      return DomainPass(reports: [], end: .storeFailed(error))
    }
    var reports: [DomainReport] = []
    var failures: [DomainPass.Failure] = []
    for mapping in due.unreadable {
      let error = TenantStoreError.store(.corrupt(mapping.reason))
      passOver(DomainPass.Failure(host: mapping.host, tenantID: mapping.tenantID, error: error), &failures)
    }
    for mapping in due.mappings {
      guard await mayGoOn() else { return DomainPass(reports: reports, failures: failures, end: .leaseLost) }
      let report: DomainReport
      do { report = try await DomainCheck.run(mapping.host, of: mapping.tenantID, .check, by: self) } catch {
        if case .store(.unavailable) = error {
          return DomainPass(reports: reports, failures: failures, end: .storeFailed(error))
        }
        passOver(
          DomainPass.Failure(host: mapping.host.rawValue, tenantID: mapping.tenantID.rawValue, error: error), &failures)
        await putOff(mapping)
        continue
      }
      reports.append(report)
      if let until = holds.allHeldUntil {
        return DomainPass(reports: reports, failures: failures, end: .rateLimited(until: until))
      }
    }
    let end: DomainPass.End = due.mappings.count < limit.count ? .finished : .moreDue
    return DomainPass(reports: reports, failures: failures, end: end)
  }

  private func passOver(_ failure: DomainPass.Failure, _ failures: inout [DomainPass.Failure]) {
    failures.append(failure)
    observer.count("domains.check.failed")
    observer.notice(
      Notice(
        .error, "domains.check.failed",
        "the domain \(failure.host) of \(failure.tenantID) could not be checked: \(failure.error)"))
  }

  /// Has a mapping whose check failed wait behind the others, where the store takes that.
  private func putOff(_ mapping: DomainMapping) async {
    var mapping = mapping
    let now = clock.now()
    mapping.claim?.nextCheckAt = now + policy.errorPause.lowerBound
    // Where it changed meanwhile or cannot be written, it stays due, and the others are checked all the same.
    if mapping.claim != nil { _ = try? await store.update(mapping, at: now) }
  }

  // MARK: Shared

  /// Until when the provider and the resolver want to be left alone, as this process knows.
  private var holds: DomainHolds { DomainHolds(provider: provider.hold.end, dns: dns.hold.end) }

  /// Stores that a member's look begins, unless another one of the domain began just before, in whichever process: no
  /// member can spend the platform's calls as fast as it likes.
  private func begin(recheckOf mapping: DomainMapping) async throws(DomainServiceError) {
    guard policy.recheckPause > .zero, mapping.claim != nil else { return }
    let now = clock.now()
    // An instant to come was written by another clock, and says nothing.
    if let last = mapping.claim?.checkedAt, last <= now, now < last + policy.recheckPause {
      throw .checkedJustNow(until: last + policy.recheckPause)
    }
    var begun = mapping
    begun.claim?.checkedAt = now
    do { _ = try await store.update(begun, at: now) } catch {
      // Somebody is at it.
      if case .store(.conflict) = error { throw .checkedJustNow(until: now + policy.recheckPause) }
      throw .store(error)
    }
  }

  private func check(_ host: HostName, of id: TenantID, _ purpose: DomainCheck.Purpose)
    async throws(DomainServiceError) -> DomainReport
  {
    do { return try await DomainCheck.run(host, of: id, purpose, by: self) } catch { throw .store(error) }
  }

  private func require(_ member: Membership, in tenant: TenantContext) throws(DomainServiceError) {
    do { try member.require([.owner, .admin], in: tenant.organizationID) } catch { throw .refused(error) }
  }

  private func mappings(of tenant: TenantContext) async throws(DomainServiceError) -> [DomainMapping] {
    do { return try await store.hosts(of: tenant.tenantID)?.mappings ?? [] } catch { throw .store(error) }
  }

  private func customMapping(of host: HostName, _ tenant: TenantContext) async throws(DomainServiceError)
    -> DomainMapping
  {
    guard let mapping = try await mappings(of: tenant).first(where: { $0.host == host && !$0.isOnlyRemembered }) else {
      throw .noSuchDomain(host)
    }
    guard mapping.kind == .custom else { throw .operatorsMapping(host) }
    return mapping
  }

  func newToken() -> DomainToken {
    var random = random
    return .random(using: &random)
  }

  /// Brings the directories up to a change that is stored.
  func refresh(after id: TenantID) async {
    await directories.refresh(after: id, telling: observer, as: "domains.refresh.failed")
  }
}

extension DomainMapping {
  /// Whether its tenant sees it among its domains.
  var isTenants: Bool { kind == .custom && !isOnlyRemembered }
}
