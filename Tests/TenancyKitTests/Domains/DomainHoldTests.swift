import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("A provider or a resolver that wants to be left alone")
struct DomainHoldTests {
  @Test("is not asked for any domain until then, whoever wants it") func provider() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let other = try await scene.tenants.context("other")
    _ = try await scene.activate("shop.example.com", of: acme)
    _ = try await scene.activate("www.example.org", of: other)
    scene.clock.advance(by: .days(1))
    let until = scene.now + .seconds(900)
    scene.provider.failNext(with: .rateLimited(until: until))
    #expect(try await scene.recheck("shop.example.com", of: acme).holdUntil == until)
    #expect(scene.served("shop.example.com") == acme.tenantID, "and nothing follows from it")

    let calls = scene.provider.calls.count
    scene.clock.advance(by: .seconds(899))
    let held = try await scene.recheck("www.example.org", of: other)
    #expect(held.after == .active)
    #expect(held.holdUntil == until)
    #expect(held.status?.obstacle == .providerUnavailable)
    let pass = await scene.service.checkDue()
    #expect(pass.reports.map(\.after) == [.active])
    #expect(pass.end == .finished)
    let added = try await scene.add("new.example.com", to: other)
    #expect(added.records.map(\.kind) == [.txt], "the records that only the provider knows follow")
    #expect(try await scene.remove("shop.example.com", of: acme).after == .removing)
    #expect(scene.served("shop.example.com") == nil)
    #expect(scene.provider.calls.count == calls)

    scene.clock.advance(by: .seconds(1))
    #expect(try await scene.recheck("www.example.org", of: other).after == .active)
    await scene.pass(.seconds(7_200))
    #expect(try await scene.status("new.example.com", of: other)?.records.map(\.kind) == [.txt, .cname])
    #expect(scene.provider.hosts.map(\.rawValue) == ["www.example.org"])
  }

  @Test(
    "does not keep a domain serving whose record is gone or that leads elsewhere",
    arguments: [
      ([.ownership], nil, .error(.ownershipLost)), ([.routing], nil, .error(.notConfigured)),
      ([.routing], "parked.example", .error(.notConfigured)), ([.routing], InMemoryDomainProvider.alias, .active),
      ([], nil, .active),
    ] as [(Set<DNSRecord.Purpose>, String?, DomainMapping.State)])
  func partsThatAreNotHeld(withdrawn: Set<DNSRecord.Purpose>, alias: String?, state: DomainMapping.State) async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let other = try await scene.tenants.context("other")
    let active = try await scene.activate("shop.example.com", of: acme)
    _ = try await scene.activate("www.example.org", of: other)
    // Once a member of any tenant has had the provider asked too often, for as long as can be.
    scene.provider.failNext(with: .rateLimited(until: .distantFuture))
    _ = try await scene.recheck("www.example.org", of: other)
    let calls = scene.provider.calls.count
    scene.dns.withdraw(active.records.filter { withdrawn.contains($0.purpose) })
    if let alias {
      // By way of another name.
      let host = DNSName(try HostName("shop.example.com"))
      let middle = try #require(DNSName("lb.example.com"))
      scene.dns.publish(.cname, host, middle.rawValue)
      scene.dns.publish(.cname, middle, alias)
    }
    await scene.pass(.seconds(3 * 3_600))
    #expect(try await scene.status("shop.example.com", of: acme)?.state == state)
    #expect(scene.served("shop.example.com") == (state == .active ? acme.tenantID : nil))
    #expect(scene.served("www.example.org") == other.tenantID, "and the others go on")
    #expect(scene.provider.calls.count == calls, "though the provider is left alone")
    scene.dns.publish(active.records)
    await scene.pass(.days(2))
    #expect(scene.served("shop.example.com") == acme.tenantID)
  }

  @Test("ends the job's pass where nobody is to be asked") func everybody() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    for name in ["a.example.com", "b.example.com", "c.example.com"] { _ = try await scene.activate(name, of: acme) }
    scene.clock.advance(by: .days(1))
    let until = scene.now + .seconds(900)
    scene.dns.failNext(.rateLimited(until: until + .seconds(1)))
    scene.provider.failNext(with: .rateLimited(until: until))
    let pass = await scene.service.checkDue()
    #expect(pass.reports.count == 1)
    #expect(pass.end == .rateLimited(until: until))
    let nothing = await scene.service.checkDue()
    #expect(nothing.reports.isEmpty)
    #expect(nothing.end == .rateLimited(until: until))
    await #expect(throws: DomainServiceError.heldBack(until: until)) {
      try await scene.recheck("b.example.com", of: acme)
    }
    #expect(scene.served("a.example.com") == acme.tenantID, "nothing follows from it")
    scene.clock.advance(by: .seconds(901))
    #expect(await scene.service.checkDue().reports.count == 3)
  }

  @Test("is spared by members who may have one domain looked at only so often") func recheckPause() async throws {
    let scene = try await DomainScene(DomainPolicy())
    let acme = try await scene.tenants.context("acme")
    for name in ["shop.example.com", "www.example.org"] { _ = try await scene.add(name, to: acme) }
    let again = scene.now + .seconds(10)
    _ = try await scene.recheck("shop.example.com", of: acme)
    let lookups = scene.dns.lookups.count
    scene.clock.advance(by: .seconds(9))
    for _ in 0..<3 {
      await #expect(throws: DomainServiceError.checkedJustNow(until: again)) {
        try await scene.recheck("shop.example.com", of: acme)
      }
    }
    #expect(scene.dns.lookups.count == lookups)
    _ = try await scene.recheck("www.example.org", of: acme)
    scene.clock.advance(by: .seconds(1))
    _ = try await scene.recheck("shop.example.com", of: acme)
    #expect(scene.dns.lookups.count == lookups + 2)

    // At the same moment, only one of them is let through.
    scene.clock.advance(by: .seconds(10))
    let service = scene.service
    let (host, owner) = (try HostName("shop.example.com"), try scene.owner(acme))
    let through = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { (try? await service.recheck(host, of: acme, as: owner)) != nil } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(through == 1)
  }

  @Test("is asked again after an hour where it does not say until when, and after a day at the latest")
  func bounds() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.add("shop.example.com", to: acme)
    for (said, length) in [(nil, .seconds(3_600)), (Timestamp.distantFuture, .days(1))] as [(Timestamp?, Duration)] {
      scene.dns.failNext(.rateLimited(until: said))
      let end = scene.now + length
      #expect(try await scene.recheck("shop.example.com", of: acme).holdUntil == end)
      let lookups = scene.dns.lookups.count
      await #expect(throws: DomainServiceError.heldBack(until: end)) {
        try await scene.recheck("shop.example.com", of: acme)
      }
      #expect(scene.dns.lookups.count == lookups)
      scene.clock.advance(by: length)
    }
    #expect(try await scene.recheck("shop.example.com", of: acme).status?.obstacle == .ownershipRecordMissing)
  }
}
