import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("The time of a claim")
struct DomainClaimTimeTests {
  @Test("goes on while the claim is taken back and made anew, and its pause follows") func clock() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    let added = try await scene.add("shop.example.com", to: acme, limit: 1)
    let end = try #require(added.status?.expiresAt)
    await scene.pass(.days(5))
    let removed = try await scene.remove("shop.example.com", of: acme)
    #expect(removed.after == nil)
    #expect(removed.records == added.records, "which its owner takes out of the DNS")
    #expect(try await scene.status("shop.example.com", of: acme) == nil)
    await #expect(throws: DomainServiceError.noSuchDomain(host)) {
      try await scene.remove("shop.example.com", of: acme)
    }
    await scene.pass(.days(1))
    let again = try await scene.add("shop.example.com", to: acme, limit: 1)
    #expect(again.after == .pending)
    #expect(again.status?.expiresAt == end)
    #expect(again.records.first != added.records.first, "and the old record proves nothing for the new claim")

    _ = try await scene.remove("shop.example.com", of: acme)
    _ = try await scene.add("other.example.com", to: acme, limit: 1)
    await scene.pass(.days(2))
    for _ in 0..<2 {
      await #expect(throws: DomainServiceError.store(.claimPaused(host, until: end + .days(7)))) {
        try await scene.add("shop.example.com", to: acme)
      }
      await scene.pass(.days(3))
    }
    await scene.pass(.days(1))
    #expect(try await scene.tenants.store.hosts(of: acme.tenantID)?.mappings.contains { $0.host == host } == false)
    #expect(try await scene.add("shop.example.com", to: acme).status?.expiresAt == scene.now + .days(7))
  }

  @Test("goes on where the claim is made anew while it is being taken back") func meanwhile() async throws {
    let world = try await DomainWorld(seed: 1, proof: .providersWord)
    let (host, tenant) = (world.hosts[0], world.members[0])
    let owner = try world.owner(of: tenant)
    let service = world.service()
    world.provider.give(host, to: .account)
    let end = try #require(
      try await service.add(host.rawValue, to: tenant, as: owner, ifFewerThan: nil).status?.expiresAt)
    #expect(world.provider.hosts == [host])
    world.clock.advance(by: .seconds(3_600))
    let process = MortalProcess(world.witness)
    // Reads twice, stores the removal, reads who owns the host, and asks the provider.
    process.interrupt(atCall: 6) {
      _ = try? await service.add(host.rawValue, to: tenant, as: owner, ifFewerThan: nil)
    }
    let report = try await world.service(process).remove(host, of: tenant, as: owner)
    #expect(report.steps.contains(.became(.removing)))
    #expect(report.after == .pending, "the claim that was made anew is not taken back with the former one")
    #expect(report.status?.expiresAt == end)
  }

  @Test("starts afresh for a host that was proven and given up") func proven() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.activate("shop.example.com", of: acme)
    scene.clock.advance(by: .days(30))
    _ = try await scene.remove("shop.example.com", of: acme)
    #expect(try await scene.add("shop.example.com", to: acme).status?.expiresAt == scene.now + .days(7))
  }

  @Test("begins with the first check for a mapping that the host application stored") func adopted() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    _ = try await scene.tenants.store.insert(
      .custom(host, of: acme.tenantID, at: scene.now), label: nil, at: scene.now)
    let pass = await scene.service.checkDue()
    #expect(pass.reports.map(\.host) == [host])
    #expect(pass.end == .finished)
    let status = try #require(try await scene.status("shop.example.com", of: acme))
    #expect(status.expiresAt == scene.now + .days(7))
    #expect(status.records.map(\.kind) == [.txt, .cname])
    #expect(await scene.service.checkDue().reports.isEmpty, "and is due no more before its time")
    await scene.pass(.days(7))
    #expect(try await scene.status("shop.example.com", of: acme)?.state == .error(.expired))
  }

  @Test(
    "is what the owner of a host that the host application vouched for has to set the record",
    arguments: [false, true])
  func vouched(setsRecord: Bool) async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    scene.dns.publish(.cname, DNSName(host), InMemoryDomainProvider.alias)
    var mapping = DomainMapping.custom(host, of: acme.tenantID, at: scene.now)
    mapping.state = .active
    mapping.provenAt = scene.now
    _ = try await scene.tenants.store.insert(mapping, label: nil, at: scene.now)
    await scene.pass(.days(6))
    #expect(scene.served("shop.example.com") == acme.tenantID)
    #expect(scene.provider.hosts == [host])
    let status = try #require(try await scene.status("shop.example.com", of: acme))
    #expect(status.obstacle == .ownershipRecordMissing)
    if setsRecord { scene.dns.publish(status.records) }
    await scene.pass(.days(2))
    #expect(scene.served("shop.example.com") == (setsRecord ? acme.tenantID : nil))
    scene.dns.withdraw(status.records.filter { $0.kind == .txt })
    await scene.pass(.seconds(7_200))
    #expect(try await scene.status("shop.example.com", of: acme)?.state == .error(.ownershipLost))
  }

  @Test("stands for no host that does not lead to the provider") func vouchedAndDangling() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    var mapping = DomainMapping.custom(try HostName("shop.example.com"), of: acme.tenantID, at: scene.now)
    mapping.state = .active
    mapping.provenAt = scene.now
    _ = try await scene.tenants.store.insert(mapping, label: nil, at: scene.now)
    _ = await scene.service.checkDue()
    #expect(try await scene.status("shop.example.com", of: acme)?.state == .error(.notConfigured))
    #expect(scene.served("shop.example.com") == nil)
  }
}
