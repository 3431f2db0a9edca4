#if SQLite
  import BillingKit
  import Foundation
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Billing and processes that die", .serialized)
  struct BillingCrashTests {
    private let start = Timestamp(seconds: 1_780_000_000)

    @Test("Events whose process was killed at any moment are applied once by their redelivery")
    func webhooks() async throws {
      let file = try ScratchFile()
      let tenant = try await file.withStore { store in try await acme(in: store) }
      let count = 120
      var applied: [String: Int] = [:]
      try await killed(12) { _ in
        try await ChildProcess("deliver-events", file.path, "\(count)")
      } saying: { lines in
        for line in lines where line.hasPrefix("applied") { applied[line, default: 0] += 1 }
        #expect(lines.allSatisfy { $0.hasPrefix("applied") || $0.hasPrefix("duplicate") })
        let known = applied.count
        try await file.withStore { store in
          let integrity = try await store.integrity()
          let account = try await store.account(for: tenant)
          #expect(integrity == "ok")
          #expect(account.subscriptions.count >= known)
        }
      }
      // Nothing is applied twice, and what was applied and not said is a duplicate in the last, whole delivery.
      #expect(applied.values.allSatisfy { $0 == 1 })
      try await file.withStore { store in
        let account = try await store.account(for: tenant)
        #expect(account.subscriptions.count == count)
        // One change for the link, and one for each event.
        #expect(account.version == Int64(count) + 1)
        let kinds = try await store.events(after: 0, limit: .maximum).compactMap { BillingEvent($0)?.kind }
        #expect(kinds.count { $0 == "billing.plan.changed" } == 1)
      }
    }

    @Test("Runs whose process was killed while they were admitted count once, and never more than the cap")
    func admissions() async throws {
      let file = try ScratchFile()
      let tenant = try await file.withStore { store in try await acme(in: store) }
      let period = UTCMonthPeriods.period(containing: start)
      try await killed(8) { round in
        let child = try await ChildProcess("admit-runs", file.path, "a", "\(10 + 20 * round)")
        try child.send("go")
        return child
      } saying: { lines in
        let started = lines.count { $0 == "started" }
        try await file.withStore { store in
          let sums = try await store.sums(of: [period], for: tenant).value
          #expect((started...50).contains(Int(sums.first?.runs.count ?? 0)))
        }
      }
      try await file.withStore { store in
        let sums = try await store.sums(of: [period], for: tenant).value
        #expect(sums.first?.runs.count == 50)
      }
    }

    @Test("Usage whose report was cut off by a kill is counted by the provider once, and none is lost")
    func reports() async throws {
      let file = try ScratchFile()
      let tenant = try await file.withStore { store in try await acme(in: store) }
      let log = file.path + ".meter"
      defer { try? FileManager.default.removeItem(atPath: log) }
      try await killed(12) { round in
        try await ChildProcess("report-usage", file.path, log, "\(round)", "40")
      } saying: { _ in
      }
      let counted = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map {
        $0.split(separator: " ")
      }
      #expect(Set(counted.map { $0[0] }).count == counted.count)
      let sum = counted.reduce(0) { $0 + (Int64($1[1]) ?? 0) }
      try await file.withStore { store in
        let period = UTCMonthPeriods.period(containing: start)
        let runs = try await store.sums(of: [period], for: tenant).value.first?.runs.count
        let tallies = try await store.tallies(endingAfter: .distantPast, for: tenant)
        #expect(sum == runs)
        #expect(tallies.map(\.delivered) == [sum])
        #expect(tallies.allSatisfy { $0.pending == nil && $0.unconfirmed == 0 && $0.owed == 0 })
      }
    }

    /// Kills a process a number of times after a random number of lines and a moment, and lets it end the last time.
    private func killed(
      _ times: Int, _ begin: (Int) async throws -> ChildProcess, saying check: ([String]) async throws -> Void
    ) async throws {
      var dice = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
      for round in 0...times {
        let child = try await begin(round)
        var lines: [String] = []
        if round < times {
          for _ in 0..<Int.random(in: 0...12, using: &dice) {
            if let line = await child.nextLine() { lines.append(line) }
          }
          try await Task.sleep(for: .microseconds(Int.random(in: 0...15_000, using: &dice)))
          child.kill()
        }
        lines += await child.remainingLines()
        let status = await child.wait()
        if round == times { #expect(status == 0, "seed \(dice.seed)") }
        try await check(lines)
      }
    }

    /// The tenant whose customer the processes' events are of.
    private func acme(in store: SQLiteStore) async throws -> TenantContext {
      let tenant = Tenant(
        id: try TenantID("acme"), organizationID: try OrgID("acme"), slug: try Slug("acme"), createdAt: start)
      _ = try await store.insert(tenant, at: start)
      let context = try #require(try await store.context(for: tenant.id))
      var account = try await store.account(for: context)
      account.link(try CustomerID("cus"), adopting: nil, at: start)
      _ = try await store.commit(BillingCommit(claim: nil, account: account, events: []), at: start)
      return context
    }
  }
#endif
