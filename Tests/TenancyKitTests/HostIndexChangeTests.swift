import SaaSCore
import Testing

@testable import TenancyKit

/// Single changes of an index, each of which is easily got wrong.
@Suite struct HostIndexChangeTests {
  let platform: Platform
  let now = Timestamp(seconds: 1_750_000_000)

  init() throws { platform = try Platform(domains: ["emperor.gallery"]) }

  private func hosts(_ id: String, slug: String, holds: [(String, Int)] = [], domains: [String] = []) throws
    -> TenantHosts
  {
    let id = try TenantID(id)
    return TenantHosts(
      tenant: Tenant(id: id, organizationID: try OrgID("o-\(id)"), slug: try Slug(slug), createdAt: now),
      holds: try holds.map { SlugHold(slug: try Slug($0.0), tenantID: id, until: now + .seconds($0.1)) },
      mappings: try domains.map {
        var mapping = DomainMapping.custom(try HostName($0), of: id, at: now)
        mapping.state = .active
        mapping.provenAt = now
        return mapping
      })
  }

  private func owner(of host: String, in storage: HostIndexStorage) -> String? {
    let index = HostIndex(storage: storage)
    return index.tenantID(for: index.verdict(forHost: host, at: now))?.rawValue
  }

  // MARK: Tables

  @Test(arguments: 0..<HostTable.placesPerLine)
  func `an entry that was removed is found no more, whatever its tag and its place`(place: Int) {
    for tag in UInt64(0)...255 { checkRemoval(tag: tag, place: place) }
  }

  private func checkRemoval(tag: UInt64, place: Int) {
    let table = HostTable(capacity: 1)
    var entries: [(offset: UInt32, hash: UInt64)] = []
    for index in 0..<HostTable.placesPerLine {
      entries.append((UInt32(index + 1), UInt64(index) << 40 | tag))
      #expect(table.insert(entries[index].offset, hash: entries[index].hash))
    }
    #expect(table.remove(entries[place].offset, hash: tag))
    #expect(!table.remove(entries[place].offset, hash: tag))
    #expect(table.count == HostTable.placesPerLine - 1)
    var found: [UInt32] = []
    table.forEachCandidate(tag) { offset in
      found.append(offset)
      return false
    }
    #expect(found.sorted() == entries.map(\.offset).filter { $0 != entries[place].offset })
  }

