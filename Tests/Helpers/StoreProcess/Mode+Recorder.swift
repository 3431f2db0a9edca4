#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import UsageKit

  extension Mode {
    /// `record-facts FILE CALLS EVENTS`: one caller records EVENTS events in each of CALLS calls of a recorder, one after
    /// the other, and writes `recorded` after each; before them one event, and then `begin`.
    static let recordFacts = Mode(name: "record-facts") { store, arguments in
      guard arguments.count == 2, let calls = Int(arguments[0]), let size = Int(arguments[1]) else { return }
      let tenant = try await acme(in: store)
      let first = try event(0)
      let recorder = UsageRecorder(store: store, pricing: FlatPricing(picos: 1), makeRunID: { first.runID })
      _ = try await recorder.record([.event(first)], for: tenant)
      tell("begin")
      for call in 0..<calls {
        let facts = try (0..<size).map { UsageFact.event(try event(1 + call * size + $0)) }
        let answers = try await recorder.record(facts, for: tenant)
        tell(answers.allSatisfy { $0 == .recorded } ? "recorded" : "refused")
      }
    }

    private static func event(_ number: Int) throws -> UsageEvent {
      try UsageEvent(
        id: EventID("event-\(number)"), runID: RunID("run"), provider: ProviderName("provider"), model: ModelName("m"),
        tokens: TokenCounts(prompt: Int64(number), completion: 1), durationMilliseconds: 1,
        createdAt: Timestamp(seconds: 1_700_000_000 + Int64(number)))
    }
  }

  /// So many pico-dollars for every token.
  struct FlatPricing: EventPricing {
    let picos: Int64

    func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost {
      guard let rate = try? RateID("flat-\(picos)") else { return .unpriced }
      return .priced(PicoUSD(picos: event.tokens.total * picos), rate: rate)
    }
  }
#endif
