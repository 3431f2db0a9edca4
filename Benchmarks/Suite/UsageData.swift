import SaaSCore
import TenancyKit
import UsageKit

/// A rate card, and events of one tenant's runs.
struct UsageData: Sendable {
  private static let seconds: Int64 = 1_750_000_000
  let now = Timestamp(seconds: seconds)
  let rates: RateCard
  let events: [UsageEvent]
  /// The runs, and their events with their costs.
  let writes: [UsageWrite]

  init() throws {
    let rates = try RateCard(
      json: Array(
        """
        {"id": "card", "rates": [{"provider": "openai", "model": "large", "unit": "millionTokens",
        "prices": [{"prompt": "2.50", "cachedPrompt": "1.25", "completion": "10.00"}]}]}
        """.utf8))
    events = try (0..<100).map { number in try Self.event(number, at: Self.seconds) }
    var writes: [UsageWrite] = []
    for number in 0..<25 { writes.append(.start(try Self.run(number, at: Self.seconds), limit: nil)) }
    for event in events { writes.append(.event(PricedEvent(event, cost: try rates.cost(of: event)))) }
    self.writes = writes
    self.rates = rates
  }

  private static func event(_ number: Int, at seconds: Int64) throws -> UsageEvent {
    let tokens = try TokenCounts(prompt: Int64(1_000 + number), completion: Int64(100 + number))
    return try UsageEvent(
      id: EventID("event_\(number)"), runID: RunID("run_\(number / 4)"), provider: ProviderName("openai"),
      model: ModelName("large"), tokens: tokens, durationMilliseconds: Int64(500 + number),
      createdAt: Timestamp(seconds: seconds))
  }

  private static func run(_ number: Int, at seconds: Int64) throws -> Run {
    try Run(
      id: RunID("run_\(number)"), userID: UserID("user_\(number % 5)"), workflow: WorkflowName("review"),
      startedAt: Timestamp(seconds: seconds))
  }

  /// The tenant, as a store tells it.
  func tenant() async throws -> TenantContext {
    let store = InMemoryTenantStore()
    let id = try TenantID("tenant")
    _ = try await store.insert(
      Tenant(id: id, organizationID: OrgID("org"), slug: Slug("team"), createdAt: now), at: now)
    guard let context = try await store.context(for: id) else { throw NoTenant() }
    return context
  }

  private struct NoTenant: Error {}
}
