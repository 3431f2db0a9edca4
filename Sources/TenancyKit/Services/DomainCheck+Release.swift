internal import SaaSCore

// What is taken back from the provider.
extension DomainCheck {
  /// Goes on with a removal: the provider lets the host go, then the mapping is deleted.
  mutating func release() async throws(Interruption) {
    // An owner answers for the host at the provider even where it never got to ask for it: others left it to the owner.
    if mapping.claim?.addedAt != nil || mapping.ownsHost, let obstacle = try await takeBack() {
      mapping.claim?.obstacle = obstacle
      return try await finish()
    }
    mapping.claim?.obstacle = nil
    let now = service.clock.now()
    if let wait = unsettledUntil(now) { return try await waitInRemoval(until: wait) }
    mapping.claim?.addedAt = nil
    // Were it deleted, the claim's end and pause would be forgotten with it.
    if let pause = mapping.claim?.reclaimableAt, now < pause, tenant.status != .closed {
      try await waitInRemoval(until: pause)
      isGone = true
      return
    }
    guard case .deleted = mapping.transition(on: .released, at: now) else { return }
    do { try await service.store.delete(mapping, at: now) } catch {
      if case .store(.conflict) = error { throw .changed }
      throw .store(error)
    }
    isGone = true
    steps.append(.deleted)
    await service.refresh(after: mapping.tenantID)
    service.observer.count("domains.changed", by: 1, labels: ["state": "gone"])
  }

  /// Takes back what a claim that is not proven left at the provider.
  ///
  /// - Returns: what stands in the way; nil where nothing does.
  mutating func clearLeftover() async throws(Interruption) -> DomainObstacle? {
    if let obstacle = try await takeBack() { return obstacle }
    if unsettledUntil(service.clock.now()) == nil { mapping.claim?.addedAt = nil }
    return nil
  }

  /// Has the provider let the host go, unless another tenant owns it: then what is there is that tenant's.
  ///
  /// Who owns the host is read right before, because looking at the DNS takes its time. Where another tenant becomes its
  /// owner while the provider answers, that tenant's mapping is checked at once, which puts the host back. The same where
  /// another tenant owns it already: a process may have died between taking the host back and telling the new owner.
  private mutating func takeBack() async throws(Interruption) -> DomainObstacle? {
    guard try await ownerElsewhere() == nil else {
      try await hurryOwner()
      return nil
    }
    do { try await service.provider.remove(host) } catch {
      steps.append(.providerFailed(error))
      if case .rateLimited(let until) = error { holds.provider = until }
      if case .platformRefused = error { return .providerRefusesPlatform }
      return .providerUnavailable
    }
    steps.append(.removedFromProvider)
    try await hurryOwner()
    return nil
  }

  /// The mapping of another tenant that owns the host now.
  private func ownerElsewhere() async throws(Interruption) -> DomainMapping? {
    let records: HostRecords
    do { records = try await service.store.records(host: host, slug: nil) } catch { throw .store(error) }
    return records.mappings.first { $0.tenant.id != mapping.tenantID && $0.mapping.ownsHost }?.mapping
  }

  /// How often the owner's mapping is read anew because others changed it meanwhile.
  private static let maximumHurries = 8

  /// Has the mapping of another tenant that owns the host now, where one does, checked at once.
  ///
  /// Whoever changes it meanwhile may have heard the provider before its last answer, and so is no reason to let it be.
  private func hurryOwner() async throws(Interruption) {
    for _ in 0..<Self.maximumHurries {
      guard var owner = try await ownerElsewhere(), owner.claim != nil else { return }
      let now = service.clock.now()
      // Written even where it is due already: a check that is at work there then looks again.
      owner.claim?.nextCheckAt = now
      do {
        _ = try await service.store.update(owner, at: now)
        return
      } catch {
        switch error {
        case .store(.conflict), .store(.notFound): continue
        default: throw .store(error)
        }
      }
    }
    throw .changed
  }

  /// Until when a call to take the host, begun by a process that knows nothing of the removal, may still have its effect.
  private func unsettledUntil(_ now: Timestamp) -> Timestamp? {
    guard let addedAt = mapping.claim?.addedAt else { return nil }
    let end = addedAt + policy.providerDeadline
    return now < end ? end : nil
  }

  private mutating func waitInRemoval(until instant: Timestamp) async throws(Interruption) {
    var next = mapping
    next.claim?.nextCheckAt = instant
    next.claim?.checkedAt = service.clock.now()
    try await store(next)
  }
}
