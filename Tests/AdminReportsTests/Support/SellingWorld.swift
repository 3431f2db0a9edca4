import AdminReports
import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A tenant that buys plans from a simulated provider, and the dashboard over its stores.
struct SellingWorld {
  static let start = Timestamp(seconds: 1_767_225_600)  // 2026-01-01T00:00:00Z

  let tenants = TestTenants()
  let store = InMemoryBillingStore()
  let usage = InMemoryUsageStore()
  let gateway: FakePaymentGateway
  let rules: EntitlementRules
  let tenant: TenantContext
  let owner: Membership

  init(at start: Timestamp = Self.start) async throws {
    let catalog = try PlanCatalog(json: Array(Self.catalog.utf8))
    rules = EntitlementRules(catalog: catalog)
    gateway = FakePaymentGateway(catalog: catalog, startingAt: start)
    tenant = try await tenants.context("gallery")
    owner = try tenants.member(of: tenant)
  }

  var now: Timestamp { gateway.now }

  var billing: BillingService {
    get throws {
      BillingService(store: store, gateway: gateway, rules: rules, installation: try InstallationID("test"))
    }
  }

  var dashboard: AdminDashboard {
    AdminDashboard(
      tenants: tenants.store, usage: usage, billing: AdminDashboard.Billing(store: store, rules: rules))
  }

  /// The section at the provider's present instant.
  func section() async throws -> BillingSection? {
    try await dashboard.billing(for: tenant, as: owner, at: now)
  }

  /// Buys a plan and hears of it.
  func buy(_ plan: PlanID) async throws -> SubscriptionID? {
    let session = try await billing.checkout(
      plan, for: tenant, as: owner,
      returningTo: ReturnURLs(success: "https://a.example/?s={CHECKOUT_SESSION_ID}", cancel: "https://a.example"),
      at: now)
    let id = gateway.completeCheckout(session.id)
    try await hear()
    return id
  }

  /// Takes the provider's webhooks in.
  func hear() async throws {
    let webhooks = WebhookProcessor(
      verifier: gateway, scope: WebhookScope(isLive: false), store: store, gateway: gateway, rules: rules)
    for webhook in gateway.takeWebhooks() {
      _ = await webhooks.process(body: webhook.body, signature: webhook.signature, at: now)
    }
  }

  /// Folds an event into the account as a webhook would.
  func tell(_ change: (inout SubscriptionSnapshot) -> Void, of id: SubscriptionID) async throws {
    guard var snapshot = gateway.snapshot(of: id) else { return }
    change(&snapshot)
    try await update { account in
      account.apply(
        ProviderEvent(
          id: try ProviderEventID("evt_told"), createdAt: now + .seconds(1), isLive: false,
          type: "customer.subscription.updated", payload: .subscription(snapshot, .updated)), catalog: rules.catalog)
    }
  }

  /// Saves a change of the account.
  func update(_ change: (inout BillingAccount) throws -> Void) async throws {
    var account = try await store.account(for: tenant)
    try change(&account)
    _ = try await store.commit(BillingCommit(claim: nil, account: account, events: []), at: now)
  }

  /// Records so many runs at the present instant.
  func record(runs count: Int) async throws {
    let writes = try (0..<count).map { number in
      UsageWrite.run(
        try Run(
          id: RunID("run-\(number)"), userID: UserID("u"), workflow: WorkflowName("w"), startedAt: now,
          finishedAt: now, outcome: .succeeded))
    }
    _ = try await usage.record([UsageBatch(writes, for: tenant)], at: now)
  }

  private static let catalog = """
    {"version": 1, "defaultPlan": "free", "duplicates": "keep", "plans": [
      {"id": "free", "name": "Free",
        "limits": [{"metric": "runs", "base": 100, "window": "month", "action": "block"}]},
      {"id": "trial", "name": "With a trial", "trialDays": 14,
        "prices": [{"id": "price_trial", "role": "base", "interval": "month"}]},
      {"id": "pro", "name": "Pro",
        "prices": [{"id": "price_pro", "role": "base", "interval": "month"}],
        "limits": [{"metric": "cost", "base": "25.00", "window": "billingPeriod", "action": "warn"}]},
      {"id": "team", "name": "Team",
        "prices": [{"id": "price_team", "role": "base", "interval": "month"}],
        "limits": [
          {"metric": "runs", "base": 1000, "window": "month", "action": "block"},
          {"metric": "tokens", "base": 5000000, "window": "billingPeriod", "action": "warn"},
          {"metric": "cost", "base": "120.00", "window": "billingPeriod", "action": "block"}
        ]}
    ]}
    """
}
