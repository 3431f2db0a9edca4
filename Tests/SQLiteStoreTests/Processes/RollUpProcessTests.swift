#if SQLite
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Roll-ups in several processes", .serialized)
  struct RollUpProcessTests {
    @Test("Interrupted, run again, and run by two processes at once, they leave the rows of one")
    func twoProcesses() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        let tenants = try await Self.fill(store)
        let first = try await ChildProcess("roll-up", file.path, "\(Self.end)")
        for _ in 0..<7 { _ = await first.nextLine() }
        first.kill()
        await first.wait()
        let children = [
          try await ChildProcess("roll-up", file.path, "\(Self.end)"),
          try await ChildProcess("roll-up", file.path, "\(Self.end)"),
        ]
        for child in children {
          #expect(await child.remainingLines().last == "finished")
          #expect(await child.wait() == 0)
        }
        for tenant in tenants {
          let rows = try await store.ledger(LedgerQuery(), after: nil, limit: .maximum, of: tenant).elements
          #expect(rows.count == 6)
          #expect(rows.allSatisfy { $0.isSealed == ($0.period.end <= Timestamp(seconds: Self.end - 35 * 86_400)) })
          let sums = try await store.sums(of: rows.map(\.period), for: tenant).value
          #expect(rows.map(\.sums) == sums)
          #expect(rows.map(\.sums.events.count).reduce(0, +) == 60)
          #expect(try await store.staleDays(limit: .standard, of: tenant).isEmpty)
          // A second run has nothing to do.
          #expect(
            try await LedgerRollup(tenants: store, store: store).rollUp(tenant, at: Timestamp(seconds: Self.end)) == 0)
        }
      }
    }

    /// 2024-06-28, when the last of six months is not over.
    private static let end: Int64 = 1_719_532_800

    /// Thirty tenants with sixty events each from January to June 2024.
    private static func fill(_ store: SQLiteStore) async throws -> [TenantContext] {
      var tenants: [TenantContext] = []
      for number in 0..<30 {
        let name = "t\(number)"
        let instant = Timestamp(seconds: 1_704_067_200)
        let tenant = Tenant(
          id: try TenantID(name), organizationID: try OrgID(name), slug: try Slug(name), createdAt: instant)
        _ = try await store.insert(tenant, at: instant)
        let context = try #require(try await store.context(for: tenant.id))
        let writes = try (0..<60).map { event in
          let event = try UsageEvent(
            id: EventID("e\(event)"), runID: RunID("r"), provider: ProviderName("p"), model: ModelName("m"),
            tokens: TokenCounts(prompt: Int64(event), completion: 1), durationMilliseconds: 1,
            createdAt: instant + .seconds(Int64(event) * 250_000))
          return UsageWrite.event(
            PricedEvent(
              event, cost: .priced(PicoUSD(picos: Int64(number * 1_000) + event.tokens.prompt), rate: try RateID("r"))))
        }
        _ = try await store.record([UsageBatch(writes, for: context)], at: instant)
        tenants.append(context)
      }
      return tenants
    }
  }
#endif
