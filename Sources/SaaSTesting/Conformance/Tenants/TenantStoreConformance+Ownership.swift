internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let ownership = [
    Check("unproven claims exclude nobody", unprovenClaims),
    Check("the first to prove a host wins, and every unproven mapping of it is told so at once", firstProof),
    Check("a host that is owned cannot be owned by a second tenant, by update or insertion", secondProof),
    Check("a mapping that owns no host cannot be verified or active, by update or insertion", servedUnproven),
    Check("an owner that lost its proof makes way for another", lostProof),
    Check("a mapping that is being removed or has expired stays so when another tenant proves the host", pastLosers),
  ]

  private static let start = TenantStoreSubject.start

  private static func unprovenClaims(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "b", "c"] {
      try await subject.create(id)
      try await subject.claim("www.customer.com", by: id)
    }
    let records = try await subject.store.records(host: HostName("www.customer.com"), slug: nil)
    try Expect.equal(
      Set(records.mappings.map(\.tenant.slug.rawValue)), ["a", "b", "c"], "the tenants that claim one host")
  }

  private static func firstProof(_ subject: TenantStoreSubject) async throws {
    let host = try HostName("www.customer.com")
    var claims: [String: DomainMapping] = [:]
    for id in ["a", "b", "c", "d"] {
      try await subject.create(id)
      claims[id] = try await subject.claim(
        "www.customer.com", by: id, state: id == "c" ? .error(.ownershipLost) : .pending)
    }
    let elsewhere = try await subject.claim("other.customer.com", by: "a")
    var before: [String: Int64] = [:]
    for id in claims.keys { before[id] = try await subject.hosts(id).tenant.revision }
    var winner = try Expect.some(claims["b"], "the claim of b")
    winner.state = .verified
    winner.provenAt = start
    let events = try claims.map { id, claim in
      TenancyEvent.domainChanged(
        tenantID: try TenantID(id), host: host, from: claim.state,
        to: id == "b" ? .verified : .error(.claimedElsewhere))
    }
    _ = try await subject.tells(events, "a proof against three other claims") {
      [winner] in try await subject.store.update(winner, at: start)
    }
    for (id, claim) in claims {
      let mapping = try Expect.some(await subject.mapping("www.customer.com", of: id), "the mapping of \(id)")
      try Expect.equal(mapping.state, id == "b" ? .verified : .error(.claimedElsewhere), "the state of \(id)'s mapping")
      try Expect.equal(mapping.provenAt, id == "b" ? start : nil, "the proof of \(id)'s mapping")
      try Expect.equal(mapping.version, claim.version + 1, "the version of \(id)'s mapping")
      let revision = try await subject.hosts(id).tenant.revision
      try Expect.holds(revision > before[id] ?? 0, "the tenant \(id) is stamped", got: revision)
      guard id != "b" else { continue }
      try await subject.refused(.store(.conflict("")), "an update by the version before the host was lost") {
        try await subject.store.update(claim, at: start)
      }
    }
    try Expect.equal(
      await subject.mapping("other.customer.com", of: "a"), elsewhere, "a loser's mapping of another host")
  }

  private static func secondProof(_ subject: TenantStoreSubject) async throws {
    let host = try HostName("www.customer.com")
    for id in ["a", "b", "c"] { try await subject.create(id) }
    try await subject.claim("www.customer.com", by: "a", state: .active, proven: true)
    var second = try await subject.claim("www.customer.com", by: "b")
    second.state = .verified
    second.provenAt = start
    try await subject.refused(.hostTaken(host), "a second proof by update") {
      [second] in try await subject.store.update(second, at: start)
    }
    try await subject.refused(.hostTaken(host), "a second proof by insertion") {
      try await subject.claim("www.customer.com", by: "c", state: .verified, proven: true)
    }
    // The owner itself goes on.
    var owner = try Expect.some(await subject.mapping("www.customer.com", of: "a"), "the owner's mapping")
    owner.state = .error(.notConfigured)
    _ = try await subject.store.update(owner, at: start)
  }

  private static func servedUnproven(_ subject: TenantStoreSubject) async throws {
    let (owned, free) = (try HostName("www.customer.com"), try HostName("free.customer.com"))
    for id in ["a", "b"] { try await subject.create(id) }
    let owner = try await subject.claim("www.customer.com", by: "a", state: .active, proven: true)
    for host in [owned, free] {
      let pending = try await subject.claim(host.rawValue, by: "b")
      for state in [DomainMapping.State.verified, .active] {
        var served = pending
        served.state = state
        try await subject.refused(.hostNotProven(host), "an update to \(state.name) without a proof of \(host)") {
          [served] in try await subject.store.update(served, at: start)
        }
      }
      try await subject.store.delete(pending, at: start)
      for kind in DomainMapping.Kind.allCases {
        for state in [DomainMapping.State.verified, .active] {
          let served = DomainMapping(
            host: host, tenantID: try TenantID("b"), kind: kind, state: state, provenAt: nil, createdAt: start,
            changedAt: start)
          try await subject.refused(.hostNotProven(host), "a \(kind) mapping, \(state.name) without a proof of \(host)")
          {
            try await subject.store.insert(served, label: nil, at: start)
          }
        }
      }
    }
    try Expect.equal(await subject.mapping("www.customer.com", of: "a"), owner, "the owner's mapping")
  }

  private static func lostProof(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "b"] { try await subject.create(id) }
    var first = try await subject.claim("www.customer.com", by: "a", state: .active, proven: true)
    first.state = .error(.ownershipLost)
    first.provenAt = nil
    first = try await subject.store.update(first, at: start)
    var second = try await subject.claim("www.customer.com", by: "b")
    second.state = .verified
    second.provenAt = start
    _ = try await subject.store.update(second, at: start)
    let lost = try await subject.mapping("www.customer.com", of: "a")
    try Expect.equal(lost?.state, .error(.claimedElsewhere), "the state of the former owner's mapping")
  }

  private static func pastLosers(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "b", "c"] { try await subject.create(id) }
    let expired = try await subject.claim("www.customer.com", by: "c", state: .error(.expired))
    let removing = try await subject.claim("www.customer.com", by: "a", state: .removing)
    var second = try await subject.claim("www.customer.com", by: "b")
    second.state = .verified
    second.provenAt = start
    _ = try await subject.store.update(second, at: start)
    try Expect.equal(await subject.mapping("www.customer.com", of: "a"), removing, "the mapping that is being removed")
    try Expect.equal(await subject.mapping("www.customer.com", of: "c"), expired, "the mapping that expired")
  }
}
