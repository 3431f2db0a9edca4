import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Custom domains beside others")
struct DomainProcessTests {
  @Test("are proven by the provider's word where the platform chose so") func providersWord() async throws {
    let scene = try await DomainScene(.withoutRecheckPause(proof: .providersWord))
    let first = try await scene.tenants.context("first")
    let second = try await scene.tenants.context("second")
    let host = try HostName("shop.example.com")
    scene.provider.give(host, to: .account)
    let added = try await scene.add("shop.example.com", to: first)
    #expect(added.after == .pending)
    #expect(added.records.map(\.purpose) == [.providerOwnership, .routing])
    #expect(try await scene.add("shop.example.com", to: second).after == .pending)
    scene.dns.publish(added.records)
    #expect(try await scene.recheck("shop.example.com", of: first).after == .active)
    #expect(try await scene.recheck("shop.example.com", of: second).after == .error(.claimedElsewhere))
    #expect(scene.dns.lookups.isEmpty)
    let before = scene.provider.calls.count
    _ = try await scene.remove("shop.example.com", of: second)
    #expect(scene.provider.calls.count == before, "who has not the name cannot stir the provider")
    scene.provider.doubt(host)
    scene.dns.withdrawAll()
    await scene.pass(.seconds(4_000))
    #expect(scene.served("shop.example.com") == nil)
    #expect(try await scene.status("shop.example.com", of: first)?.state == .error(.ownershipLost))
  }

  @Test("are checked by one process at a time under a lease") func lease() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.add("shop.example.com", to: acme)
    scene.clock.advance(by: .seconds(120))
    let leases = InMemoryJobLeases()
    let other = try await leases.claim("domains.check", holder: "other", for: .seconds(60), at: scene.now)
    let job = DomainCheckJob(scene.service, leases: leases, holder: "this")
    #expect(try await job.run().end == .heldElsewhere)
    try await leases.release(try #require(other))
    let pass = try await job.run()
    #expect(pass.reports.count == 1)
    #expect(pass.end == .finished)
    #expect(try await leases.claim("domains.check", holder: "other", for: .seconds(60), at: scene.now) != nil)
  }

  @Test("are seen by a second process within its refresh interval") func secondProcess() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let second = try await HostDirectory(
      platform: scene.platform, store: scene.tenants.store, refreshInterval: .seconds(5), clock: scene.clock)
    let running = Task { await second.run() }
    defer { running.cancel() }
    func isServedThere() async -> Bool {
      // Asleep again, it has applied everything that was there when it woke.
      await scene.clock.sleepers(1)
      scene.clock.advance(by: .seconds(5))
      await scene.clock.sleepers(1)
      return second.verdict(forHost: "shop.example.com", at: scene.now).kind == .tenant
    }
    #expect(await !isServedThere())
    let active = try await scene.activate("shop.example.com", of: acme)
    #expect(await isServedThere())
    scene.dns.withdraw(active.records.filter { $0.purpose == .routing })
    _ = try await scene.recheck("shop.example.com", of: acme)
    #expect(scene.served("shop.example.com") == nil)
    #expect(await !isServedThere())
    scene.dns.publish(active.records)
    _ = try await scene.recheck("shop.example.com", of: acme)
    #expect(await isServedThere())
    _ = try await scene.remove("shop.example.com", of: acme)
    #expect(await !isServedThere())
  }
}
