import BillingKit
import SQLiteStore
import SaaSCore
import SaaSTesting
import Synchronization
import TenancyKit

/// What is sold, and to whom: a store file with tenants of whom each has a subscription.
struct Shop {
  static let start = Timestamp(seconds: 1_750_000_000)
  static let tenantCount = 50

  let store: SQLiteStore
  let provider: FakePaymentGateway
  let rules: EntitlementRules
  let tenants: TenantService

  init(path: String) async throws {
    store = try await SQLiteStore(path: path)
    let catalog = try PlanCatalog(
      plans: [
        Plan(id: .free, name: "Free", rank: 0),
        Plan(
          id: .pro, name: "Pro", rank: 1,
          prices: [PlanPrice(id: PriceID("price_pro"), role: .base, interval: .month)],
          limits: [PlanLimit(metric: .runs, window: .month, base: 10_000_000, action: .block)]),
      ], defaultPlan: .free)
    rules = EntitlementRules(catalog: catalog)
    provider = FakePaymentGateway(catalog: catalog, startingAt: Self.start)
    let number = Atomic<Int>(0)
    tenants = TenantService(
      platform: try Platform(domains: ["emperor.gallery"]), store: store, directories: []
    ) { "tenant_\(number.add(1, ordering: .relaxed).newValue + 1_000_000)" }
  }

  static func owner(_ organization: String) throws -> Membership {
    Membership(userID: try UserID("owner"), organizationID: try OrgID(organization), role: .owner)
  }

  var webhooks: WebhookProcessor {
    WebhookProcessor(
      verifier: provider, scope: WebhookScope(isLive: false), store: store, gateway: provider, rules: rules)
  }

  /// Tenants that have bought a plan.
  func prepare() async throws {
    let billing = BillingService(
      store: store, gateway: provider, rules: rules, installation: try InstallationID("benchmark"))
    for number in 0..<Self.tenantCount {
      let id = try TenantID("tenant_\(number)")
      _ = try await store.insert(
        Tenant(
          id: id, organizationID: OrgID("org_\(number)"), slug: Slug("team-\(number)"), createdAt: Self.start),
        at: Self.start)
      guard let tenant = try await store.context(for: id) else { continue }
      let session = try await billing.checkout(
        .pro, for: tenant, as: Self.owner("org_\(number)"),
        returningTo: ReturnURLs(success: "https://emperor.gallery/paid", cancel: "https://emperor.gallery/plans"),
        at: Self.start)
      provider.completeCheckout(session.id)
      for webhook in provider.takeWebhooks() {
        _ = await webhooks.process(body: webhook.body, signature: webhook.signature, at: Self.start)
      }
    }
    await store.close()
  }
}
