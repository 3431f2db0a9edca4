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
        let tenants = try await SixMonths.fill(store)
        let first = try await ChildProcess("roll-up", file.path, "\(SixMonths.end)")
        for _ in 0..<7 { _ = await first.nextLine() }
        first.kill()
        await first.wait()
        let children = [
          try await ChildProcess("roll-up", file.path, "\(SixMonths.end)"),
          try await ChildProcess("roll-up", file.path, "\(SixMonths.end)"),
        ]
        for child in children {
          #expect(await child.remainingLines().last == "finished")
          #expect(await child.wait() == 0)
        }
        for tenant in tenants {
          let rows = try await store.ledger(LedgerQuery(), after: nil, limit: .maximum, of: tenant).elements
          #expect(rows.count == 6)
          #expect(rows.allSatisfy { $0.isSealed == ($0.period.end <= Timestamp(seconds: SixMonths.end - 35 * 86_400)) })
          let sums = try await store.sums(of: rows.map(\.period), for: tenant).value
          #expect(rows.map(\.sums) == sums)
          #expect(rows.map(\.sums.events.count).reduce(0, +) == 60)
          #expect(try await store.staleDays(limit: .standard, of: tenant).isEmpty)
          // A second run has nothing to do.
          #expect(
            try await LedgerRollup(tenants: store, store: store).rollUp(tenant, at: Timestamp(seconds: SixMonths.end))
              == 0)
        }
      }
    }
  }
#endif
