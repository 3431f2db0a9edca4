#if SQLite
  import Foundation
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Usage and processes that die", .serialized)
  struct UsageCrashTests {
    @Test("After a process was killed while it recorded, every acknowledged event is there once, and all groups add up")
    func kills() async throws {
      var dice = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
      let file = try ScratchFile()
      var acknowledged: [String] = []
      var kills = 0
      // A busy parent may kill some too late: they had ended.
      for round in 0..<60 where kills < 20 {
        // Few enough that a busy parent, which kills late, has not much more to add up.
        let child = try await ChildProcess("record-usage", file.path, "r\(round)", "400")
        for _ in 0..<Int.random(in: 1...60, using: &dice) {
          if let line = await child.nextLine() { acknowledged.append(line) }
        }
        try await Task.sleep(for: .microseconds(Int.random(in: 0...3_000, using: &dice)))
        child.kill()
        acknowledged += await child.remainingLines()
        if await child.wait() == SIGKILL { kills += 1 }
        let known = acknowledged
        let what = "seed \(dice.seed), round \(round)"
        try await file.withStore { store in
          #expect(try await store.integrity() == "ok", "\(what)")
          let tenant = try #require(try await store.context(slug: Slug("acme")))
          let (runs, events) = try await rows(of: tenant, in: store)
          let kept = events.map(\.event.id.rawValue)
          #expect(Set(kept).count == kept.count, "\(what)")
          #expect(Set(kept).isSuperset(of: known), "\(what)")
          try await checkGroups(of: tenant, in: store, runs: runs, events: events, what)
          // What was acknowledged is known again; what was not may simply be sent again.
          let again = try #require(events.randomElement(using: &dice))
          let writes = [UsageWrite.event(PricedEvent(again.event, cost: .unpriced))]
          let answers = try await store.record([UsageBatch(writes, for: tenant)], at: again.event.createdAt)
          #expect(answers == [[.duplicate]], "\(what)")
        }
      }
      #expect(kills == 20)
      #expect(acknowledged.count >= 20)
      #expect(!acknowledged.contains("refused"))
    }

    @Test("Two processes that record at once keep one set of names and groups")
    func two() async throws {
      let file = try ScratchFile()
      let children = [
        try await ChildProcess("record-usage", file.path, "a", "600"),
        try await ChildProcess("record-usage", file.path, "b", "600"),
      ]
      for child in children {
        #expect(await child.remainingLines().filter { $0 != "refused" }.count == 600)
        #expect(await child.wait() == 0)
      }
      try await file.withStore { store in
        let tenant = try #require(try await store.context(slug: Slug("acme")))
        let (runs, events) = try await rows(of: tenant, in: store)
        #expect(events.count == 1_200)
        try await checkGroups(of: tenant, in: store, runs: runs, events: events, "at the end")
      }
    }

    private func checkGroups(
      of tenant: TenantContext, in store: SQLiteStore, runs: [RecordedRun], events: [RecordedEvent], _ what: String
    ) async throws {
      let first = UTCDay(containing: Self.whole.start)
      let window = try #require(DayWindow(first: first, last: first.advanced(by: 20_000)))
      let report = try await store.report(for: window, of: tenant).value
      #expect(report == UsageAggregation.report(for: window, runs: runs, events: events), "\(what)")
      let (plainRuns, priced) = (runs.map(\.run), events.map { PricedEvent($0.event, cost: $0.cost) })
      // Attribution is computed anew, too.
      #expect(report == UsageAggregation.report(for: window, runs: plainRuns, events: priced), "\(what)")
      let odd = try #require(
        Period(start: Self.whole.start + .seconds(4_321), end: Self.whole.start + .seconds(400_001)))
      let sums = try await store.sums(of: [Self.whole, odd], for: tenant).value
      #expect(
        sums == [Self.whole, odd].map { UsageAggregation.sums(for: $0, runs: plainRuns, events: priced) }, "\(what)")
    }

    private static let whole = Period(
      ordered: Timestamp(seconds: 1_700_000_000), Timestamp(seconds: 1_700_000_000 + 977_000_001))

    private func rows(of tenant: TenantContext, in store: SQLiteStore) async throws -> ([RecordedRun], [RecordedEvent])
    {
      var runs: [RecordedRun] = []
      var next: RunCursor?
      repeat {
        let page = try await store.runs(
          matching: RunQuery(period: Self.whole), at: nil, after: next, limit: .maximum, of: tenant)
        runs += page.page.elements
        next = page.page.next
      } while next != nil
      var events: [RecordedEvent] = []
      var after: EventCursor?
      repeat {
        let page = try await store.events(
          matching: EventQuery(period: Self.whole), at: nil, after: after, limit: .maximum, of: tenant)
        events += page.page.elements
        after = page.page.next
      } while after != nil
      return (runs, events)
    }
  }
#endif
