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
    await #expect(throws: DomainServiceError.heldBack(until: until)) {
      try await scene.recheck("www.example.org", of: other)
    }
    let pass = await scene.service.checkDue()
    #expect(pass.reports.isEmpty)
    #expect(pass.end == .rateLimited(until: until))
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