  @Test func `a table says that it is full`() {
    let table = HostTable(capacity: 1)
    for offset in 1...UInt32(HostTable.placesPerLine) { #expect(table.insert(offset, hash: UInt64(offset))) }
    #expect(!table.insert(99, hash: 99))
    #expect(table.count == HostTable.placesPerLine)
  }

  // MARK: Room

  @Test(arguments: [20, 60, 500])
  func `one tenant with many domains fits into an index that was empty`(count: Int) throws {
    let domains = (0..<count).map { "shop-\($0).example" }
    let storage = try HostIndex(platform: platform, tenants: []).storage
      .applying([hosts("t", slug: "team-a", domains: domains)])
    for domain in domains { #expect(owner(of: domain, in: storage) == "t", "\(domain)") }
    #expect(owner(of: "team-a.emperor.gallery", in: storage) == "t")
  }

  @Test func `one tenant with many domains fits into an index of plain tenants`() throws {
    let plain = try (0..<100).map { try hosts("t\($0)", slug: "team-\($0)") }
    let domains = (0..<60).map { "shop-\($0).example" }
    let storage = try HostIndex(platform: platform, tenants: plain).storage
      .applying([hosts("late", slug: "late", domains: domains)])
    for domain in domains { #expect(owner(of: domain, in: storage) == "late", "\(domain)") }
    for number in 0..<100 { #expect(owner(of: "team-\(number).emperor.gallery", in: storage) == "t\(number)") }
  }

  @Test func `many tenants with many domains fit into an index in one batch`() throws {
    let batch = try (0..<40).map { tenant in
      try hosts("t\(tenant)", slug: "team-\(tenant)", domains: (0..<25).map { "shop-\($0).of-\(tenant).example" })
    }
    let storage = try HostIndex(platform: platform, tenants: []).storage.applying(batch)
    #expect(storage.table.count == 40 * 26)
    for tenant in 0..<40 {
      for domain in 0..<25 { #expect(owner(of: "shop-\(domain).of-\(tenant).example", in: storage) == "t\(tenant)") }
    }
  }

  // MARK: Renames

  @Test func `a slug that went through two hands within one batch leaves nothing of its first owner`() throws {
    let before = try HostIndex(
      platform: platform,
      tenants: [
        hosts("t", slug: "a", domains: ["gone.example", "kept.example"]), hosts("u", slug: "u"),
        hosts("v", slug: "v"),
      ]
    ).storage
    // T gave up a without a hold, U took it and gave it up with one, within what is learnt at once.
    let batch = try [
      hosts("t", slug: "b", domains: ["kept.example"]), hosts("u", slug: "c", holds: [("u", 0), ("a", 60)]),
    ]
    for order in [batch, batch.reversed()] {
      let after = try before.applying(order)
      #expect(after.tenantCount == 3)
      #expect(owner(of: "a.emperor.gallery", in: after) == "u")
      #expect(owner(of: "b.emperor.gallery", in: after) == "t")
      #expect(owner(of: "kept.example", in: after) == "t")
      #expect(owner(of: "gone.example", in: after) == nil)
    }
  }

  @Test func `two tenants that exchanged their slugs within one batch have each the other's`() throws {
    let before = try HostIndex(
      platform: platform, tenants: [hosts("t", slug: "a", domains: ["t.example"]), hosts("u", slug: "b")]
    ).storage
    let after = try before.applying([
      hosts("t", slug: "b", holds: [("c", 0)], domains: ["t.example"]), hosts("u", slug: "a"),
    ])
    #expect(after.tenantCount == 2)
    #expect(owner(of: "a.emperor.gallery", in: after) == "u")
    #expect(owner(of: "b.emperor.gallery", in: after) == "t")
    #expect(owner(of: "t.example", in: after) == "t")
  }

  @Test func `of a tenant that comes twice in a batch only the last counts`() throws {
    let after = try HostIndex(platform: platform, tenants: []).storage.applying([
      hosts("t", slug: "a", domains: ["gone.example"]), hosts("u", slug: "u"), hosts("t", slug: "b"),
    ])
    #expect(after.tenantCount == 2)
    #expect(owner(of: "gone.example", in: after) == nil)
    #expect(owner(of: "a.emperor.gallery", in: after) == nil)
    #expect(owner(of: "b.emperor.gallery", in: after) == "t")
  }

  @Test(arguments: [true, false])
  func `a host keeps its owner, whatever the mapping of another tenant says`(isProven: Bool) throws {
    let owner = try hosts("owner", slug: "a", domains: ["shop.example"])
    var thief = try hosts("thief", slug: "b", domains: ["shop.example"])
    if !isProven {
      var mapping = try #require(thief.mappings.first)
      mapping.provenAt = nil
      thief = TenantHosts(tenant: thief.tenant, holds: [], mappings: [mapping])
    }
    let built = try HostIndex(platform: platform, tenants: [owner, thief]).storage
    let changed = try HostIndex(platform: platform, tenants: [owner, hosts("thief", slug: "b")]).storage.applying([
      thief
    ])
    for storage in [built, changed] {
      #expect(self.owner(of: "shop.example", in: storage) == "owner")
      // What did not get in takes nothing with it when it goes.
      #expect(try self.owner(of: "shop.example", in: storage.applying([hosts("thief", slug: "b")])) == "owner")
    }
    guard !isProven else { return }
    let alone = try HostIndex(platform: platform, tenants: [thief])
    #expect(alone.verdict(forHost: "shop.example", at: now).reason == .domainNotActive)
  }

  @Test func `a record that lost its slug while an index was loaded leaves no domain behind`() throws {
    // The page with T was read before U took its slug, the page with U after.
    let torn = try HostIndex(
      platform: platform, tenants: [hosts("t", slug: "a", domains: ["gone.example"]), hosts("u", slug: "a")]
    ).storage
    let after = try torn.applying([hosts("t", slug: "b"), hosts("u", slug: "a")])
    #expect(owner(of: "gone.example", in: after) == nil)
    #expect(after.table.count == 2)
    #expect(after.tenantCount == 2)
  }

  // MARK: Arenas

  @Test func `what is written for a change lies beyond what readers of earlier entries load`() throws {
    var storage = try HostIndex(platform: platform, tenants: [hosts("t", slug: "a")]).storage
    for number in 0..<200 {
      let end = storage.arena.count
      let generation = storage.generation
      storage = try storage.applying([hosts("t\(number)", slug: "s\(number)")])
      guard storage.generation == generation else { continue }
      let name = Array("s\(number).emperor.gallery".utf8)
      let verdict = HostIndex(storage: storage).verdict(forHost: name.span, at: now)
      #expect(Int(verdict.tenant) >= end + NameArena.slack)
    }
  }
}
