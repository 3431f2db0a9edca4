import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Custom domains")
struct DomainServiceTests {
  @Test("go from pending to active, serve, and stop when their DNS goes") func lifeCycle() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let added = try await scene.add("Shop.Example.com", to: acme)
    #expect(added.after == .pending)
    #expect(added.before == .pending)
    let token = try #require(added.status?.mapping.claim?.token.rawValue)
    #expect(
      added.records == [
        DNSRecord(.txt, try #require(DNSName("_saaskit.shop.example.com")), "saaskit-verify=\(token)", for: .ownership),
        DNSRecord(.cname, try #require(DNSName("shop.example.com")), InMemoryDomainProvider.alias, for: .routing),
      ])
    #expect(scene.provider.hosts.isEmpty, "an unproven claim puts nothing on the account")
    #expect(scene.dns.lookups.isEmpty, "and asks for no record that cannot be there")
    #expect(scene.served("shop.example.com") == nil)

    var report = try await scene.recheck("shop.example.com", of: acme)
    #expect(report.after == .pending)
    #expect(report.status?.obstacle == .ownershipRecordMissing)

    scene.dns.publish(added.records.filter { $0.purpose == .ownership })
    report = try await scene.recheck("shop.example.com", of: acme)
    #expect(report.after == .verified)
    #expect(report.status?.obstacle == .notPointing)
    #expect(report.steps.contains(.addedToProvider))
    #expect(scene.served("shop.example.com") == nil)

    scene.dns.publish(added.records)
    report = try await scene.recheck("shop.example.com", of: acme)
    #expect(report.after == .active)
    #expect(report.status?.obstacle == nil)
    #expect(scene.served("shop.example.com") == acme.tenantID, "at once")
    #expect(scene.served("www.shop.example.com") == nil, "and no other host of the domain")

    scene.dns.withdraw(added.records.filter { $0.purpose == .routing })
    await scene.pass(.seconds(2 * 3_600))
    #expect(try await scene.status("shop.example.com", of: acme)?.state == .error(.notConfigured))
    #expect(scene.served("shop.example.com") == nil, "a dangling domain is not served")

    scene.dns.publish(added.records)
    await scene.pass(.seconds(3_600))
    #expect(scene.served("shop.example.com") == acme.tenantID, "and is back when its DNS is")
  }

  @Test("ask for addresses at the top of a domain, and for the provider's proof where it wants one")
  func records() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let top = try await scene.add("example.com", to: acme)
    #expect(top.records.map(\.kind) == [.txt, .a])
    #expect(top.records.last?.value == InMemoryDomainProvider.address)
    #expect(try await scene.add("shop.co.uk", to: acme).records.map(\.kind) == [.txt, .a])
    #expect(try await scene.add("www.shop.co.uk", to: acme).records.map(\.kind) == [.txt, .cname])

