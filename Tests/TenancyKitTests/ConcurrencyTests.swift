import SaaSCore
import SaaSTesting
import Synchronization
import TenancyKit
import Testing

/// What the thread sanitizer is run on.
@Suite struct ConcurrencyTests {
  private final class Progress: Sendable {
    let isDone = Atomic<Bool>(false)
    let reads = Atomic<Int>(0)
  }

  @Test
  func `readers resolve while writers create, rename, suspend and map, and the index is made anew`() async throws {
    let platform = try Platform(domains: ["emperor.gallery"])
    let store = FlakyTenantStore(InMemoryTenantStore())
    let clock = ManualClock(Timestamp(seconds: 1_750_000_000))
    let directory = try await HostDirectory(platform: platform, store: store, clock: clock)
    let progress = Progress()
    let now = clock.now()

    try await withThrowingTaskGroup(of: Void.self) { group in
      for reader in 0..<3 {
        group.addTask {
          var dice = SeededGenerator(seed: UInt64(reader))
          while !progress.isDone.load(ordering: .relaxed) {
            for _ in 0..<50 {
              let end = Bool.random(using: &dice) ? "emperor.gallery" : "example"
              let host = "w\(Int.random(in: 0..<3, using: &dice))-\(Int.random(in: 0..<60, using: &dice)).\(end)"
              let verdict = directory.verdict(forHost: host, at: now)
              // Whoever the verdict names had this slug at some time; another writer's tenant never has.
              if let context = directory.context(for: verdict) {
                #expect(context.tenantID.rawValue.hasPrefix(host.prefix(2)), "\(host)")
              }
              if let context = directory.verdictAndContext(forHost: Array(host.utf8).span, at: now).1 {
                #expect(context.tenantID.rawValue.hasPrefix(host.prefix(2)), "\(host)")
                #expect(context.organizationID.rawValue.hasPrefix(host.prefix(2)), "\(host)")
              }
              let resolution = directory.resolve(host, at: now)
              if let id = resolution.tenantID { #expect(id.rawValue.hasPrefix(host.prefix(2)), "\(host)") }
              progress.reads.add(1, ordering: .relaxed)
            }
            await Task.yield()
          }
        }
      }
      group.addTask {
        try await withThrowingTaskGroup(of: Void.self) { writers in
          for writer in 0..<3 {
            writers.addTask { try await Self.write(writer, to: store, directory, at: now) }
          }
          try await writers.waitForAll()
        }
        progress.isDone.store(true, ordering: .relaxed)
      }
      try await group.waitForAll()
    }
    #expect(progress.reads.load(ordering: .relaxed) > 0)
    let fresh = try await HostDirectory(platform: platform, store: store, clock: clock)
    for writer in 0..<3 {
      for number in 0..<60 {
        for host in ["w\(writer)-\(number).emperor.gallery", "w\(writer)-\(number).example"] {
          #expect(directory.resolve(host, at: now) == fresh.resolve(host, at: now), "\(host)")
        }
      }
    }
  }

  private static func write(_ writer: Int, to store: FlakyTenantStore, _ directory: HostDirectory, at now: Timestamp)
    async throws
  {
    for number in 0..<30 {
      let slug = try Slug("w\(writer)-\(number)")
      let tenant = Tenant(
        // As long as a UUID, with little after it.
        id: try TenantID("w\(writer)-t\(number)-" + String(repeating: "i", count: 28)),
        organizationID: try OrgID("w\(writer)\(number)"), slug: slug, createdAt: now)
      _ = try await store.insert(tenant, at: now)
      try await directory.refresh()
      // A write of this process is visible when it returns.
      #expect(directory.resolve("\(slug).emperor.gallery", at: now).kind == .tenant)
      if number % 3 == 0 {
        let next = try Slug("w\(writer)-\(number + 30)")
        _ = try await store.rename(tenant.id, from: slug, to: next, holdingUntil: now + .seconds(60), at: now)
        try await directory.refresh()
        #expect(directory.resolve("\(slug).emperor.gallery", at: now).movedTo?.rawValue == "\(next).emperor.gallery")
      }
      if number % 4 == 0 {
        _ = try await store.setStatus(.suspended, of: tenant.id, at: now)
        try await directory.refresh()
      }
      let host = try HostName("\(slug).example")
      var mapping = DomainMapping.custom(host, of: tenant.id, at: now)
      mapping.state = .active
      mapping.provenAt = now
      mapping = try await store.insert(mapping, label: nil, at: now)
      try await directory.refresh()
      #expect(directory.resolve(host.rawValue, at: now).tenantID == tenant.id)
      if number % 2 == 0 {
        try await store.delete(mapping, at: now)
        try await directory.refresh()
        #expect(directory.resolve(host.rawValue, at: now).tenantID == nil)
      }
      if number % 10 == writer {
        // A store that has forgotten its feed makes the directory load everything.
        store.keepFeed(false)
        try await directory.refresh()
        store.keepFeed(true)
      }
    }
  }
}
