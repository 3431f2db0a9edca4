import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A tenant's random usage of some days, in a store, to which a test adds while it reads.
struct RandomUsage {
  static let now = Timestamp(seconds: 1_780_000_123)

  let store: any UsageStore
  let tenants = TestTenants()
  let tenant: TenantContext
  let owner: Membership
  private(set) var random: SeededGenerator
  private var runs: [Run] = []
  private var events: [UsageEvent] = []
  private var last = 0

  init(seed: UInt64, in store: any UsageStore = InMemoryUsageStore()) async throws {
    self.store = store
    tenant = try await tenants.context("team-a")
    owner = try tenants.member(of: tenant)
    random = SeededGenerator(seed: seed)
  }

  /// Records so many runs with their events, some of whose runs never arrive.
  ///
  /// In order, every run comes before its events, so that nothing that is there changes.
  mutating func record(_ count: Int, days: Int = 20, inOrder: Bool = false) async throws {
    var writes: [UsageWrite] = []
    for _ in 0..<count {
      let run = try randomRun(days: days)
      if Int.random(in: 0..<8, using: &random) > 0 {
        runs.append(run)
        writes.append(.run(run))
      }
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        let event = try randomEvent(of: run)
        events.append(event)
        writes.append(.event(PricedEvent(event, cost: try randomCost())))
      }
    }
    if !inOrder { writes.shuffle(using: &random) }
    _ = try await store.record([UsageBatch(writes, for: tenant)], at: Self.now)
  }

  /// Finishes some of the runs that are running.
  mutating func finishSome() async throws {
    for run in runs where run.outcome == .running && Bool.random(using: &random) {
      let finished = try Run(
        id: run.id, userID: run.userID, workflow: run.workflow, startedAt: run.startedAt,
        finishedAt: run.startedAt + .seconds(5), outcome: .failed)
      _ = try await store.record([UsageBatch([.run(finished)], for: tenant)], at: Self.now)
    }
  }

  /// Gives some events other costs.
  mutating func repriceSome() async throws {
    var costs: [EventID: EventCost] = [:]
    for event in events where Int.random(in: 0..<4, using: &random) == 0 { costs[event.id] = try randomCost() }
    _ = try await store.reprice(costs, for: tenant)
  }

  private mutating func randomRun(days: Int) throws -> Run {
    last += 1
    let started = Self.now - .seconds(Int.random(in: 0..<days * 86_400, using: &random))
    let outcome = Run.Outcome.allCases.randomElement(using: &random) ?? .running
    let length = Duration.milliseconds(Int.random(in: 0..<900_000, using: &random))
    return try Run(
      id: RunID("run-\(last)"), userID: UserID("user-\(Int.random(in: 0..<5, using: &random))"),
      workflow: WorkflowName("flow-\(Int.random(in: 0..<3, using: &random))"), startedAt: started,
      finishedAt: outcome.isFinal ? started + length : nil, outcome: outcome,
      artifactCount: outcome.isFinal ? Int64.random(in: 0..<3, using: &random) : 0)
  }

  private mutating func randomEvent(of run: Run) throws -> UsageEvent {
    last += 1
    let prompt = Int64.random(in: 0..<10_000, using: &random)
    return try UsageEvent(
      id: EventID("event-\(last)"), runID: run.id,
      provider: ProviderName(["openai", "anthropic"].randomElement(using: &random) ?? "openai"),
      model: ModelName("model-\(Int.random(in: 0..<3, using: &random))"),
      tokens: TokenCounts(
        prompt: prompt, cachedPrompt: Int64.random(in: 0...prompt, using: &random),
        completion: Int64.random(in: 0..<2_000, using: &random)),
      durationMilliseconds: Int64.random(in: 0..<60_000, using: &random),
      createdAt: run.startedAt + .milliseconds(Int.random(in: 0..<900_000, using: &random)))
  }

  private mutating func randomCost() throws -> EventCost {
    let rate = try RateID("rate")
    let amount = PicoUSD(picos: Int64.random(in: 0..<5_000_000_000_000, using: &random))
    return switch Int.random(in: 0..<5, using: &random) {
    case 0: .unpriced
    case 1: .partlyPriced(amount, rate: rate)
    default: .priced(amount, rate: rate)
    }
  }
}