    scene.provider.give(try HostName("example.com"), to: .account)
    scene.dns.publish(top.records)
    let verified = try await scene.recheck("example.com", of: acme)
    #expect(verified.after == .verified)
    #expect(verified.status?.obstacle == .providerOwnershipMissing)
    #expect(verified.records.map(\.purpose) == [.ownership, .providerOwnership, .routing])
    scene.dns.publish(verified.records)
    #expect(try await scene.recheck("example.com", of: acme).after == .active)
  }

  @Test(
    "are refused with the reason",
    arguments: [
      ("shop_1.example.com", .invalidName(.notAHost(.invalidCharacter))),
      ("10.0.0.1", .invalidName(.notAHost(.ipAddress))),
      ("[::1]", .invalidName(.notAHost(.ipAddress))),
      ("localhost", .notClaimable(.singleLabel(try! HostName("localhost")))),
      ("co.uk", .notClaimable(.publicSuffix(try! HostName("co.uk")))),
      ("gallery.test", .notClaimable(.platformDomain(try! HostName("gallery.test")))),
      ("acme.gallery.test", .notClaimable(.platformDomain(try! HostName("acme.gallery.test")))),
      ("www.gallery.test", .notClaimable(.platformDomain(try! HostName("www.gallery.test")))),
      ("a.b.gallery.test", .notClaimable(.platformDomain(try! HostName("a.b.gallery.test")))),
      ("gallery.example", .notClaimable(.platformDomain(try! HostName("gallery.example")))),
      ("MY.Gallery.example.", .notClaimable(.platformDomain(try! HostName("my.gallery.example")))),
    ] as [(String, DomainServiceError)])
  func refusals(name: String, error: DomainServiceError) async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    await #expect(throws: error) { try await scene.add(name, to: acme) }
    #expect(try await scene.tenants.store.hosts(of: acme.tenantID)?.mappings.isEmpty == true)
    #expect(scene.provider.calls.isEmpty)
  }

  @Test("are refused where the proof's name would be too long, and twice to one tenant") func moreRefusals()
    async throws
  {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let long = Array(repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".") + ".example"
    await #expect(throws: DomainServiceError.notClaimable(.tooLongForRecord(try HostName(long)))) {
      try await scene.add(long, to: acme)
    }
    _ = try await scene.add("shop.example.com", to: acme, limit: 1)
    await #expect(throws: DomainServiceError.store(.mappingExists(try HostName("shop.example.com")))) {
      try await scene.add("SHOP.example.com", to: acme, limit: 1)
    }
    await #expect(throws: DomainServiceError.store(.domainLimitReached(1))) {
      try await scene.add("other.example.com", to: acme, limit: 1)
    }
    #expect(try await scene.add("bücher.example", to: acme).host.rawValue == "xn--bcher-kva.example")
    #expect(try await scene.status("xn--bcher-kva.example", of: acme)?.unicodeName == "bücher.example")
  }

  @Test("are no member's and no other organisation's business") func access() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let other = try await scene.tenants.context("other")
    _ = try await scene.add("shop.example.com", to: acme)
    let host = try HostName("shop.example.com")
    let strangers: [(Membership, AccessRefusal)] = [
      (try scene.tenants.member(of: acme, as: .member), .roleTooLow(needed: [.owner, .admin])),
      (try scene.tenants.member(of: other), .notAMember),
    ]
    for (stranger, refusal) in strangers {
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await scene.service.add("a.example.com", to: acme, as: stranger, ifFewerThan: nil)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await scene.service.recheck(host, of: acme, as: stranger)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await scene.service.remove(host, of: acme, as: stranger)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await scene.service.domains(of: acme, as: stranger)
      }
    }
    await #expect(throws: DomainServiceError.noSuchDomain(host)) {
      try await scene.remove("shop.example.com", of: other)
    }
  }

  @Test("go to the first tenant that proves them, whoever asked first") func race() async throws {
    let scene = try await DomainScene()
    let first = try await scene.tenants.context("first")
    let second = try await scene.tenants.context("second")
    let asked = try await scene.add("shop.example.com", to: first)
    let proven = try await scene.add("shop.example.com", to: second)
    #expect(asked.records.first != proven.records.first, "each has a record of its own")
    scene.dns.publish(proven.records)
    #expect(try await scene.recheck("shop.example.com", of: second).after == .active)
    #expect(scene.served("shop.example.com") == second.tenantID)
    let lost = try #require(try await scene.status("shop.example.com", of: first))
    #expect(lost.state == .error(.claimedElsewhere))
    #expect(!String(describing: lost).contains("second"), "it does not learn who has it")

    // Even with its record in the DNS beside the other, the first to prove keeps the name.
    scene.dns.publish(asked.records)
    #expect(try await scene.recheck("shop.example.com", of: first).after == .error(.claimedElsewhere))
    #expect(scene.served("shop.example.com") == second.tenantID)

    // The loser's removal leaves the winner's domain at the provider.
    _ = try await scene.remove("shop.example.com", of: first)
    #expect(scene.provider.serves(try HostName("shop.example.com")))

    // Once the winner lets go, the name is free for who can prove it.
    _ = try await scene.add("shop.example.com", to: first)
    scene.clock.advance(by: .seconds(300))
    _ = try await scene.remove("shop.example.com", of: second)
    #expect(scene.served("shop.example.com") == nil)
    scene.dns.publish(try #require(try await scene.status("shop.example.com", of: first)).records)
    #expect(try await scene.recheck("shop.example.com", of: first).after == .active)
    #expect(scene.served("shop.example.com") == first.tenantID)
  }

  @Test("are not given to who claims a name whose DNS already leads to the platform") func hijack() async throws {
    let scene = try await DomainScene()
    let victim = try await scene.tenants.context("victim")
    let thief = try await scene.tenants.context("thief")
    let host = try HostName("shop.example.com")
    scene.dns.publish(.cname, DNSName(host), InMemoryDomainProvider.alias)
    _ = try await scene.add("shop.example.com", to: thief)
    await scene.pass(.days(9))
    #expect(try await scene.status("shop.example.com", of: thief)?.state == .error(.expired))
    #expect(scene.provider.hosts.isEmpty)

    // Nor one that is another tenant's already, active or dangling.
    _ = try await scene.activate("shop.example.com", of: victim)
    await scene.pass(.days(6))
    let claim = try await scene.add("shop.example.com", to: thief)
    #expect(claim.after == .pending, "it does not even learn that the name is taken")
    await scene.pass(.days(1))
    #expect(scene.served("shop.example.com") == victim.tenantID)
    scene.dns.withdraw(
      try #require(try await scene.status("shop.example.com", of: victim)).records.filter { $0.kind == .txt })
    await scene.pass(.days(3))
    #expect(scene.served("shop.example.com") == nil)
    #expect(try await scene.status("shop.example.com", of: victim)?.state == .error(.ownershipLost))
    #expect(try await scene.status("shop.example.com", of: thief)?.state == .pending)
    #expect(scene.provider.hosts.isEmpty, "what nobody owns is taken off the account")
  }

  @Test("that nobody proves expire, free their place and cannot be claimed at once again") func expiry() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    let added = try await scene.add("shop.example.com", to: acme, limit: 1)
    await scene.pass(.days(7))
    let expired = try #require(try await scene.status("shop.example.com", of: acme))
    #expect(expired.state == .error(.expired))
    #expect(expired.records.isEmpty)
    let until = try #require(expired.mapping.claim?.reclaimableAt)
    #expect(until == scene.now + .days(7))

    // Its record comes too late.
    scene.dns.publish(added.records)
    #expect(try await scene.recheck("shop.example.com", of: acme).after == .error(.expired))
    #expect(scene.served("shop.example.com") == nil)

    _ = try await scene.add("other.example.com", to: acme, limit: 1)
    await #expect(throws: DomainServiceError.store(.claimPaused(host, until: until))) {
      try await scene.add("shop.example.com", to: acme, limit: 5)
    }
    // Removing the claim does not shorten the pause.
    #expect(try await scene.remove("shop.example.com", of: acme).after == nil)
    await #expect(throws: DomainServiceError.noSuchDomain(host)) {
      try await scene.recheck("shop.example.com", of: acme)
    }
    await #expect(throws: DomainServiceError.store(.claimPaused(host, until: until))) {
      try await scene.add("shop.example.com", to: acme, limit: 5)
    }
    await scene.pass(.days(7))
    let again = try await scene.add("shop.example.com", to: acme, limit: 5)
    #expect(again.records.first != added.records.first, "and the old record proves nothing for the new claim")
    #expect(try await scene.recheck("shop.example.com", of: acme).after == .pending)
  }

  @Test("in removal stop serving at once, and go when the provider lets go") func removal() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    let active = try await scene.activate("shop.example.com", of: acme)
    scene.clock.advance(by: .days(1))
    scene.provider.fail(with: .unavailable("down"))
    var report = try await scene.remove("shop.example.com", of: acme)
    #expect(report.after == .removing)
    #expect(report.status?.obstacle == .providerUnavailable)
    #expect(report.records == active.records, "which its owner takes out of the DNS")
    #expect(scene.served("shop.example.com") == nil)
    #expect(scene.provider.serves(host))
    await #expect(throws: DomainServiceError.store(.mappingExists(host))) {
      try await scene.add("shop.example.com", to: acme)
    }
    scene.provider.fail(with: nil)
    await scene.pass(.seconds(3_600))
    #expect(try await scene.status("shop.example.com", of: acme) == nil)
    #expect(scene.provider.hosts.isEmpty)

    // Soon after the provider was asked to take it, the removal waits for that call's end.
    _ = try await scene.activate("shop.example.com", of: acme)
    report = try await scene.remove("shop.example.com", of: acme)
    #expect(report.after == .removing)
    #expect(scene.provider.hosts.isEmpty)
    _ = try await scene.provider.add(host)
    await scene.pass(.seconds(240), step: .seconds(30))
    #expect(try await scene.status("shop.example.com", of: acme) == nil)
    #expect(scene.provider.hosts.isEmpty, "even if that call came late")
  }

  @Test("of a closed tenant are taken off the provider") func closedTenant() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.activate("shop.example.com", of: acme)
    _ = try await scene.tenants.store.setStatus(.closed, of: acme.tenantID, at: scene.now)
    await scene.pass(.seconds(4 * 3_600))
    #expect(scene.provider.hosts.isEmpty)
    #expect(try await scene.tenants.store.hosts(of: acme.tenantID)?.mappings == [])
  }

  @Test("that the provider refuses tell its code, and come back by re-check") func refusedByProvider() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    let host = try HostName("shop.example.com")
    scene.provider.give(host, to: .project)
    let refused = try await scene.activate("shop.example.com", of: acme)
    #expect(refused.after == .error(.refused(code: "domain_already_in_use")))
    #expect(refused.status?.obstacle == .providerRefusesDomain)
    scene.provider.give(host, to: nil)
    #expect(try await scene.recheck("shop.example.com", of: acme).after == .active)

    // What concerns the platform's own account is no fault of the domain's.
    scene.provider.limit(to: 1)
    let second = try await scene.activate("other.example.com", of: acme)
    #expect(second.after == .verified)
    #expect(second.status?.obstacle == .providerRefusesPlatform)
  }

  @Test("go on as they are while nobody answers") func outages() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.activate("shop.example.com", of: acme)
    scene.dns.fail(with: .serverFailure)
    scene.provider.fail(with: .unavailable("down"))
    await scene.pass(.days(2))
    #expect(scene.served("shop.example.com") == acme.tenantID)
    #expect(try await scene.status("shop.example.com", of: acme)?.obstacle == .providerUnavailable)
    scene.provider.fail(with: nil)
    scene.dns.fail(with: nil)
    // Lost by the provider behind our back: not served until it is there again, which the same check sees to.
    scene.provider.lose(try HostName("shop.example.com"))
    let report = try await scene.recheck("shop.example.com", of: acme)
    #expect(report.steps.contains(.became(.error(.notConfigured))))
    #expect(report.after == .active)
  }

  @Test("wait longer and longer between checks, never past a claim's end, and as long as a server asks")
  func backoff() async throws {
    let scene = try await DomainScene()
    let acme = try await scene.tenants.context("acme")
    _ = try await scene.add("shop.example.com", to: acme)
    var pauses: [Duration] = []
    for _ in 0..<9 {
      let next = try #require(try await scene.status("shop.example.com", of: acme)?.mapping.claim?.nextCheckAt)
      pauses.append(next.duration(since: scene.now))
      #expect(await scene.service.checkDue().reports.isEmpty, "nothing is due before its time")
      scene.clock.advance(by: next.duration(since: scene.now))
      #expect(await scene.service.checkDue().reports.count == 1)
    }
    for (pause, minutes) in zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]) {
      #expect(pause >= .seconds(60 * minutes) && pause <= .seconds(66 * minutes))
    }
    let until = scene.now + .seconds(9_000)
    scene.dns.failNext(.rateLimited(until: until))
    let held = try await scene.recheck("shop.example.com", of: acme)
    #expect(held.holdUntil == until)
    #expect(held.status?.mapping.claim?.nextCheckAt == until)
    scene.clock.advance(by: .seconds(9_000))
    scene.dns.failNext(.rateLimited(until: nil))
    #expect(
      try await scene.recheck("shop.example.com", of: acme).holdUntil == scene.now + .seconds(3_600),
      "an hour where a server does not say how long")
    let end = try #require(held.status?.expiresAt)
    scene.clock.advance(by: end.duration(since: scene.now) - .seconds(5))
    #expect(try await scene.recheck("shop.example.com", of: acme).status?.mapping.claim?.nextCheckAt == end)
  }
}

extension Duration {
  static func days(_ count: Int64) -> Duration { .seconds(86_400 * count) }
}
