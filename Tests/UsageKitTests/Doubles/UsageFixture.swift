import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// Facts with as little to say as a test has to; instants are seconds after midnight of 2026-05-01.
enum UsageFixture {
  static let start = Timestamp(seconds: 1_777_593_600)

  static func instant(_ seconds: Int64) -> Timestamp { start + .seconds(seconds) }

  static func event(
    _ id: String, run: String = "r", model: String = "gpt-4o", prompt: Int64 = 10, completion: Int64 = 5,
    at seconds: Int64 = 0
  ) throws -> UsageEvent {
    try UsageEvent(
      id: EventID(id), runID: RunID(run), provider: ProviderName("openai"), model: ModelName(model),
      tokens: TokenCounts(prompt: prompt, completion: completion), durationMilliseconds: 20,
      createdAt: instant(seconds))
  }

  static func priced(_ id: String, run: String = "r", picos: Int64, at seconds: Int64 = 0) throws -> UsageWrite {
    .event(
      PricedEvent(
        try event(id, run: run, at: seconds), cost: .priced(PicoUSD(picos: picos), rate: try RateID("card"))))
  }

  static func run(
    _ id: String, user: String = "ann", at seconds: Int64 = 0, took duration: Int64? = nil,
    _ outcome: Run.Outcome = .running, artifacts: Int64 = 0
  ) throws -> Run {
    try Run(
      id: RunID(id), userID: UserID(user), workflow: WorkflowName("review"), startedAt: instant(seconds),
      finishedAt: duration.map { instant(seconds + $0) }, outcome: outcome, artifactCount: artifacts)
  }

  /// A tenant with a random month of usage, which follows from a seed.
  static func fill(_ store: any UsageStore, of tenant: TenantContext, seed: UInt64, days: Int64 = 100) async throws {
    var random = SeededGenerator(seed: seed)
    var writes: [UsageWrite] = []
    for number in 0..<150 {
      let seconds = Int64.random(in: 0..<86_400 * days, using: &random)
      writes.append(
        try priced(
          "e\(number)", run: "r\(number % 40)", picos: .random(in: 0...9_000_000_000, using: &random), at: seconds))
      if number % 4 == 0 { writes.append(.run(try run("r\(number / 4)", at: seconds, took: 60, .succeeded))) }
    }
    _ = try await store.record([UsageBatch(writes, for: tenant)], at: start)
  }

  /// The whole ledger of a tenant.
  static func ledger(_ store: any UsageStore, of tenant: TenantContext) async throws -> [LedgerRow] {
    try await store.ledger(LedgerQuery(), after: nil, limit: .maximum, of: tenant).elements
  }
}
