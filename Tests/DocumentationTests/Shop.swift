import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A tenant with stores and a payment provider in memory, for the examples.
struct Shop: Sendable {
  let now = Timestamp(seconds: 1_750_000_000)
  let tenants = TestTenants()
  let usageStore = InMemoryUsageStore()
  let billingStore = InMemoryBillingStore()
  let gateway: FakePaymentGateway
  let rules: EntitlementRules
  let tenant: TenantContext
  let owner: Membership
  let runID: RunID

  init() async throws {
    let catalog = try PlanCatalog(json: Array(Self.plans.utf8))
    rules = EntitlementRules(catalog: catalog)
    gateway = FakePaymentGateway(catalog: catalog, startingAt: now)
    tenant = try await tenants.context("team-a")
    owner = try tenants.member(of: tenant)
    runID = try RunID("run-1")
  }

  static let plans = """
    { "version": 1, "defaultPlan": "free", "plans": [
      { "id": "free", "name": "Free",
        "limits": [{ "metric": "runs", "base": 20, "window": "month", "action": "block" }] },
      { "id": "pro", "name": "Pro", "prices": [{ "id": "price_pro_month", "role": "base", "interval": "month" }] } ] }
    """

  static let rates = """
    { "id": "prices-2025", "rates": [
      { "provider": "openai", "model": "gpt-4o", "unit": "millionTokens",
        "prices": [{ "prompt": "2.50", "cachedPrompt": "1.25", "completion": "10.00" }] } ] }
    """
}
