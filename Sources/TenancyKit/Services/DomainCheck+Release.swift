internal import SaaSCore

// What is taken back from the provider.
extension DomainCheck {
  /// Goes on with a removal: the provider lets the host go, then the mapping is deleted.
  mutating func release() async throws(Interruption) {
    // An owner answers for the host at the provider even where it never got to ask for it: others left it to the owner.
    if mapping.claim?.addedAt != nil || mapping.ownsHost, let obstacle = await takeBack() {
      mapping.claim?.obstacle = obstacle
      return try await finish()
    }
    mapping.claim?.obstacle = nil
    let now = service.clock.now()
    if let wait = unsettledUntil(now) { return try await waitInRemoval(until: wait) }
    mapping.claim?.addedAt = nil
    // Were it deleted, the pause would be forgotten with it.
    if let pause = mapping.claim?.reclaimableAt, now < pause { return try await waitInRemoval(until: pause) }
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
    if let obstacle = await takeBack() { return obstacle }
    if unsettledUntil(service.clock.now()) == nil { mapping.claim?.addedAt = nil }
    return nil
  }

  /// Has the provider let the host go, unless another tenant owns it: then what is there is that tenant's.
  ///
  /// Between reading who owns the host and the provider's answer another tenant may become its owner. Its next check finds
  /// the host gone from the provider and puts it back; nothing wrong is served meanwhile.
  private mutating func takeBack() async -> DomainObstacle? {
    guard !isOwnedElsewhere else { return nil }
    do {
      try await service.provider.remove(host)
      steps.append(.removedFromProvider)
      return nil
    } catch {
      steps.append(.providerFailed(error))
      if case .rateLimited(let until) = error { hold = until }
      if case .platformRefused = error { return .providerRefusesPlatform }
      return .providerUnavailable
    }
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
