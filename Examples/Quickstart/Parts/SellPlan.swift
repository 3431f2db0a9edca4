import BillingKit
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// Sells a plan through a simulated payment provider: a checkout, its signed webhooks delivered shuffled and repeated, what
/// the plan gives, and its cap reached. A later run finds the subscription as it was left.
@Sendable func sellPlan(_ quickstart: Quickstart) async throws {
  guard let tenant = try await quickstart.stores.tenants.context(slug: Slug("cedar")) else { return }
  let shop = try Shop(quickstart)
  if try await quickstart.stores.billing.account(for: tenant).currentSubscription != nil {
    let sale = Sale(try await shop.billing.entitlements(for: tenant, at: quickstart.now), deliveries: nil, runs: nil)
    return quickstart.report.section("Plan", key: "plan", sale) { ["sold by an earlier run"] + sale.lines }
  }

  let owner = Membership(userID: try UserID("user_2"), organizationID: tenant.organizationID, role: .owner)
  let session = try await shop.billing.checkout(
    .team, seats: 3, for: tenant, as: owner,
    returningTo: ReturnURLs(
      success: "https://cedar.emperor.gallery/billing?session={CHECKOUT_SESSION_ID}",
      cancel: "https://cedar.emperor.gallery/billing"),
    at: shop.now)
  shop.provider.completeCheckout(session.id)
  let deliveries = await shop.deliverShuffled()
  let runs = try await shop.startRuns(150, for: tenant)
  let sale = Sale(
    try await shop.billing.entitlements(for: tenant, at: shop.now), deliveries: deliveries, runs: runs)
  quickstart.report.section("Plan", key: "plan", sale) { sale.lines }
}

/// A payment provider that the quickstart plays, and the services over it.
private struct Shop {
  let provider: FakePaymentGateway
  let billing: BillingService
  private let webhooks: WebhookProcessor
  private let admission: RunAdmission
  private let monitor: LimitMonitor

  var now: Timestamp { provider.now }

  init(_ quickstart: Quickstart) throws {
    let catalog = try Quickstart.planCatalog()
    let stores = quickstart.stores
    let rules = EntitlementRules(catalog: catalog)
    provider = FakePaymentGateway(catalog: catalog, startingAt: quickstart.now)
    billing = BillingService(
      store: stores.billing, gateway: provider, rules: rules, installation: try InstallationID("quickstart"))
    webhooks = WebhookProcessor(
      verifier: provider, scope: WebhookScope(isLive: false), store: stores.billing, gateway: provider, rules: rules)
    admission = RunAdmission(store: stores.billing, usage: stores.usage, rules: rules)
    monitor = LimitMonitor(store: stores.billing, usage: stores.usage, rules: rules)
  }

  /// Delivers the provider's webhooks in a random order, some of them twice; counts the answers.
  func deliverShuffled() async -> [String: Int] {
    var generator = SystemRandomNumberGenerator()
    var counts: [String: Int] = [:]
    for webhook in provider.takeWebhooks(shuffledBy: &generator, repeating: 4) {
      let answer = await webhooks.process(body: webhook.body, signature: webhook.signature, at: now)
      switch answer {
      case .applied: counts["applied", default: 0] += 1
      case .duplicate: counts["duplicate", default: 0] += 1
      default: counts["\(answer.httpStatus)", default: 0] += 1
      }
    }
    return counts
  }

  private func admits(_ run: Run, for tenant: TenantContext) async throws -> Bool {
    do {
      return try await admission.start(run, for: tenant, at: now) == .recorded
    } catch {
      guard case .limitReached = error else { throw error }
      return false
    }
  }

  /// Starts runs one after the other, as far as the plan allows.
  func startRuns(_ count: Int, for tenant: TenantContext) async throws -> Sale.Runs {
    var runs = Sale.Runs(started: 0, refused: 0, alerts: [])
    for number in 1...count {
      let run = try Run(
        id: RunID("plan-\(number)"), userID: UserID("user_2"), workflow: WorkflowName("catalogue"), startedAt: now)
      if try await admits(run, for: tenant) { runs.started += 1 } else { runs.refused += 1 }
      for status in try await monitor.check(tenant, at: now) where status.allowance.limit.metric == .runs {
        for percent in LimitMonitor.thresholds where status.hasReached(percent: percent) {
          if !runs.alerts.contains(where: { $0.percent == percent }) {
            runs.alerts.append(Sale.Alert(percent: percent, atRun: number))
          }
        }
      }
    }
    return runs
  }
}

private struct Sale: Encodable, Sendable {
  let plan: String
  let seats: Int64
  let posture: String
  let customDomains: Int64
  let runCap: String
  let resetsAt: Timestamp?
  let warnings: Int
  let deliveries: [String: Int]?
  let runs: Runs?

  struct Runs: Encodable, Sendable {
    var started: Int
    var refused: Int
    var alerts: [Alert]
  }

  struct Alert: Encodable, Sendable {
    let percent: Int
    let atRun: Int
  }

  init(_ entitlements: Entitlements, deliveries: [String: Int]?, runs: Runs?) {
    plan = entitlements.plan.id.rawValue
    seats = entitlements.seats
    posture = entitlements.posture?.rawValue ?? "none"
    customDomains = entitlements.feature(.customDomains)?.number ?? 0
    let limit = entitlements.limits(on: .runs).first
    runCap = limit.map { "\($0.cap)" } ?? "none"
    resetsAt = limit?.period.end
    warnings = entitlements.warnings.count
    self.deliveries = deliveries
    self.runs = runs
  }

  var lines: [String] {
    var lines: [String] = []
    if let deliveries {
      let total = deliveries.values.reduce(0, +)
      lines.append(
        "\(total) webhooks delivered in a random order: \(deliveries["applied", default: 0]) applied, "
          + "\(deliveries["duplicate", default: 0]) repeated")
    }
    lines.append("cedar has \(plan) with \(seats) seats, \(posture), \(customDomains) custom domains")
    if let resetsAt { lines.append("\(runCap) runs until \(resetsAt)") }
    if let runs {
      lines.append("\(runs.started) runs started, \(runs.refused) refused at the cap")
      lines += runs.alerts.map { "the outbox was told at \($0.percent)%, by run \($0.atRun)" }
    }
    return lines
  }
}
