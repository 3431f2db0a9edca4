import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Claims in a store")
struct DomainClaimStoreTests {
  let store = InMemoryTenantStore()
  let now = Timestamp(seconds: 1_000)

  func tenant(_ id: String) async throws -> TenantID {
    let tenant = Tenant(
      id: try TenantID(id), organizationID: try OrgID("org-" + id), slug: try Slug(id), createdAt: now)
    return try await store.insert(tenant, at: now).id
  }

  func claim(next: Timestamp? = nil) -> DomainClaim {
    var random = SeededGenerator(seed: 7)
    return DomainClaim(token: .random(using: &random), expiresAt: now + .seconds(60), nextCheckAt: next)
  }

  @Test("stop at the limit, however many come at once") func limit() async throws {
    let id = try await tenant("acme")
    let store = store
    let now = now
    let claim = claim()
    let successes = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<40 {
        group.addTask {
          guard let host = try? HostName("d\(number).example.com") else { return false }
          do {
            _ = try await store.claim(host, of: id, as: claim, ifFewerThan: 3, at: now)
            return true
          } catch {
            return error as? TenantStoreError != .domainLimitReached(3)
          }
        }
      }
      return await group.reduce(into: 0) { count, success in count += success ? 1 : 0 }
    }
    #expect(successes == 3)
    #expect(try await store.hosts(of: id)?.mappings.count == 3)
  }

  @Test("that expired free their place, and come again only after the pause") func expiry() async throws {
    let id = try await tenant("acme")
    let host = try HostName("shop.example.com")
    let other = try HostName("other.example.com")
    var claimed = try await store.claim(host, of: id, as: claim(), ifFewerThan: 1, at: now)
    await #expect(throws: TenantStoreError.mappingExists(host)) {
      try await store.claim(host, of: id, as: claim(), ifFewerThan: 9, at: now)
    }
    let again = now + .seconds(100)
    guard case .changed(let expired) = claimed.transition(on: .expired(reclaimableAt: again), at: now) else {
      Issue.record("a pending claim expires")
      return
    }
    claimed = expired
    claimed.claim?.addedAt = now
    let stored = try await store.update(claimed, at: now)
    await #expect(throws: TenantStoreError.claimPaused(host, until: again)) {
      try await store.claim(host, of: id, as: claim(), ifFewerThan: 9, at: again - .seconds(1))
    }
    _ = try await store.claim(other, of: id, as: claim(), ifFewerThan: 1, at: now)
    await #expect(throws: TenantStoreError.domainLimitReached(1)) {
      try await store.claim(host, of: id, as: claim(), ifFewerThan: 1, at: again)
    }
    let renewed = try await store.claim(host, of: id, as: claim(), ifFewerThan: 2, at: again)
    #expect(renewed.state == .pending)
    #expect(renewed.version == stored.version + 1)
    #expect(renewed.claim?.addedAt == now, "what is left at the provider is not forgotten")
    #expect(renewed.claim?.reclaimableAt == nil)
  }

  @Test("are given in the order of their checks, once each, as they are now") func due() async throws {
    let ids = [try await tenant("acme"), try await tenant("beta")]
    for (number, seconds) in [30, 10, 20, 10].enumerated() {
      let host = try HostName("d\(number / 2).example.com")
      _ = try await store.claim(
        host, of: ids[number % 2], as: claim(next: now + .seconds(seconds)), ifFewerThan: nil, at: now)
    }
    func due(_ seconds: Int, limit: Int = 10) async throws -> [String] {
      try await store.mappings(dueAt: now + .seconds(seconds), limit: PageLimit(limit)).mappings.map {
        "\($0.host) \($0.tenantID)"
      }
    }
    #expect(try await due(9) == [])
    #expect(try await due(10) == ["d0.example.com beta", "d1.example.com beta"])
    #expect(
      try await due(30) == ["d0.example.com beta", "d1.example.com beta", "d1.example.com acme", "d0.example.com acme"])
    #expect(try await due(30, limit: 3).count == 3)

    let first = try #require(try await store.mappings(dueAt: now + .seconds(10), limit: .standard).mappings.first)
    var later = first
    later.claim?.nextCheckAt = now + .seconds(40)
    let updated = try await store.update(later, at: now)
    #expect(try await due(30) == ["d1.example.com beta", "d1.example.com acme", "d0.example.com acme"])
    try await store.delete(updated, at: now)
    #expect(try await due(50).count == 3)
  }
}
