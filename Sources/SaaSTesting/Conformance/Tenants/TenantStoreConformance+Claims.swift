internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let claims = [
    Check("a claim is pending, under version 1, and stored with all that it remembers", claimed),
    Check("a claim is refused for the first rule that it breaks", claimErrors),
    Check("claims at the same time do not pass the limit together", claimLimit),
    Check("an expired claim frees its place, and is replaced once its pause is over", expiredClaim),
    Check("a claim that was taken back keeps its end, its place is free, and its pause lasts", withdrawnClaim),
    Check("what other tenants have of a host stands in no claim's way", othersClaims),
    Check("mappings that are due come by their instants, then by host and tenant, as they are now", dueMappings),
    Check("claims and their replacements tell events and stamp their tenant", claimEvents),
  ]

  private static let start = TenantStoreSubject.start

  private static func claim(seed: UInt64 = 1, dueAt next: Timestamp? = nil) -> DomainClaim {
    var random = SeededGenerator(seed: seed)
    return DomainClaim(token: .random(using: &random), expiresAt: start + .seconds(60), nextCheckAt: next)
  }

  private static func claimed(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let host = try HostName("www.customer.com")
    let record = DNSRecord(
      .txt, try Expect.some(DNSName("_proof.customer.com"), "a DNS name"), "text 'ü' \"", for: .providerOwnership)
    for obstacle in [nil] + DomainObstacle.allCases.map(Optional.some) {
      var full = claim(dueAt: start + .microseconds(3))
      full.reclaimableAt = obstacle == nil ? nil : start + .microseconds(9)
      full.providerRecords = [record, DNSRecord(.a, record.name, "192.0.2.1", for: .routing)]
      full.obstacle = obstacle
      full.checkedAt = start + .microseconds(2)
      full.fruitlessChecks = 7
      full.vouchedUntil = obstacle == nil ? nil : start + .microseconds(11)
      let mapping = try await subject.store.claim(host, of: tenant.id, as: full, ifFewerThan: nil, at: start)
      var expected = DomainMapping.custom(host, of: tenant.id, claim: full, at: start)
      expected.version = mapping.version
      try Expect.equal(mapping, expected, "the answer")
      try Expect.equal(mapping.version, 1, "the version of a first claim")
      try Expect.equal(await subject.mapping("www.customer.com", of: "t"), mapping, "the stored mapping")
      try Expect.equal(
        await subject.peer.records(host: host, slug: nil).mappings.map(\.mapping), [mapping], "the host's mappings")
      var updated = mapping
      updated.claim?.addedAt = start + .microseconds(1)
      updated.claim?.providerRecords = []
      updated = try await subject.store.update(updated, at: start)
      try Expect.equal(await subject.mapping("www.customer.com", of: "t"), updated, "the mapping after an update")
      try await subject.store.delete(updated, at: start)
    }
  }

  private static func claimErrors(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    try await subject.create("gone", status: .closed)
    let host = try HostName("www.customer.com")
    let free = try HostName("free.customer.com")
    func attempt(_ host: HostName, _ id: String, limit: Int?) async throws {
      _ = try await subject.store.claim(host, of: TenantID(id), as: claim(), ifFewerThan: limit, at: start)
    }
    try await attempt(host, "t", limit: 1)
    try await subject.refused(.store(.notFound), "a claim of a tenant that there is not") {
      try await attempt(host, "nobody", limit: 0)
    }
    try await subject.refused(.mappingExists(host), "a claim to a host that the tenant has, past the limit") {
      try await attempt(host, "t", limit: 0)
    }
    try await subject.refused(.domainLimitReached(1), "a claim past the limit") {
      try await attempt(free, "t", limit: 1)
    }
    try await subject.refused(.domainLimitReached(0), "a closed tenant's claim past the limit") {
      try await attempt(free, "gone", limit: 0)
    }
    try await subject.refused(.closed(TenantID("gone")), "a closed tenant's claim") {
      try await attempt(free, "gone", limit: nil)
    }
    // Operators' mappings are no domains that a limit counts.
    try await subject.map("eu.platform.example", label: nil, to: "t")
    try await attempt(free, "t", limit: 2)
  }

  private static func claimLimit(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t")
    let outcomes = await concurrently(12) { number in
      try await (number % 2 == 0 ? subject.store : subject.peer).claim(
        HostName("d\(number).example"), of: TenantID("t"), as: claim(seed: UInt64(number)), ifFewerThan: 3, at: start)
    }
    try Expect.equal((outcomes.answers() as [DomainMapping]).count, 3, "how many claims succeeded")
    for error in outcomes.errors() {
      try Expect.equal(error as? TenantStoreError, .domainLimitReached(3), "the error of the others")
    }
    try Expect.equal(await subject.hosts("t").mappings.count, 3, "how many mappings there are")
  }

  private static func expiredClaim(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let host = try HostName("www.customer.com")
    let again = start + .seconds(100)
    var expired = try await subject.store.claim(host, of: tenant.id, as: claim(), ifFewerThan: 1, at: start)
    expired.state = .error(.expired)
    expired.claim?.reclaimableAt = again
    expired.claim?.addedAt = start + .microseconds(5)
    expired = try await subject.store.update(expired, at: start)
    try await subject.refused(.claimPaused(host, until: again), "a claim during its pause, past the limit") {
      try await subject.store.claim(
        host, of: tenant.id, as: claim(seed: 2), ifFewerThan: 0, at: again - .microseconds(1))
    }
    // Its place is free: another host fits under the limit.
    let other = try HostName("other.customer.com")
    _ = try await subject.store.claim(other, of: tenant.id, as: claim(seed: 3), ifFewerThan: 1, at: start)
    try await subject.refused(.domainLimitReached(1), "a claim after its pause, past the limit") {
      try await subject.store.claim(host, of: tenant.id, as: claim(seed: 2), ifFewerThan: 1, at: again)
    }
    let renewed = try await subject.store.claim(host, of: tenant.id, as: claim(seed: 2), ifFewerThan: 2, at: again)
    var expected = DomainMapping.custom(host, of: tenant.id, claim: claim(seed: 2), at: again)
    expected.claim?.addedAt = start + .microseconds(5)
    expected.version = expired.version + 1
    try Expect.equal(renewed, expected, "the claim that replaced the expired one")
    try Expect.equal(await subject.mapping("www.customer.com", of: "t"), renewed, "the stored claim")
    try await subject.refused(.store(.conflict("")), "an update by the expired claim's version") {
      [expired] in try await subject.store.update(expired, at: again)
    }
  }

  private static func withdrawnClaim(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let host = try HostName("www.customer.com")
    let end = start + .seconds(60)
    let again = start + .seconds(100)
    func withdraw(_ mapping: DomainMapping) async throws {
      var mapping = mapping
      mapping.state = .removing
      mapping.claim?.reclaimableAt = again
      _ = try await subject.store.update(mapping, at: start)
    }
    try await withdraw(subject.store.claim(host, of: tenant.id, as: claim(), ifFewerThan: 1, at: start))
    let other = try HostName("other.customer.com")
    _ = try await subject.store.claim(other, of: tenant.id, as: claim(seed: 3), ifFewerThan: 1, at: start)
    var fresh = claim(seed: 2)
    fresh.expiresAt = start + .seconds(110)
    let renewed = try await subject.store.claim(
      host, of: tenant.id, as: fresh, ifFewerThan: nil, at: end - .microseconds(1))
    try Expect.equal(renewed.state, .pending, "the state of a claim made anew")
    try Expect.equal(renewed.claim?.token, fresh.token, "its token")
    try Expect.equal(renewed.claim?.expiresAt, end, "its end, which is the former claim's")
    try Expect.equal(await subject.mapping("www.customer.com", of: "t"), renewed, "the stored claim")
    try await withdraw(renewed)
    for instant in [end, again - .microseconds(1)] {
      try await subject.refused(.claimPaused(host, until: again), "a claim after the former one's end") {
        try await subject.store.claim(host, of: tenant.id, as: fresh, ifFewerThan: nil, at: instant)
      }
    }
    let later = try await subject.store.claim(host, of: tenant.id, as: fresh, ifFewerThan: nil, at: again)
    try Expect.equal(later.claim?.expiresAt, fresh.expiresAt, "the end of a claim made after the pause")
  }

  private static func othersClaims(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "b"] { try await subject.create(id) }
    try await subject.claim("www.customer.com", by: "a", state: .active, proven: true)
    let host = try HostName("www.customer.com")
    let claimed = try await subject.store.claim(host, of: TenantID("b"), as: claim(), ifFewerThan: nil, at: start)
    try Expect.equal(claimed.state, .pending, "the state of a claim to a host that another tenant owns")
  }

  private static func dueMappings(_ subject: TenantStoreSubject) async throws {
    for id in ["a", "b"] { try await subject.create(id) }
    for (number, second) in [30, 10, 20, 10].enumerated() {
      _ = try await subject.store.claim(
        HostName("d\(number / 2).example"), of: TenantID(number % 2 == 0 ? "a" : "b"),
        as: claim(seed: UInt64(number), dueAt: start + .seconds(second)), ifFewerThan: nil, at: start)
    }
    try await subject.map("eu.platform.example", label: nil, to: "a")
    func due(_ instant: Timestamp, limit: Int = 100) async throws -> [String] {
      try await subject.peer.mappings(dueAt: instant, limit: PageLimit(limit)).mappings.map {
        "\($0.host) \($0.tenantID)"
      }
    }
    let all = ["d0.example b", "d1.example b", "d1.example a", "d0.example a"]
    try Expect.equal(await due(start + .seconds(10) - .microseconds(1)), [], "what is due before the first instant")
    try Expect.equal(await due(start + .seconds(10)), Array(all[..<2]), "what is due at the first instant")
    try Expect.equal(await due(start + .seconds(30)), all, "what is due at the last instant")
    try Expect.equal(await due(start + .seconds(30), limit: 3), Array(all[..<3]), "the first three of them")
    var later = try Expect.some(
      await subject.store.mappings(dueAt: start + .seconds(10), limit: .standard).mappings.first, "one")
    try Expect.equal(later, await subject.mapping("d0.example", of: "b"), "the mapping that is due first, as it is")
    later.claim?.nextCheckAt = start + .seconds(40)
    later = try await subject.store.update(later, at: start)
    try Expect.equal(await due(start + .seconds(30)), Array(all[1...]), "what is due when one was put off")
    later.claim?.nextCheckAt = nil
    later = try await subject.store.update(later, at: start)
    try Expect.equal(await due(.distantFuture), Array(all[1...]), "what is ever due when one is due no more")
    let bare = try await subject.claim("bare.example", by: "a", at: start + .seconds(15))
    try Expect.equal(await due(start + .seconds(15) - .microseconds(1)), [all[1]], "what is due before a bare mapping")
    try Expect.equal(
      await due(.distantFuture), [all[1], "bare.example a"] + all[2...], "what is due with a mapping without a claim")
    try await subject.store.delete(bare, at: start)
    let second = try Expect.some(
      await subject.store.mappings(dueAt: .distantFuture, limit: .standard).mappings.first, "another")
    try await subject.store.delete(second, at: start)
    try Expect.equal(await due(.distantFuture), Array(all[2...]), "what is ever due when one was deleted")
  }

  private static func claimEvents(_ subject: TenantStoreSubject) async throws {
    let tenant = try await subject.create("t")
    let host = try HostName("www.customer.com")
    let revision = try await subject.store.revision()
    var mapping = try await subject.tells(
      [.domainChanged(tenantID: tenant.id, host: host, from: nil, to: .pending)], "a claim"
    ) {
      try await subject.store.claim(host, of: tenant.id, as: claim(), ifFewerThan: nil, at: start)
    }
    try Expect.holds(await subject.hosts("t").tenant.revision > revision, "the tenant is stamped")
    mapping.state = .error(.expired)
    mapping.claim?.reclaimableAt = start
    _ = try await subject.store.update(mapping, at: start)
    _ = try await subject.tells(
      [.domainChanged(tenantID: tenant.id, host: host, from: .error(.expired), to: .pending)], "a claim made anew"
    ) {
      try await subject.store.claim(host, of: tenant.id, as: claim(seed: 2), ifFewerThan: nil, at: start)
    }
  }
}
