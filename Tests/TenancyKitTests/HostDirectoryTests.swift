import SaaSCore
import SaaSTesting
import Testing

@testable import TenancyKit

@Suite struct HostDirectoryTests {
  let platform: Platform
  let base = InMemoryTenantStore()
  let store: FlakyTenantStore
  let clock = ManualClock(Timestamp(seconds: 1_750_000_000))

  init() throws {
    platform = try Platform(domains: ["emperor.gallery", "localhost"])
    store = FlakyTenantStore(base)
  }

  private func directory(refreshing interval: Duration = .seconds(5)) async throws -> HostDirectory {
    try await HostDirectory(platform: platform, store: store, refreshInterval: interval, clock: clock)
  }

  private func create(_ slug: String) async throws -> Tenant {
    try await base.insert(
      Tenant(
        id: TenantID("t-" + slug), organizationID: OrgID("o-" + slug), slug: Slug(slug), createdAt: clock.now()),
      at: clock.now())
  }

  @Test(arguments: UInt64(1)...12)
  func `a directory after any changes equals one loaded from scratch`(seed: UInt64) async throws {
    var dice = SeededGenerator(seed: seed)
    let platform = try seed % 2 == 0 ? self.platform : Platform(domains: ["emperor.gallery"])
    let followed = try await HostDirectory(
      platform: platform, store: store, refreshInterval: .seconds(5), clock: clock,
      secret: HostHashSecret(using: &dice))
    var driver = StoreDriver(store: base, now: clock.now())
    for step in 0..<25 {
      for _ in 0..<Int.random(in: 1...4, using: &dice) { try await driver.change(using: &dice) }
      if Int.random(in: 0..<8, using: &dice) == 0 { store.keepFeed(false) }
      try await followed.refresh()
      store.keepFeed(true)
      let fresh = try await HostDirectory(platform: platform, store: base, clock: clock)
      #expect(followed.status.tenantCount == fresh.status.tenantCount, "seed \(seed), step \(step)")
      for host in driver.hosts(on: platform) {
        for now in [driver.now, driver.now + .seconds(3_000), driver.now + .seconds(20_000)] {
          let resolution = followed.resolve(host, at: now)
          #expect(resolution == fresh.resolve(host, at: now), "seed \(seed), step \(step), host \(host)")
          let verdict = followed.verdict(forHost: host, at: now)
          #expect(followed.context(for: verdict) == resolution.context, "seed \(seed), step \(step), host \(host)")
          let (same, context) = followed.verdictAndContext(forHost: Array(host.utf8).span, at: now)
          #expect(same == verdict, "seed \(seed), step \(step), host \(host)")
          #expect(context == resolution.context, "seed \(seed), step \(step), host \(host)")
          #expect(followed.tenantID(for: verdict) == resolution.tenantID, "seed \(seed), step \(step), host \(host)")
          #expect(followed.movedHost(for: verdict) == resolution.movedTo, "seed \(seed), step \(step), host \(host)")
        }
      }
    }
  }

  @Test(arguments: HostRow.table)
  func `every row of the table is what a directory says`(row: HostRow) async throws {
    for platform in try HostFixture.platforms() {
      let directory = try await HostDirectory(
        platform: platform, store: FixedTenantStore(tenants: HostFixture.tenants()), clock: clock)
      expect(directory.resolve(row.header.span, at: HostFixture.now), is: row)
      if row.isText { expect(directory.resolve(row.text, at: HostFixture.now), is: row) }
      let (verdict, context) = directory.verdictAndContext(forHost: row.header.span, at: HostFixture.now)
      #expect(verdict.kind == row.kind)
      #expect(context?.tenantID.rawValue == (row.kind == .tenant ? row.tenant : nil))
    }
  }

  @Test func `a context of long texts is that of the present index where its verdict's is gone`() async throws {
    let slug = "a-slug-of-more-than-sixteen-bytes"
    let tenant = try await create(slug)
    let directory = try await directory()
    let host = Array("\(slug).localhost".utf8)
    let gone = HostVerdict(.tenant, tenant: 8, generation: 0)
    let (verdict, context) = directory.verdictAndLongContext(gone, forHost: host.span, at: clock.now())
    #expect(verdict == directory.verdict(forHost: host.span, at: clock.now()))
    #expect(context == TenantContext(tenant))
  }

  @Test func `a change is seen with the next refresh and not before`() async throws {
    let directory = try await directory()
    let tenant = try await create("team-a")
    #expect(directory.resolve("team-a.localhost", at: clock.now()).reason == .noSuchTenant)
    try await directory.refresh()
    #expect(directory.resolve("team-a.localhost", at: clock.now()).context?.tenantID == tenant.id)
    #expect(directory.status.revision == tenant.revision)
  }

  @Test func `a directory survives a failing store and tells its age`() async throws {
    _ = try await create("team-a")
    let directory = try await directory()
    let loaded = clock.now()
    store.fail(with: .unavailable(.busy))
    clock.advance(by: .seconds(60))
    await #expect(throws: TenantStoreError.store(.unavailable(.busy))) { try await directory.refresh() }
    #expect(directory.resolve("team-a.localhost", at: clock.now()).kind == .tenant)
    #expect(directory.status.failure == .store(.unavailable(.busy)))
    #expect(directory.status.refreshedAt == loaded)
    #expect(directory.status.age(at: clock.now()) == .seconds(60))
    store.fail(with: nil)
    try await directory.refresh()
    #expect(directory.status.failure == nil)
    #expect(directory.status.age(at: clock.now()) == .zero)
  }

  @Test func `a directory cannot be made from a failing store`() async throws {
    store.fail(with: .unavailable(.full))
    await #expect(throws: TenantStoreError.store(.unavailable(.full))) { _ = try await self.directory() }
  }

