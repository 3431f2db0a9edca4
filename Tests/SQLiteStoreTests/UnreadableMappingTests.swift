#if SQLite
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing

  @Suite("Mappings in a file that this version cannot read whole")
  struct UnreadableMappingTests {
    private let now = Timestamp(seconds: 1_700_000_000)

    private func scene(_ file: ScratchFile, names: [String]) async throws {
      try await file.withStore { store in
        let tenant = try await store.insert(
          Tenant(id: try TenantID("acme"), organizationID: try OrgID("org"), slug: try Slug("acme"), createdAt: now),
          at: now)
        var random = SeededGenerator(seed: 3)
        for (number, name) in names.enumerated() {
          let claim = DomainClaim(
            token: .random(using: &random), expiresAt: now + .seconds(86_400), nextCheckAt: now + .seconds(number))
          _ = try await store.claim(HostName(name), of: tenant.id, as: claim, ifFewerThan: nil, at: now)
        }
      }
    }

    @Test("hide no other that is due, take no place among them, and are told by the job")
    func hidesNoOther() async throws {
      let file = try ScratchFile()
      let names = (0..<6).map { "d\($0).example" }
      try await scene(file, names: names)
      try PlainDatabase(file.path).execute(
        "UPDATE domain_mappings SET token = 'none' WHERE host IN ('d0.example', 'd1.example', 'd4.example')")
      try await file.withStore { store in
        let due = try await store.mappings(dueAt: now + .seconds(60), limit: PageLimit(2))
        #expect(due.mappings.map(\.host.rawValue) == ["d2.example", "d3.example"])
        #expect(due.unreadable.map(\.host) == ["d0.example", "d1.example"])
        #expect(due.unreadable.allSatisfy { $0.tenantID == "acme" && !$0.reason.isEmpty })

        let dns = EditableDNS()
        let clock = ManualClock(now + .seconds(60))
        let service = DomainService(
          platform: try Platform(domains: ["gallery.test"]), store: store, provider: InMemoryDomainProvider(dns: dns),
          dns: dns, directories: [], clock: clock, random: RandomSource(SeededGenerator(seed: 5)))
        let pass = await service.checkDue()
        #expect(pass.reports.map(\.host.rawValue) == ["d2.example", "d3.example", "d5.example"])
        #expect(pass.failures.map(\.host) == ["d0.example", "d1.example", "d4.example"])
        #expect(pass.end == .finished)
        #expect(await service.checkDue().reports.isEmpty, "those are not due again")
      }
    }

    @Test("are not made by a hand that has one served without a proof")
    func servedUnproven() async throws {
      let file = try ScratchFile()
      try await scene(file, names: ["shop.example"])
      for state in ["verified", "active"] {
        #expect(throws: StoreError.self) {
          try PlainDatabase(file.path).execute("UPDATE domain_mappings SET state = '\(state)'")
        }
        try PlainDatabase(file.path).execute("UPDATE domain_mappings SET state = '\(state)', proven_at = 1")
        try PlainDatabase(file.path).execute("UPDATE domain_mappings SET state = 'pending', proven_at = NULL")
      }
    }

    @Test("read as something general where a newer version knows more failures, obstacles and records")
    func newerWords() async throws {
      let file = try ScratchFile()
      try await scene(file, names: ["shop.example"])
      try PlainDatabase(file.path).execute(
        """
        UPDATE domain_mappings SET obstacle = 'tooNew', state = 'error', failure = 'tooNew',
          provider_records = CAST('[{"kind":"HTTPS"}]' AS BLOB)
        """)
      try await file.withStore { store in
        let mapping = try #require(try await store.hosts(of: TenantID("acme"))?.mappings.first)
        #expect(mapping.state == .error(.notConfigured))
        #expect(mapping.claim?.obstacle == .unknown)
        #expect(mapping.claim?.providerRecords == [])
        #expect(!mapping.serves)
      }
    }
  }
#endif
