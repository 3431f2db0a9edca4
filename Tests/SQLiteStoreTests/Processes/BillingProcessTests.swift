#if SQLite
  import BillingKit
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Billing in several processes on one file", .serialized)
  struct BillingProcessTests {
    @Test("A hundred deliveries of one event in two processes apply it once")
    func deliveries() async throws {
      let file = try ScratchFile()
      let tenant = try await file.withStore { store in
        let tenant = try await acme(in: store)
        var account = try await store.account(for: tenant)
        account.link(try CustomerID("cus"), adopting: nil, at: start)
        _ = try await store.commit(BillingCommit(claim: nil, account: account, events: []), at: start)
        return tenant
      }
      let lines = try await together(
        [
          try await ChildProcess("deliver-event", file.path, "50"),
          try await ChildProcess("deliver-event", file.path, "50"),
        ])
      #expect(lines.count { $0 == "applied" } == 1)
      #expect(lines.count { $0 == "duplicate" } == 99)
      try await file.withStore { store in
        let account = try await store.account(for: tenant)
        #expect(account.currentSubscription?.posture == .active)
        #expect(account.version == 2)
        let events = try await store.events(after: 0, limit: .maximum).compactMap { BillingEvent($0)?.kind }
        #expect(events.sorted() == ["billing.plan.changed", "billing.posture.changed"])
      }
    }

    @Test("Two hundred admissions in two processes under a cap of fifty start exactly fifty")
    func admissions() async throws {
      let file = try ScratchFile()
      let tenant = try await file.withStore { store in try await acme(in: store) }
      let lines = try await together(
        [
          try await ChildProcess("admit-runs", file.path, "a", "100"),
          try await ChildProcess("admit-runs", file.path, "b", "100"),
        ])
      #expect(lines.count { $0 == "started" } == 50)
      #expect(lines.count { $0 == "refused" } == 150)
      try await file.withStore { store in
        let period = UTCMonthPeriods.period(containing: start)
        let sums = try await store.sums(of: [period], for: tenant).value
        #expect(sums.first?.runs.count == 50)
      }
    }

    private let start = Timestamp(seconds: 1_780_000_000)

    private func acme(in store: SQLiteStore) async throws -> TenantContext {
      let tenant = Tenant(
        id: try TenantID("acme"), organizationID: try OrgID("acme"), slug: try Slug("acme"), createdAt: start)
      _ = try await store.insert(tenant, at: start)
      let context = try await store.context(for: tenant.id)
      return try #require(context)
    }

    /// Lets processes go at one moment, and gives everything that they say.
    private func together(_ children: [ChildProcess]) async throws -> [String] {
      for child in children { try child.send("go") }
      var lines: [String] = []
      for child in children {
        lines += await child.remainingLines()
        #expect(await child.wait() == 0)
      }
      return lines
    }
  }
#endif
