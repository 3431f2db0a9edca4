import BillingKit
import Customers
import SQLiteStore
import SaaSCore
import StripeGateway
import Synchronization
import TenancyKit

/// What is sold, and to whom: a store file with tenants of whom each has a subscription.
struct Shop {
  static let start = Timestamp(seconds: 1_750_000_000)
  static let tenantCount = 50

  let store: SQLiteStore
  let provider: Provider
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
    provider = Provider(at: Self.start)
    let number = Atomic<Int>(0)
    tenants = TenantService(
      platform: try Platform(domains: ["emperor.gallery"]), store: store, directories: []
    ) { "tenant_\(number.add(1, ordering: .relaxed).newValue + 1_000_000)" }
  }

  static func owner(_ organization: String) throws -> Membership {
    Membership(userID: try UserID("owner"), organizationID: try OrgID(organization), role: .owner)
  }

  /// What applies the provider's events.
  func webhooks() throws -> WebhookProcessor {
    guard let secret = StripeWebhookSecret("whsec_benchmark") else { throw Unconfigured() }
    return WebhookProcessor(
      verifier: StripeWebhooks(secrets: [secret]), scope: WebhookScope(isLive: false), store: store,
      gateway: provider, rules: rules)
  }

  private struct Unconfigured: Error {}

  /// Tenants that have bought a plan.
  func prepare() async throws {
    for number in 0..<Self.tenantCount {
      let id = try TenantID("tenant_\(number)")
      _ = try await store.insert(
        Tenant(
          id: id, organizationID: OrgID("org_\(number)"), slug: Slug("team-\(number)"), createdAt: Self.start),
        at: Self.start)
      guard let tenant = try await store.context(for: id) else { continue }
      try await provider.sell(PriceID("price_pro"), to: tenant, in: store, rules: rules, at: Self.start)
    }
    await store.close()
  }
}
