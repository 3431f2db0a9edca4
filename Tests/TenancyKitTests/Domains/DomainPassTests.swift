import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("A pass over the domains that are due")
struct DomainPassTests {
  private func service(_ scene: DomainScene, _ store: FlakyTenantStore) -> DomainService {
    DomainService(
      platform: scene.platform, store: store, provider: scene.provider, dns: scene.dns, directories: [],
      clock: scene.clock, random: RandomSource(SeededGenerator(seed: 7)))
  }

  @Test(
    "passes over a domain that always fails, tells of it, and puts it off",
    arguments: [StoreError.corrupt("a row"), .notFound, .conflict("again")])
  func failing(error: StoreError) async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let names = ["a.example.com", "b.example.com", "c.example.com"]
    for name in names {
      _ = try await scene.add(name, to: acme)
      // More than chance spreads their first checks by.
      scene.clock.advance(by: .seconds(10))
    }
    scene.clock.advance(by: .seconds(120))
    let store = FlakyTenantStore(scene.tenants.store)
    store.fail(recordsOf: try HostName(names[0]), with: error)
    let pass = await service(scene, store).checkDue()
    #expect(pass.reports.map(\.host.rawValue) == Array(names[1...]))
    #expect(
      pass.failures.map { "\($0.host) \($0.tenantID) \($0.error)" }
        == ["\(names[0]) \(acme.tenantID) \(TenantStoreError.store(error))"])
    #expect(pass.end == .finished)

    // It waits its turn, so that even a page of one goes to another.
    scene.clock.advance(by: .seconds(140))
    let next = await service(scene, store).checkDue(limit: PageLimit(1))
    #expect(next.reports.count == 1)
    #expect(next.failures.isEmpty)
    scene.clock.advance(by: .seconds(200))
    #expect(await service(scene, store).checkDue().failures.map(\.host) == [names[0]], "and is tried again")
  }

  @Test("ends where the store cannot answer") func unavailable() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    for name in ["a.example.com", "b.example.com"] {
      _ = try await scene.add(name, to: acme)
      scene.clock.advance(by: .seconds(10))
    }
    scene.clock.advance(by: .seconds(120))
    let store = FlakyTenantStore(scene.tenants.store)
    store.fail(recordsOf: try HostName("a.example.com"), with: .unavailable(.busy))
    let pass = await service(scene, store).checkDue()
    #expect(pass.reports.isEmpty && pass.failures.isEmpty)
    #expect(pass.end == .storeFailed(.store(.unavailable(.busy))))
  }
}