  @Test func `run refreshes once an interval, through failures, until it is cancelled`() async throws {
    let directory = try await directory(refreshing: .seconds(5))
    let task = Task { await directory.run() }
    await clock.sleepers(1)
    _ = try await create("team-a")
    clock.advance(by: .seconds(4))
    #expect(directory.resolve("team-a.localhost", at: clock.now()).kind == .notFound)
    store.fail(with: .unavailable(.busy))
    clock.advance(by: .seconds(1))
    await clock.sleepers(1)
    #expect(directory.status.failure != nil)
    store.fail(with: nil)
    clock.advance(by: .seconds(5))
    await clock.sleepers(1)
    #expect(directory.resolve("team-a.localhost", at: clock.now()).kind == .tenant)
    task.cancel()
    await task.value
  }

  @Test func `a verdict is good for the index before, and for no other directory`() async throws {
    for number in 0..<10 { _ = try await create("team-\(number)") }
    let directory = try await directory()
    let other = try await self.directory()
    let verdict = directory.verdict(forHost: "team-3.localhost", at: clock.now())
    let context = try #require(directory.context(for: verdict))
    #expect(context.slug.rawValue == "team-3")
    #expect(other.context(for: verdict) == nil)
    #expect(other.tenantID(for: verdict) == nil)
    // Loading everything anew gives the directory another index.
    store.keepFeed(false)
    try await directory.refresh()
    #expect(directory.context(for: verdict) == context)
    clock.advance(by: .seconds(6))
    store.keepFeed(true)
    try await directory.refresh()
    #expect(directory.context(for: verdict) == nil)
  }

  @Test func `a verdict for a suspended or moved host gives no right to act`() async throws {
    let directory = try await directory()
    let tenant = try await create("old")
    _ = try await base.rename(
      tenant.id, from: Slug("old"), to: Slug("new"), holdingUntil: clock.now() + .seconds(60), at: clock.now())
    try await directory.refresh()
    let moved = directory.verdict(forHost: "old.localhost", at: clock.now())
    #expect(moved.kind == .moved)
    #expect(directory.context(for: moved) == nil)
    #expect(directory.movedHost(for: moved)?.rawValue == "new.localhost")
    _ = try await base.setStatus(.suspended, of: tenant.id, at: clock.now())
    try await directory.refresh()
    let suspended = directory.verdict(forHost: "new.localhost", at: clock.now())
    #expect(suspended.kind == .suspended)
    #expect(directory.context(for: suspended) == nil)
    #expect(directory.tenantID(for: suspended) == tenant.id)
  }

  @Test func `a verdict is good for each index that was replaced within the interval`() async throws {
    _ = try await create("team-a")
    let directory = try await directory()
    let verdict = directory.verdict(forHost: "team-a.localhost", at: clock.now())
    let context = try #require(directory.context(for: verdict))
    store.keepFeed(false)
    var later: [HostVerdict] = []
    for _ in 0..<3 {
      clock.advance(by: .seconds(1))
      try await directory.refresh()
      later.append(directory.verdict(forHost: "team-a.localhost", at: clock.now()))
      #expect(directory.context(for: verdict) == context)
      #expect(directory.tenantID(for: verdict) == context.tenantID)
    }
    store.keepFeed(true)
    // The index of the first verdict was replaced a second before the next one was.
    clock.advance(by: .milliseconds(3_500))
    try await directory.refresh()
    #expect(directory.context(for: verdict) == nil)
    #expect(later.allSatisfy { directory.context(for: $0) == context })
  }

  @Test func `a directory opened on an empty store learns of many domains at once`() async throws {
    let directory = try await directory()
    let tenant = try await create("team-a")
    for number in 0..<24 {
      var mapping = DomainMapping.custom(try HostName("shop-\(number).example"), of: tenant.id, at: clock.now())
      mapping.state = .active
      mapping.provenAt = clock.now()
      _ = try await base.insert(mapping, label: nil, at: clock.now())
    }
    try await directory.refresh()
    for number in 0..<24 {
      #expect(directory.resolve("shop-\(number).example", at: clock.now()).context?.tenantID == tenant.id)
    }
    #expect(directory.resolve("team-a.localhost", at: clock.now()).kind == .tenant)
  }

  @Test func `concurrent refreshes share their reads`() async throws {
    let directory = try await directory()
    let before = store.feedReadCount
    let gate = Gate()
    store.pauseFeed { await gate.pass() }
    let first = Task { try await directory.refresh() }
    await gate.holds(1)
    _ = try await create("late")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 { group.addTask { try await directory.refresh() } }
      while directory.turns.waitingCount < 200 { await Task.yield() }
      gate.open()
      try await group.waitForAll()
    }
    try await first.value
    // The first read, its page after the tenant it found, and one more for those who came after it began.
    #expect(store.feedReadCount - before <= 3)
    #expect(directory.resolve("late.localhost", at: clock.now()).kind == .tenant)
  }

  @Test func `concurrent refreshes share the failure of the store`() async throws {
    let directory = try await directory()
    let before = store.feedReadCount
    let gate = Gate()
    store.pauseFeed { await gate.pass() }
    store.fail(with: .unavailable(.busy))
    let first = Task { try await directory.refresh() }
    await gate.holds(1)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          await #expect(throws: TenantStoreError.store(.unavailable(.busy))) { try await directory.refresh() }
        }
      }
      while directory.turns.waitingCount < 100 { await Task.yield() }
      gate.open()
    }
    await #expect(throws: TenantStoreError.store(.unavailable(.busy))) { try await first.value }
    #expect(store.feedReadCount - before == 2)
  }
}
