import AdminReports
import BillingKit
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// Pages in every state that a page can be in, to be held to what holds for all of them.
enum SamplePages {
  /// Names as somebody hostile would choose them, fit for an identifier.
  static let hostileNames = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'&quot;</style><svg onload=alert(1)>",
    "=HYPERLINK(\"http://evil\")", "\u{202e}gnp.exe", "مرحبا بالعالم", "+1+1", "@SUM(A1)", "-2+3", "a,b\"c",
    String(repeating: "W", count: 250), "]]><!--", "\u{2028}line", "{0} {1}",
  ]

  /// Some weeks of a busy team on a plan of which one limit is near and one is reached, with domains in every state.
  static func full(_ window: ReportWindow = .last30Days) async throws -> DashboardPage {
    let world = try await SellingWorld()
    _ = try await world.buy(PlanID("team"))
    let now = world.now + .seconds(24 * 86_400 + 52_342)
    world.gateway.advance(by: now.duration(since: world.now))
    var random = SeededGenerator(seed: 11)
    let users = ["mira.okafor@studio.example", "jonas", "li-wei", "a.de.la.fuente", "user_8f2c91d07b", "guest"]
    let workflows = ["catalogue", "press-kit", "visitor-chat", "provenance-research-with-sources", "captions"]
    let models = [
      ("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("anthropic", "claude-3-7-sonnet-20250219"),
      ("gemini", "gemini-1.5-pro"), ("in-house", "imago-3"),
    ]
    var writes: [UsageWrite] = []
    for day in 0..<70 {
      let isWeekend = day % 7 == 2 || day % 7 == 3
      for number in 0..<Int.random(in: isWeekend ? 0..<9 : 18..<52, using: &random) {
        let startedAt = now - .seconds(day * 86_400 + Int.random(in: 0..<50_000, using: &random))
        let outcome: Run.Outcome =
          Int.random(in: 0..<14, using: &random) == 0
          ? [.failed, .cancelled, .abandoned, .running].randomElement(using: &random) ?? .failed : .succeeded
        let place = Int.random(in: 0..<100, using: &random)
        let run = try Run(
          id: RunID("run-\(day)-\(number)"), userID: UserID(users[place * place / 100 % users.count]),
          workflow: WorkflowName(workflows[place % workflows.count]), startedAt: startedAt,
          finishedAt: outcome.isFinal
            ? startedAt + .milliseconds(Int.random(in: 900..<160_000, using: &random)) : nil, outcome: outcome,
          artifactCount: outcome == .succeeded ? Int64.random(in: 0..<3, using: &random) : 0)
        // Some runs are not told of, so that their events have no user.
        if number % 40 != 39 { writes.append(.run(run)) }
        for step in 0..<Int.random(in: 1..<4, using: &random) {
          let model = models[(place + step) % models.count]
          let prompt = Int64.random(in: 300..<6_000, using: &random)
          let event = try UsageEvent(
            id: EventID("event-\(day)-\(number)-\(step)"), runID: run.id, provider: ProviderName(model.0),
            model: ModelName(model.1),
            tokens: TokenCounts(
              prompt: prompt, cachedPrompt: step > 0 ? prompt / 3 : 0,
              completion: Int64.random(in: 50..<1_500, using: &random)),
            durationMilliseconds: 1_200, createdAt: startedAt + .seconds(step))
          let amount = PicoUSD(picos: prompt * 27_000_000 / Int64(step + 2))
          let cost: EventCost =
            switch model.0 {
            case "in-house": .unpriced
            case "gemini" where number % 9 == 0: .partlyPriced(amount, rate: try RateID("rate"))
            default: .priced(amount, rate: try RateID("rate"))
            }
          writes.append(.event(PricedEvent(event, cost: cost)))
        }
      }
    }
    _ = try await world.usage.record([UsageBatch(writes, for: world.tenant)], at: now)
    try await addDomains(to: world.tenants.store, of: world.tenant, at: now)
    return try await world.dashboard.page(window, for: world.tenant, as: world.owner, at: now)
  }

  /// A page in which every name is hostile, and every kind of warning stands.
  static func hostile() async throws -> DashboardPage {
    let world = try await SellingWorld()
    _ = try await world.buy(PlanID("team"))
    let now = world.now + .seconds(86_400 + 123)
    var writes: [UsageWrite] = []
    for (index, name) in hostileNames.enumerated() {
      let run = try Run(
        id: RunID(name), userID: UserID(name), workflow: WorkflowName(name), startedAt: now - .seconds(600),
        finishedAt: now - .seconds(500), outcome: .succeeded)
      writes.append(.run(run))
      let event = try UsageEvent(
        id: EventID("\(index)"), runID: run.id, provider: ProviderName(name), model: ModelName(name),
        tokens: TokenCounts(prompt: 900_000_000, completion: 5), durationMilliseconds: 7,
        createdAt: now - .seconds(550))
      let cost = EventCost.priced(PicoUSD(picos: 1_234_567_890_123_456_789), rate: try RateID("r"))
      writes.append(.event(PricedEvent(event, cost: cost)))
    }
    _ = try await world.usage.record([UsageBatch(writes, for: world.tenant)], at: now)
    try await addDomains(to: world.tenants.store, of: world.tenant, at: now)
    let page = try await world.dashboard.page(.last7Days, for: world.tenant, as: world.owner, at: now)
    return try warned(page, planName: hostileNames.joined())
  }

  /// Runs of this day alone.
  static func firstDay() async throws -> DashboardPage {
    let world = try await SellingWorld()
    try await world.record(runs: 3)
    return try await world.dashboard.page(.last30Days, for: world.tenant, as: world.owner, at: world.now)
  }

  /// Nothing at all.
  static func empty() async throws -> DashboardPage {
    let world = try await SellingWorld()
    return try await world.dashboard.page(.last30Days, for: world.tenant, as: world.owner, at: world.now)
  }

  /// Runs, but none of the window's days, and no priced event.
  static func quiet() async throws -> DashboardPage {
    let world = try await SellingWorld()
    try await world.record(runs: 3)
    return try await world.dashboard.page(
      .last7Days, for: world.tenant, as: world.owner, at: world.now + .seconds(9 * 86_400))
  }

  /// A page with a warning of every kind in the place of its own, and another name for the plan.
  static func warned(_ page: DashboardPage, planName: String? = nil) throws -> DashboardPage {
    try page.editing { root in
      var billing = root["billing"] as? [String: Any] ?? [:]
      billing["warnings"] = ReportWarning.Kind.allCases.map { kind in
        [
          "kind": kind.rawValue, "subjects": [hostileNames.joined(separator: " ")] + hostileNames, "amount": "4321",
          "cap": "5000", "at": "2026-02-03T04:05:06Z",
          "period": ["start": "2026-01-01T00:00:00Z", "end": "2026-02-01T00:00:00Z"],
        ] as [String: Any]
      }
      if let planName { billing["planName"] = planName }
      root["billing"] = billing
    }
  }

  private static func addDomains(
    to store: InMemoryTenantStore, of tenant: TenantContext, at now: Timestamp
  ) async throws {
    let states: [DomainMapping.State] = [
      .active, .pending, .verified, .error(.notConfigured), .error(.expired), .error(.ownershipLost),
      .error(.claimedElsewhere), .error(.refused(code: "<b>\"no\"</b>")), .removing,
    ]
    for (index, state) in states.enumerated() {
      let label = index == 3 ? String(repeating: "long-label-", count: 5) + "x." : ""
      let mapping = DomainMapping(
        host: try HostName("\(label)d\(index).gallery-of-the-north.example"), tenantID: tenant.tenantID, kind: .custom,
        state: state, provenAt: state.needsProof ? now : nil, createdAt: now, changedAt: now)
      _ = try await store.insert(mapping, label: nil, at: now)
    }
  }
}

extension DashboardPage {
  /// The page as a host application reads it back from JSON that was changed meanwhile.
  func editing(_ change: (inout [String: Any]) -> Void) throws -> DashboardPage {
    let json = try JSONSerialization.jsonObject(with: Data(try ReportJSON.encode(self)))
    guard var root = json as? [String: Any] else { return self }
    change(&root)
    return try JSONDecoder().decode(DashboardPage.self, from: JSONSerialization.data(withJSONObject: root))
  }
}
