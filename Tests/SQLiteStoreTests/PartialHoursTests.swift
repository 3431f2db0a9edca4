#if SQLite
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Periods that begin and end within an hour")
  struct PartialHoursTests {
    private let tenants = TestTenants()
    private let start = Timestamp(seconds: 1_700_000_000)

    @Test("Their sums follow every change, whichever store made it", arguments: [1, 2] as [UInt64])
    func changes(seed: UInt64) async throws {
      let tenant = try await tenants.context("acme")
      let file = try ScratchFile()
      try await file.withStore { store in
        try await file.withStore { peer in
          var random = SeededGenerator(seed: seed)
          let period = try #require(Period(start: start + .seconds(700), end: start + .seconds(9_123)))
          var events: [EventID: PricedEvent] = [:]
          var runs: [RunID: Run] = [:]
          for number in 0..<120 {
            let writer = Bool.random(using: &random) ? store : peer
            let instant = start + .seconds(Int64.random(in: 0...11_000, using: &random))
            switch Int.random(in: 0...3, using: &random) {
            case 0:
              let run = try Run(
                id: RunID("r\(number)"), userID: UserID("u"), workflow: WorkflowName("w"), startedAt: instant)
              runs[run.id] = run
              _ = try await writer.record([UsageBatch([.run(run)], for: tenant)], at: start)
            case 1:
              guard let run = runs.values.filter({ $0.outcome == .running }).min(by: { $0.id < $1.id }) else {
                continue
              }
              runs[run.id] = try run.finished(.succeeded, at: run.startedAt + .seconds(5))
              let writes = runs[run.id].map { [UsageWrite.run($0)] } ?? []
              _ = try await writer.record([UsageBatch(writes, for: tenant)], at: start)
            case 2:
              guard let priced = events.values.min(by: { $0.event.id < $1.event.id }) else { continue }
              let cost = EventCost.priced(PicoUSD(picos: Int64(number)), rate: try RateID("rate"))
              events[priced.event.id] = PricedEvent(priced.event, cost: cost)
              _ = try await writer.reprice([priced.event.id: cost], for: tenant)
            default:
              let event = try UsageEvent(
                id: EventID("e\(1_000 - number)"), runID: RunID("r\(number % 9)"), provider: ProviderName("p"),
                model: ModelName("m"), tokens: TokenCounts(prompt: Int64(number), completion: 1),
                durationMilliseconds: 1, createdAt: instant)
              events[event.id] = PricedEvent(event, cost: .unpriced)
              _ = try await writer.record(
                [UsageBatch([.event(PricedEvent(event, cost: .unpriced))], for: tenant)], at: start)
            }
            let expected = UsageAggregation.sums(for: period, runs: runs.values, events: events.values)
            for reader in [store, peer] {
              for _ in 0..<2 {
                #expect(try await reader.sums(of: [period], for: tenant).value == [expected], "seed \(seed)")
              }
            }
          }
          #expect(!events.isEmpty && !runs.isEmpty)
        }
      }
    }
  }
#endif
