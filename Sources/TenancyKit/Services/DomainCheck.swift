internal import SaaSCore

/// One look at one mapping: asks the DNS and the provider, stores each finding before it goes on, and says when to look
/// again.
struct DomainCheck {
  /// What the look is for.
  enum Purpose {
    /// To do whatever is due.
    case check
    /// The same, with a fresh start where the mapping waits for its tenant.
    case retry
    /// Only to learn the records of a new claim. The tenant's own record cannot be there yet, and asking for it would
    /// make resolvers remember that it is not (RFC 2308).
    case describe
    /// To take the mapping away.
    case remove
  }

  /// Why a look stops before its end.
  enum Interruption: Error {
    /// Somebody else changed the mapping meanwhile.
    case changed
    /// Another tenant's mapping owns the host.
    case hostTaken
    /// The store failed.
    case store(TenantStoreError)
  }

  /// How often a look begins again because others changed the mapping.
  private static let maximumAttempts = 4

  let service: DomainService
  let tenant: Tenant
  /// Whether another tenant's mapping owned the host when this one was read.
  let isOwnedElsewhere: Bool
  let before: DomainMapping.State
  /// The mapping as it is stored, apart from its claim, whose changes are stored with the next write.
  var mapping: DomainMapping
  var isGone = false
  var steps: [DomainStep]
  /// Until when those who were asked want to be left alone.
  var holds = DomainHolds()

  var policy: DomainPolicy { service.policy }
  var host: HostName { mapping.host }

  /// Looks at a tenant's mapping of a host, and begins anew where others change it meanwhile.
  static func run(_ host: HostName, of id: TenantID, _ purpose: Purpose, by service: DomainService)
    async throws(TenantStoreError) -> DomainReport
  {
    var steps: [DomainStep] = purpose == .describe ? [.claimed] : []
    var last: DomainCheck?
    var purpose = purpose
    for _ in 0..<maximumAttempts {
      let records = try await service.store.records(host: host, slug: nil)
      guard let mine = records.mappings.first(where: { $0.tenant.id == id }) else {
        return DomainReport(
          host: host, tenantID: id, before: last?.before, status: nil, steps: steps, records: [], holdUntil: nil)
      }
      let isOwnedElsewhere = records.mappings.contains { $0.tenant.id != id && $0.mapping.ownsHost }
      var check = DomainCheck(
        service: service, tenant: mine.tenant, isOwnedElsewhere: isOwnedElsewhere,
        before: last?.before ?? mine.mapping.state, mapping: mine.mapping, steps: steps)
      do {
        try await check.perform(purpose)
        return check.report()
      } catch {
        steps = check.steps
        last = check
        // What was taken away may have been claimed anew meanwhile.
        if steps.contains(.became(.removing)) { purpose = .check }
        if case .store(let failure) = error { throw failure }
      }
    }
    last?.steps.append(.contended)
    return last?.report()
      ?? DomainReport(
        host: host, tenantID: id, before: nil, status: nil, steps: steps, records: [], holdUntil: nil)
  }

  private mutating func perform(_ purpose: Purpose) async throws(Interruption) {
    guard mapping.kind == .custom else { return }
    let reclaimableAt = DomainRules.reclaimable(afterRemovalOf: mapping, policy)
    if mapping.claim == nil { adopt() }
    if purpose == .remove || tenant.status == .closed {
      if mapping.state != .removing { mapping.claim?.reclaimableAt = reclaimableAt }
      try await take(.removalRequested)
    }
    if mapping.state == .removing { return try await release() }
    if purpose == .describe, policy.proof == .ownRecord {
      await learnRouting()
    } else {
      if purpose == .retry { try await startAfresh() }
      try await look()
    }
    try await finish()
  }

  /// Gives a claim to a mapping that the host application stored itself. Where it said that its tenant has proven the host,
  /// its word stands for as long as a claim may wait for its record.
  private mutating func adopt() {
    let end = service.clock.now() + policy.claimLifetime
    mapping.claim = DomainClaim(
      token: service.newToken(), expiresAt: end, vouchedUntil: mapping.ownsHost ? end : nil, nextCheckAt: nil)
  }

  /// Everything but removal: proof, provider, expiry, and what an unproven claim left behind.
  private mutating func look() async throws(Interruption) {
    var obstacle: DomainObstacle?
    if mapping.state != .error(.expired) {
      obstacle = policy.proof == .ownRecord ? try await proveByRecord() : try await concedeIfOwnedElsewhere()
      if mayAskProvider {
        obstacle = try await askProvider() ?? obstacle
      } else if mapping.claim?.providerRecords.isEmpty ?? false, obstacle != .claimedElsewhere {
        await learnRouting()
      }
      if DomainRules.isExpired(mapping, at: service.clock.now()) {
        steps.append(.expired)
        try await take(.expired(reclaimableAt: service.clock.now() + policy.claimPause))
        obstacle = nil
      }
    }
    if DomainRules.isLeftover(mapping, policy, at: service.clock.now()) {
      obstacle = try await clearLeftover() ?? obstacle
    }
    mapping.claim?.obstacle = obstacle
  }

