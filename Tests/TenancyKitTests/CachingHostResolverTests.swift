import SaaSCore
import SaaSTesting
import Testing

@testable import TenancyKit

@Suite struct CachingHostResolverTests {
  let platform: Platform
  let base = InMemoryTenantStore()
  let store: FlakyTenantStore
  let now = Timestamp(seconds: 1_750_000_000)

  init() throws {
    platform = try Platform(domains: ["emperor.gallery", "localhost"])
    store = FlakyTenantStore(base)
  }

  private func resolver(capacity: Int = 100, negativeCapacity: Int = 100) -> CachingHostResolver {
    CachingHostResolver(
      platform: platform, store: store, capacity: capacity, negativeCapacity: negativeCapacity,
      lifetime: .seconds(10), negativeLifetime: .seconds(5), staleLimit: .seconds(60))
  }

  private func create(_ slug: String) async throws -> Tenant {
    try await base.insert(
      Tenant(id: TenantID("t-" + slug), organizationID: OrgID("o-" + slug), slug: Slug(slug), createdAt: now), at: now)
  }

  @Test(arguments: HostRow.table)
  func `every row of the table is what a caching resolver says, asked twice`(row: HostRow) async throws {
    let resolver = CachingHostResolver(
      platform: try HostFixture.platform(), store: FixedTenantStore(tenants: try HostFixture.tenants()))
    for _ in 0..<2 {
      expect(try await resolver.resolve(row.header, at: HostFixture.now), is: row)
      if row.isText { expect(try await resolver.resolve(row.text, at: HostFixture.now), is: row) }
    }
  }

  @Test func `an answer is remembered for its lifetime, one that says nobody for its own`() async throws {
    _ = try await create("team-a")
    let resolver = resolver()
    func reads(_ host: String, after seconds: Int) async throws -> Int {
      let before = store.hostReadCount
      _ = try await resolver.resolve(host, at: now + .seconds(seconds))
      return store.hostReadCount - before
    }
    #expect(try await reads("team-a.localhost", after: 0) == 1)
    #expect(try await reads("TEAM-A.localhost.:80", after: 9) == 0)
    #expect(try await reads("team-a.localhost", after: 10) == 1)
    #expect(try await reads("team-a.localhost", after: -30) == 1, "a clock that was set back keeps nothing alive")
    #expect(try await reads("nobody.localhost", after: 0) == 1)
    #expect(try await reads("nobody.localhost", after: 4) == 0)
    #expect(try await reads("nobody.localhost", after: 5) == 1)
    for host in ["localhost", "www.localhost", "bad_host", "127.0.0.1"] {
      #expect(try await reads(host, after: 0) == 0, "\(host)")
    }
  }

