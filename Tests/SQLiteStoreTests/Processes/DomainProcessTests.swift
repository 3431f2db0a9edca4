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

        /// Asks until the other process has seen the change, and gives every other answer that came before.
        func answers(until expected: String) async throws -> Set<String> {
          var before: Set<String> = []
          for _ in 0..<600 {
            try child.send("shop.example.com")
            let answer = await child.nextLine() ?? "none"
            if answer == expected { return before }
            before.insert(answer)
            try await Task.sleep(for: .milliseconds(50))
          }
          Issue.record("never \(expected), but \(before)")
          return before
        }

        #expect(try await answers(until: "not-found noSuchDomain") == [])
        let added = try await service.add("shop.example.com", to: acme, as: owner, ifFewerThan: nil)
        #expect(try await answers(until: "not-found domainNotActive").isSubset(of: ["not-found noSuchDomain"]))
        dns.publish(added.records)
        #expect(try await service.recheck(host, of: acme, as: owner).after == .active)
        #expect(try await answers(until: "tenant acme").isSubset(of: ["not-found domainNotActive"]))

        dns.withdraw(added.records.filter { $0.purpose == .routing })
        clock.advance(by: .seconds(2 * 3_600))
        #expect(await service.checkDue().reports.map(\.after) == [.error(.notConfigured)])
        #expect(try await answers(until: "not-found domainNotActive").isSubset(of: ["tenant acme"]))

        dns.publish(added.records)
        #expect(try await service.recheck(host, of: acme, as: owner).after == .active)
        #expect(try await answers(until: "tenant acme").isSubset(of: ["not-found domainNotActive"]))
        #expect(try await service.remove(host, of: acme, as: owner).after == nil)
        #expect(
          try await answers(until: "not-found noSuchDomain").isSubset(of: ["tenant acme", "not-found domainNotActive"]))

        try child.endInput()
        #expect(await child.wait() == 0)
      }
    }
  }
#endif