  /// Whether the provider has to do with the mapping: it owns the host, or is proven by the provider's word.
  private var mayAskProvider: Bool {
    if mapping.ownsHost { return true }
    guard policy.proof == .providersWord, !isOwnedElsewhere else { return false }
    if case .error(.refused) = mapping.state { return false }
    return true
  }

  // MARK: Proof

  private mutating func proveByRecord() async throws(Interruption) -> DomainObstacle? {
    guard let claim = mapping.claim, let name = DomainRules.ownershipName(of: host, policy) else {
      return .ownershipRecordMissing
    }
    let answer: DNSAnswer
    do { answer = try await service.dns.records(.txt, at: name) } catch {
      steps.append(.ownershipUnknown(error))
      if case .rateLimited(let until) = error { holds.dns = until }
      return .dnsUnavailable
    }
    guard answer.values.contains(DomainRules.ownershipValue(claim.token, policy)) else {
      steps.append(.ownershipMissing)
      let isVouched = claim.vouchedUntil.map { service.clock.now() < $0 } ?? false
      if !isVouched { try await take(.ownershipMissing) }
      return .ownershipRecordMissing
    }
    steps.append(.ownershipFound)
    mapping.claim?.vouchedUntil = nil
    return try await takeProof()
  }

  /// Takes proof of ownership, unless another tenant owns the host, which is all that this one learns.
  mutating func takeProof() async throws(Interruption) -> DomainObstacle? {
    do {
      try await take(.ownershipProven)
      return nil
    } catch {
      guard case .hostTaken = error else { throw error }
      steps.append(.ownedElsewhere)
      try await take(.claimedElsewhere)
      return .claimedElsewhere
    }
  }

  /// By the provider's word the first to be proven has the host, and nobody else may stir the provider.
  private mutating func concedeIfOwnedElsewhere() async throws(Interruption) -> DomainObstacle? {
    guard isOwnedElsewhere, !mapping.ownsHost else { return nil }
    steps.append(.ownedElsewhere)
    try await take(.claimedElsewhere)
    return .claimedElsewhere
  }

  /// A refusal stands until the tenant wants to try again; a claim that it hit gets its time anew.
  private mutating func startAfresh() async throws(Interruption) {
    guard case .error(.refused) = mapping.state, !mapping.ownsHost else { return }
    let now = service.clock.now()
    let renewed = now + policy.claimLifetime
    if let end = mapping.claim?.expiresAt, end <= now { mapping.claim?.expiresAt = renewed }
    try await take(.retried)
  }

  // MARK: Storing

  /// Takes a finding and stores what becomes of the mapping, where anything does.
  mutating func take(_ finding: DomainFinding) async throws(Interruption) {
    guard case .changed(var next) = mapping.transition(on: finding, at: service.clock.now()) else { return }
    // Any process can go on at once from here.
    next.claim?.nextCheckAt = service.clock.now()
    next.claim?.fruitlessChecks = 0
    try await store(next)
    steps.append(.became(mapping.state))
    service.observer.count("domains.changed", by: 1, labels: ["state": mapping.state.name])
  }

  /// Stores the mapping as it is to be.
  mutating func store(_ next: DomainMapping) async throws(Interruption) {
    let previous = mapping.state
    do { mapping = try await service.store.update(next, at: service.clock.now()) } catch {
      switch error {
      case .store(.conflict), .store(.notFound): throw .changed
      case .hostTaken: throw .hostTaken
      default: throw .store(error)
      }
    }
    if mapping.state != previous { await service.refresh(after: mapping.tenantID) }
  }

  /// Stores what was found and when to look again.
  mutating func finish() async throws(Interruption) {
    let now = service.clock.now()
    var next = mapping
    let isNews = steps.contains { if case .became = $0 { true } else { false } } || steps.contains(.claimed)
    let isContent = next.state == .active && next.claim?.obstacle == nil
    let fruitless = next.claim?.fruitlessChecks ?? 0
    next.claim?.fruitlessChecks = isNews || isContent ? 0 : min(fruitless, 1_000) + 1
    if !steps.contains(.claimed) { next.claim?.checkedAt = now }
    let nextCheckAt = DomainRules.nextCheck(of: next, policy, hold: holds.end(for: next, policy), at: now)
    next.claim?.nextCheckAt = nextCheckAt
    try await store(next)
    service.observer.count("domains.checked", by: 1, labels: ["state": mapping.state.name])
  }

  private func report() -> DomainReport {
    DomainReport(
      host: host, tenantID: mapping.tenantID, before: before, status: isGone ? nil : DomainStatus(mapping, policy),
      steps: steps, records: DomainRules.records(for: mapping, policy), holdUntil: holds.latest)
  }
}
