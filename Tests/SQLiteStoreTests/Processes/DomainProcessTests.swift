#if SQLite
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing

  @Suite("Custom domains and a second process", .serialized)
  struct DomainProcessTests {
    @Test("A process that only reads serves a domain when another one activates it, and stops when it breaks or goes")
    func follows() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        let clock = ManualClock()
        let (dns, host) = (EditableDNS(), try HostName("shop.example.com"))
        let provider = InMemoryDomainProvider(dns: dns)
        let service = DomainService(
          platform: try Platform(domains: ["gallery.test"]), store: store, provider: provider, dns: dns,
          directories: [], clock: clock, random: RandomSource(SeededGenerator(seed: 5)))
        _ = try await store.insert(
          Tenant(
            id: try TenantID("acme"), organizationID: try OrgID("org-acme"), slug: try Slug("acme"),
            createdAt: clock.now()), at: clock.now())
        let acme = try #require(try await store.context(slug: try Slug("acme")))
        let owner = Membership(userID: try UserID("user"), organizationID: acme.organizationID, role: .owner)
        let child = try await ChildProcess("serve-hosts", file.path, "gallery.test", "50")

        /// What the other process says when it refreshed its directory twice more. The first of these may have begun before
        /// this was asked, and so before the last change; the second did not.
        func answer() async throws -> String {
          try child.send("2 shop.example.com")
          return await child.nextLine() ?? "none"
        }

        #expect(try await answer() == "not-found noSuchDomain")
        let added = try await service.add("shop.example.com", to: acme, as: owner, ifFewerThan: nil)
        #expect(try await answer() == "not-found domainNotActive")
        dns.publish(added.records)
        #expect(try await service.recheck(host, of: acme, as: owner).after == .active)
        #expect(try await answer() == "tenant acme")

        dns.withdraw(added.records.filter { $0.purpose == .routing })
        clock.advance(by: .seconds(2 * 3_600))
        #expect(await service.checkDue().reports.map(\.after) == [.error(.notConfigured)])
        #expect(try await answer() == "not-found domainNotActive")

        dns.publish(added.records)
        clock.advance(by: .seconds(10))
        #expect(try await service.recheck(host, of: acme, as: owner).after == .active)
        #expect(try await answer() == "tenant acme")
        #expect(try await service.remove(host, of: acme, as: owner).after == nil)
        #expect(try await answer() == "not-found noSuchDomain")

        try child.endInput()
        #expect(await child.wait() == 0)
      }
    }
  }
#endif