  @Test func `of many requests for one host one asks the store`() async throws {
    _ = try await create("team-a")
    let resolver = resolver()
    let gate = Gate()
    store.pause(before: { await gate.pass() })
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask { #expect(await (try? resolver.resolve("team-a.localhost", at: now))?.kind == .tenant) }
      }
      while resolver.counts.waiting < 19 { await Task.yield() }
      gate.open()
    }
    #expect(store.hostReadCount == 1)
    #expect(resolver.counts.waiting == 0)
  }

  @Test func `a failure is told to everyone who waited, and the next request asks again`() async throws {
    _ = try await create("team-a")
    let resolver = resolver()
    let gate = Gate()
    store.pause(before: { await gate.pass() })
    store.fail(with: .unavailable(.busy))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<5 {
        group.addTask {
          await #expect(throws: TenantStoreError.store(.unavailable(.busy))) {
            try await resolver.resolve("team-a.localhost", at: now)
          }
        }
      }
      while resolver.counts.waiting < 4 { await Task.yield() }
      gate.open()
    }
    store.fail(with: nil)
    #expect(try await resolver.resolve("team-a.localhost", at: now).kind == .tenant)
  }

  @Test func `those who wait for a request that is cancelled try themselves`() async throws {
    _ = try await create("team-a")
    let resolver = resolver()
    let gate = Gate()
    let store = store
    store.pause(before: {
      await gate.pass()
      // As a store does that gives up on a cancelled task.
      store.fail(with: Task.isCancelled ? .unavailable(.failed("cancelled")) : nil)
    })
    let first = Task { try await resolver.resolve("team-a.localhost", at: now) }
    await gate.holds(1)
    let second = Task { try await resolver.resolve("team-a.localhost", at: now) }
    while resolver.counts.waiting < 1 { await Task.yield() }
    first.cancel()
    gate.open()
    #expect(try await second.value.kind == .tenant)
    await #expect(throws: TenantStoreError.self) { try await first.value }
  }

  @Test func `while the store fails the last answer is given up to the limit`() async throws {
    _ = try await create("team-a")
    let resolver = resolver()
    _ = try await resolver.resolve("team-a.localhost", at: now)
    store.fail(with: .unavailable(.full))
    #expect(try await resolver.resolve("team-a.localhost", at: now + .seconds(60)).kind == .tenant)
    await #expect(throws: TenantStoreError.store(.unavailable(.full))) {
      try await resolver.resolve("team-a.localhost", at: now + .seconds(60) + .microseconds(1))
    }
    await #expect(throws: TenantStoreError.store(.unavailable(.full))) {
      try await resolver.resolve("other.localhost", at: now)
    }
  }

  @Test func `a hold ends at its instant, whatever the lifetime, and while the store fails too`() async throws {
    let tenant = try await create("old")
    _ = try await base.rename(
      tenant.id, from: tenant.slug, to: Slug("new"), holdingUntil: now + .seconds(3), at: now)
    let resolver = resolver()
    #expect(try await resolver.resolve("old.localhost", at: now).movedTo?.rawValue == "new.localhost")
    #expect(try await resolver.resolve("old.localhost", at: now + .seconds(3)).reason == .noSuchTenant)
    let second = self.resolver()
    #expect(try await second.resolve("old.localhost", at: now).kind == .moved)
    store.fail(with: .unavailable(.busy))
    let last = now + .seconds(3) - .microseconds(1)
    #expect(try await second.resolve("old.localhost", at: last).kind == .moved)
    await #expect(throws: TenantStoreError.self) { try await second.resolve("old.localhost", at: now + .seconds(3)) }
  }

  @Test func `an answer that crosses a change is not remembered, and nobody who comes later gets it`() async throws {
    let tenant = try await create("team-a")
    let resolver = resolver()
    let gate = Gate()
    // The first read has happened and is on its way back.
    store.pause(after: { await gate.pass() })
    let early = Task { try await resolver.resolve("team-a.localhost", at: now) }
    await gate.holds(1)
    store.pause()
    _ = try await base.setStatus(.suspended, of: tenant.id, at: now)
    try await resolver.refresh(after: tenant.id)
    #expect(try await resolver.resolve("team-a.localhost", at: now).kind == .suspended)
    gate.open()
    #expect(try await early.value.kind == .tenant)
    #expect(try await resolver.resolve("team-a.localhost", at: now).kind == .suspended)
  }

  @Test func `a change that cannot be looked up makes every answer old`() async throws {
    let tenant = try await create("team-a")
    _ = try await create("team-b")
    let resolver = resolver()
    for slug in ["team-a", "team-b"] { _ = try await resolver.resolve("\(slug).localhost", at: now) }
    _ = try await base.setStatus(.suspended, of: tenant.id, at: now)
    store.fail(with: .unavailable(.busy))
    await #expect(throws: TenantStoreError.self) { try await resolver.refresh(after: tenant.id) }
    #expect(try await resolver.resolve("team-a.localhost", at: now).kind == .tenant, "nothing newer can be known")
    store.fail(with: nil)
    #expect(try await resolver.resolve("team-a.localhost", at: now).kind == .suspended)
  }

  @Test func `a flood of made-up names pushes out no tenant's host, and neither list outgrows its bound`() async throws
  {
    for number in 0..<30 { _ = try await create("t\(number)") }
    let resolver = resolver(capacity: 20, negativeCapacity: 10)
    for number in 0..<20 { _ = try await resolver.resolve("t\(number).localhost", at: now) }
    for number in 0..<500 { _ = try await resolver.resolve("flood-\(number).localhost", at: now) }
    #expect(resolver.counts.served == 20)
    #expect(resolver.counts.negative == 10)
    let before = store.hostReadCount
    for number in 0..<20 { _ = try await resolver.resolve("t\(number).localhost", at: now) }
    #expect(store.hostReadCount == before)
    // The one used least recently makes room.
    _ = try await resolver.resolve("t0.localhost", at: now)
    _ = try await resolver.resolve("t20.localhost", at: now)
    _ = try await resolver.resolve("t0.localhost", at: now)
    #expect(store.hostReadCount == before + 1)
    _ = try await resolver.resolve("t1.localhost", at: now)
    #expect(store.hostReadCount == before + 2)
  }

  /// One writer changes the store and announces each change; readers ask meanwhile. An answer must be right for some
  /// moment between the last change announced before the question and the last one begun before the answer.
  @Test(arguments: UInt64(1)...20)
  func `answers are those of some moment between question and answer`(seed: UInt64) async throws {
    let history = History()
    let resolver = CachingHostResolver(
      platform: platform, store: store, capacity: 8, negativeCapacity: 4, lifetime: .seconds(1_000_000),
      negativeLifetime: .seconds(1_000_000))
    let yields = Lock(SeededGenerator(seed: seed))
    let pause: @Sendable () async -> Void = {
      for _ in 0..<yields.withLock({ Int.random(in: 0..<6, using: &$0) }) { await Task.yield() }
    }
    store.pause(before: pause, after: pause)
    let platform = platform
    let base = base
    let now = now
    try await history.record(base)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var dice = SeededGenerator(seed: seed)
        var driver = StoreDriver(store: base, now: now)
        for _ in 0..<60 {
          history.begin()
          let before = try await base.revision()
          try await driver.change(using: &dice)
          try await history.record(base)
          guard case .changes(let changed, _) = try await base.changes(after: before, limit: .maximum) else { continue }
          // As services do: one announcement for the tenant that was written to comes after the write.
          for hosts in changed { try await resolver.refresh(after: hosts.tenant.id) }
          history.announce()
          await pause()
        }
        history.finish()
      }
      for reader in 0..<4 {
        group.addTask {
          var dice = SeededGenerator(seed: seed &* 31 &+ UInt64(reader))
          let hosts = StoreDriver(store: base, now: now).hosts(on: platform)
          while !history.isFinished {
            let host = hosts.randomElement(using: &dice, orElse: "x")
            let first = history.announced
            // Holds never end here, so that one instant serves for all.
            let resolution = try await resolver.resolve(host, at: now)
            let last = history.begun
            let possible = await history.states(from: first, through: last).map {
              HostRulesTests.resolve(Array(host.utf8), in: $0, on: platform, at: now)
            }
            #expect(possible.contains(resolution), "seed \(seed), host \(host), moments \(first) to \(last)")
            await Task.yield()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(resolver.counts.served <= 8)
    #expect(resolver.counts.negative <= 4)
  }
}

/// The states that a store went through, one for each change.
private final class History: Sendable {
  private struct State {
    var states: [[TenantHosts]] = []
    var begun = 0
    var announced = 0
    var isFinished = false
  }

  private let state = Lock(State())

  var begun: Int { state.withLock { $0.begun } }
  var announced: Int { state.withLock { $0.announced } }
  var isFinished: Bool { state.withLock { $0.isFinished } }

  func begin() { state.withLock { $0.begun += 1 } }
  func announce() { state.withLock { $0.announced = $0.begun } }
  func finish() { state.withLock { $0.isFinished = true } }

  func record(_ store: InMemoryTenantStore) async throws {
    let all = try await store.hosts(after: nil, limit: .maximum).elements
    state.withLock { $0.states.append(all) }
  }

  /// The states from one change through another. They are waited for, because a change can be read before it is recorded.
  func states(from first: Int, through last: Int) async -> [[TenantHosts]] {
    while !Task.isCancelled {
      let states = state.withLock { $0.states.count > last ? Array($0.states[first...last]) : nil }
      if let states { return states }
      await Task.yield()
    }
    return []
  }
}
