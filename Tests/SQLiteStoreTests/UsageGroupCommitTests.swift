#if SQLite
  import SaaSCore
  import SaaSTesting
  import TenancyKit
  import Testing
  import UsageKit

  @testable import SQLiteStore

  @Suite("Usage that shares a transaction")
  struct UsageGroupCommitTests {
    private typealias Work = Transaction<StoreError>
    private let tenants = TestTenants()
    private let noon = Timestamp(seconds: 1_700_000_000)

    @Test("Calls in one transaction each take a revision, and the groups add up", arguments: [false, true])
    func shared(withFailure: Bool) async throws {
      let tenant = try await tenants.context("acme")
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        let gate = Gate()
        let held = await store.hold(at: gate)
        var calls: [Task<[[UsageAnswer]], any Error>] = []
        for number in 0..<20 {
          calls.append(Task { try await store.record([try batch(number, for: tenant)], at: noon) })
          // Work that is undone after it wrote makes the whole transaction run again, each piece by itself.
          if withFailure, number == 10 { Task { try? await store.addNoteAndThrow(1) } }
          try await Task.sleep(for: .milliseconds(2))
        }
        // A count under a limit sees what the calls before it recorded.
        let period = try #require(Period(start: noon, end: noon + .seconds(1)))
        let run = try run("limited")
        let start = Task {
          try await store.record([UsageBatch([.start(run, limit: RunLimit(20, in: period))], for: tenant)], at: noon)
        }
        try await Task.sleep(for: .milliseconds(20))
        let rollUp = Task { try await store.rollUp([period], of: tenant) }
        try await Task.sleep(for: .milliseconds(20))
        gate.open()
        try await held.value
        for call in calls { #expect(try await call.value.joined().allSatisfy { $0 == .recorded }) }
        #expect(try await start.value == [[.refused(.limitReached(used: 20))]])
        let status = try await store.status(of: tenant)
        #expect(status.revision == 20)
        let sums = try await store.sums(of: [period], for: tenant).value[0]
        #expect(try await rollUp.value == [LedgerRow(period: period, sums: sums)])
        #expect(sums.runs.count == 20 && sums.events.count == 20)
        let page = try await store.events(
          matching: EventQuery(period: period), at: nil, after: nil, limit: .maximum, of: tenant)
        #expect(Set(page.page.elements.map(\.insertedRevision)) == Set(1...20))
        let report = try await store.report(for: DayWindow(lastDays: 1, at: noon), of: tenant).value
        #expect(report.total.sums == sums)
        #expect(report.users.count == 3)
        #expect(try await store.staleDays(limit: .standard, of: tenant).count == 1)
      }
    }

    @Test("Groups of one call that cannot be written fail no other call of the transaction")
    func failingOne() async throws {
      let (tenant, damaged) = (try await tenants.context("acme"), try await tenants.context("damaged"))
      let file = try ScratchFile()
      try await file.withStore { store in
        for other in [damaged, tenant] { _ = try await store.record([try batch(0, for: other)], at: noon) }
        _ = try await store.record([try batch(1, for: tenant)], at: noon)
        try await store.write { (work: Work) throws(StoreError) in
          try work.connection.execute(
            """
            CREATE TEMP TRIGGER no_groups BEFORE UPDATE ON usage_days WHEN OLD.runs = 1 AND OLD.events = 1
            BEGIN SELECT RAISE(ABORT, 'no groups'); END
            """)
        }
        let gate = Gate()
        let held = await store.hold(at: gate)
        // A day with one run and one event, which only the damaged organisation has, cannot be updated.
        let bad = Task { try await store.record([try batch(1, for: damaged)], at: noon) }
        let good = Task { try await store.record([try batch(2, for: tenant)], at: noon) }
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        try await held.value
        await #expect(throws: StoreError.self) { try await bad.value }
        #expect(try await good.value == [[.recorded, .recorded]])
        #expect(try await store.event(EventID("e1"), of: damaged) == nil)
        #expect(try await store.status(of: damaged).revision == 1)
      }
    }

    @Test("Groups that cannot be written fail the call, and leave nothing")
    func failing() async throws {
      let tenant = try await tenants.context("acme")
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.write { (work: Work) throws(StoreError) in
          try work.connection.execute(
            """
            CREATE TEMP TRIGGER no_groups BEFORE INSERT ON usage_days BEGIN SELECT RAISE(ABORT, 'no groups'); END
            """)
        }
        await #expect(throws: StoreError.self) { try await store.record([try batch(1, for: tenant)], at: noon) }
        #expect(try await store.event(EventID("e1"), of: tenant) == nil)
        #expect(try await store.status(of: tenant).revision == 0)
        try await store.write { (work: Work) throws(StoreError) in
          try work.connection.execute("DROP TRIGGER no_groups")
        }
        #expect(try await store.record([try batch(1, for: tenant)], at: noon) == [[.recorded, .recorded]])
      }
    }

    private func batch(_ number: Int, for tenant: TenantContext) throws -> UsageBatch {
      let event = try UsageEvent(
        id: EventID("e\(number)"), runID: RunID("r\(number)"), provider: ProviderName("p"), model: ModelName("m"),
        tokens: TokenCounts(prompt: 1, completion: 1), durationMilliseconds: 1, createdAt: noon)
      return UsageBatch(
        [.event(PricedEvent(event, cost: .unpriced)), .run(try run("r\(number)", user: number % 3))], for: tenant)
    }

    private func run(_ id: String, user: Int = 0) throws -> Run {
      try Run(id: RunID(id), userID: UserID("u\(user)"), workflow: WorkflowName("w"), startedAt: noon)
    }
  }
#endif
