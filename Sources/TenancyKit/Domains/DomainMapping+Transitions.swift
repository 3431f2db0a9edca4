public import SaaSCore

/// What was found out about a mapping, or decided: the inputs of its state machine.
public enum DomainFinding: Sendable, Hashable, CaseIterable {
  /// The tenant's own proof was read in the DNS (or the provider's word was taken for it).
  case ownershipProven
  /// The DNS answered, and the proof is not there.
  case ownershipMissing
  /// The provider takes the name as verified and as pointing at it.
  case providerReady
  /// The provider answered that the name is not verified, or does not point at it.
  case providerNotReady
  /// The provider refused the name for good, with its own code.
  case providerRefused(code: String)
  /// Another tenant's mapping of the host was proven.
  case claimedElsewhere
  /// The time for the proof is over; the same tenant may claim the host again from this instant.
  case expired(reclaimableAt: Timestamp)
  /// The tenant or an operator asked for a fresh start after an error.
  case retried
  /// The tenant or an operator asked for removal.
  case removalRequested
  /// The provider has let the name go.
  case released

  public static let allCases: [DomainFinding] = [
    .ownershipProven, .ownershipMissing, .providerReady, .providerNotReady, .providerRefused(code: "forbidden"),
    .claimedElsewhere, .expired(reclaimableAt: .distantFuture), .retried, .removalRequested, .released,
  ]
}

/// What becomes of a mapping.
public enum DomainTransition: Sendable, Hashable {
  /// It stays as it is.
  case unchanged
  /// It becomes this; the version is the store's to raise.
  case changed(DomainMapping)
  /// It is deleted.
  case deleted
}

extension DomainMapping {
  /// What becomes of the mapping by a finding: `pending → verified → active`, any → `error` and back by re-check,
  /// `removing` until the provider has let the name go.
  ///
  /// A mapping becomes `active` only from proven control and a ready provider, and stops serving with the first answer
  /// that says otherwise. An answer that did not come is no finding. Operators' mappings take part only in removal.
  public func transition(on finding: DomainFinding, at now: Timestamp) -> DomainTransition {
    if state == .removing { return finding == .released ? .deleted : .unchanged }
    if finding == .removalRequested { return becoming(.removing, provenAt: provenAt, at: now) }
    if kind == .subdomain { return .unchanged }
    switch finding {
    case .ownershipProven: return proven(at: now)
    case .ownershipMissing: return ownershipMissing(at: now)
    case .providerReady:
      return ownsHost && state != .active ? becoming(.active, provenAt: provenAt, at: now) : .unchanged
    case .providerNotReady:
      return state == .active ? becoming(.error(.notConfigured), provenAt: provenAt, at: now) : .unchanged
    case .providerRefused(let code):
      return state == .error(.expired)
        ? .unchanged : becoming(.error(.refused(code: code)), provenAt: provenAt, at: now)
    case .claimedElsewhere:
      // An expired claim is over, whoever has the host.
      let isOver = ownsHost || state == .error(.expired)
      return isOver ? .unchanged : becoming(.error(.claimedElsewhere), provenAt: nil, at: now)
    case .expired(let reclaimableAt): return expired(reclaimableAt: reclaimableAt, at: now)
    case .retried:
      // An expired claim has to be made anew, after its pause.
      guard let failure = state.failure, failure != .expired else { return .unchanged }
      return becoming(ownsHost ? .verified : .pending, provenAt: provenAt, at: now)
    case .removalRequested, .released: return .unchanged
    }
  }

  private func proven(at now: Timestamp) -> DomainTransition {
    guard !ownsHost else { return .unchanged }
    switch state {
    case .pending, .error(.claimedElsewhere), .error(.ownershipLost), .error(.notConfigured):
      return becoming(.verified, provenAt: now, at: now)
    // A claim that expired or was refused counts no proof until it begins afresh.
    case .error(.expired), .error(.refused), .verified, .active, .removing: return .unchanged
    }
  }

  /// Only a claim that was never proven expires; one that lost its proof goes on telling so.
  private func expired(reclaimableAt: Timestamp, at now: Timestamp) -> DomainTransition {
    guard !ownsHost, state == .pending || state == .error(.claimedElsewhere) else { return .unchanged }
    var mapping = self
    mapping.claim?.reclaimableAt = reclaimableAt
    return mapping.becoming(.error(.expired), provenAt: nil, at: now)
  }

  private func ownershipMissing(at now: Timestamp) -> DomainTransition {
    guard ownsHost else { return .unchanged }
    return becoming(.error(.ownershipLost), provenAt: nil, at: now)
  }

  private func becoming(_ next: State, provenAt proof: Timestamp?, at now: Timestamp) -> DomainTransition {
    guard next != state || proof != provenAt else { return .unchanged }
    var mapping = self
    mapping.state = next
    mapping.provenAt = proof
    mapping.changedAt = now
    return .changed(mapping)
  }
}
