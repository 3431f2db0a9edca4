import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A tenant's random usage of some days, in a store and in the plain model of one, to which a test adds while it reads.
struct RandomUsage {
  static let now = Timestamp(seconds: 1_780_000_123)

  let store: any UsageStore
  let tenants = TestTenants()
  let tenant: TenantContext
  let owner: Membership
  var random: SeededGenerator
  /// What the store must say.
  private(set) var model = UsageModel()
  /// Runs of which there are events but which have not arrived.
  private var awaited: [Run] = []
  private var last = 0

  init(seed: UInt64, in store: any UsageStore = InMemoryUsageStore()) async throws {
    self.store = store
    tenant = try await tenants.context("team-a")
    owner = try tenants.member(of: tenant)
    random = SeededGenerator(seed: seed)
  }

  /// Records so many runs with their events, some of whose runs do not arrive.
  ///
  /// In order, every run comes before its events, so that nothing that is there changes.
  mutating func record(_ count: Int, days: Int = 20, inOrder: Bool = false) async throws {
    var writes: [UsageWrite] = []
    for _ in 0..<count {
      let run = try randomRun(days: days)
      let isKnown = Int.random(in: 0..<8, using: &random) > 0
      if isKnown { writes.append(.run(run)) } else { awaited.append(run) }
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        writes.append(.event(PricedEvent(try randomEvent(of: run), cost: try randomCost())))
      }
    }
    if !inOrder { writes.shuffle(using: &random) }
    try await write(writes)
  }

  /// Does one thing that happens while somebody reads.
  mutating func change(_ change: Change) async throws {
    switch change {
    case .insert: try await record(1, inOrder: true)
    case .finish:
      let running = model.runs.values.map(\.run).filter { $0.outcome == .running }.sorted { $0.id < $1.id }
      guard let run = running.randomElement(using: &random) else { return }
      try await write([.run(try ended(run))])
    case .reprice:
      guard let event = model.events.keys.sorted().randomElement(using: &random) else { return }
      let costs = [event: try randomCost()]
      let changed = try await store.reprice(costs, for: tenant)
      guard changed == model.reprice(costs) else { throw RandomUsageError.differs }
    case .arrive:
      guard let index = awaited.indices.randomElement(using: &random) else { return }
      try await write([.run(awaited.remove(at: index))])
    }
  }

  enum Change: CaseIterable { case insert, finish, reprice, arrive }

  mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &random) < one }

  mutating func anyChange() -> Change { Change.allCases.randomElement(using: &random) ?? .insert }

  private mutating func write(_ writes: [UsageWrite]) async throws {
    let answers = try await store.record([UsageBatch(writes, for: tenant)], at: Self.now)
    guard answers == [model.record(writes)] else { throw RandomUsageError.differs }
  }

  private mutating func randomRun(days: Int) throws -> Run {
    last += 1
    let started = Self.now - .seconds(Int.random(in: 0..<days * 86_400, using: &random))
    let run = try Run(
      id: RunID("run-\(last)"), userID: UserID("user-\(Int.random(in: 0..<5, using: &random))"),
      workflow: WorkflowName("flow-\(Int.random(in: 0..<3, using: &random))"), startedAt: started,
      finishedAt: nil, outcome: .running)
    return chance(2, in: 3) ? try ended(run) : run
  }

  private mutating func ended(_ run: Run) throws -> Run {
    try Run(
      id: run.id, userID: run.userID, workflow: run.workflow, startedAt: run.startedAt,
      finishedAt: run.startedAt + .milliseconds(Int.random(in: 0..<900_000, using: &random)),
      outcome: Run.Outcome.allCases.filter(\.isFinal).randomElement(using: &random) ?? .failed,
      artifactCount: Int64.random(in: 0..<3, using: &random))
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

enum RandomUsageError: Error { case differs }
