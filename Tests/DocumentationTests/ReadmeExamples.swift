import AdminReports
import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// What a request is answered with.
enum ServedAnswer: Equatable {
  case page(of: TenantContext)
  case redirect(to: HostName)
  case ownPages, suspended, notFound
}

/// From a Host header to a tenant, as the README has it.
func servingTenants(at now: Timestamp, newIdentifier: @escaping @Sendable () -> String) async throws -> ServedAnswer {
  let platform = try Platform(domains: ["emperor.gallery", "localhost"])
  let store = InMemoryTenantStore()  // or SQLiteStore(path:), or a store of your own
  let hosts = try await HostDirectory(platform: platform, store: store)
  let tenants = TenantService(platform: platform, store: store, directories: [hosts]) {
    "tnt_" + newIdentifier()
  }

  // A customer signs up.
  let owner = Membership(userID: try UserID("user_1"), organizationID: try OrgID("org_1"), role: .owner)
  _ = try await tenants.create(slug: "team-a", as: owner, at: now)

  // A request comes in.
  let verdict = hosts.verdict(forHost: "Team-A.emperor.gallery:443", at: now)
  switch verdict.kind {
  case .tenant:
    if let tenant = hosts.context(for: verdict) { return .page(of: tenant) }
  case .moved:
    if let host = hosts.movedHost(for: verdict) { return .redirect(to: host) }
  case .platform: return .ownPages
  case .suspended: return .suspended
  case .reserved, .notFound: break
  }
  return .notFound
}

/// What was recorded of the README's run.
struct RecordedWork {
  var run: Run
  var costUSD: String?
}

/// What a tenant uses, as the README has it.
func recordingUsage(of shop: Shop) async throws -> RecordedWork {
  let (store, tenant, now) = (shop.usageStore, shop.tenant, shop.now)
  let (user, duration) = (shop.owner.userID, Duration.milliseconds(1_500))
  let rateFile = Array(Shop.rates.utf8)
  let admission = RunAdmission(store: shop.billingStore, usage: store, rules: shop.rules)
  let newRunID: @Sendable () -> RunID = { shop.runID }

  let rates = try RateCard(json: rateFile)  // or LiteLLM's price file
  let usage = UsageRecorder(store: store, pricing: rates, makeRunID: newRunID)

  // Counted against the plan's cap, exactly, however many servers start runs at once.
  let limit = try await admission.limit(for: tenant, at: now)
  let run = try await usage.start(WorkflowName("review"), by: user, in: tenant, limit: limit)
  try await usage.record(
    step: StepID("draft"), attempt: 0, of: run, provider: ProviderName("openai"), model: ModelName("gpt-4o"),
    tokens: TokenCounts(prompt: 1_200, cachedPrompt: 800, completion: 300), took: duration)
  try await usage.finish(run, .succeeded, artifacts: 1)

  let event = try await store.event(EventID(run: run.run.id, step: StepID("draft"), attempt: 0), of: tenant)
  return RecordedWork(
    run: try #require(try await usage.run(run.run.id, of: tenant)).run, costUSD: event?.cost.amount?.decimalText)
}

/// What a tenant pays, as the README has it.
func sellingPlans(in shop: Shop) async throws -> Entitlements {
  let (store, gateway, verifier, tenant, owner) = (
    shop.billingStore, shop.gateway, shop.gateway, shop.tenant, shop.owner
  )
  let (planFile, now) = (Array(Shop.plans.utf8), shop.now)
  let isLive = false
  let urls = ReturnURLs(success: "https://team-a.emperor.gallery/back?session={CHECKOUT_SESSION_ID}", cancel: "/")

  let rules = EntitlementRules(catalog: try PlanCatalog(json: planFile))
  let billing = BillingService(
    store: store, gateway: gateway, rules: rules, installation: try InstallationID("gallery"))
  let webhooks = WebhookProcessor(
    verifier: verifier, scope: WebhookScope(isLive: isLive), store: store, gateway: gateway, rules: rules)

  // The owner buys a plan, and is sent to the session's page.
  let session = try await billing.checkout(.pro, for: tenant, as: owner, returningTo: urls, at: now)

  gateway.completeCheckout(session.id)
  func route(_ body: [UInt8], _ signature: String) async throws -> (WebhookAnswer, Entitlements) {
    // A webhook's raw bytes come, in any order and as often as the provider likes.
    let answer = await webhooks.process(body: body, signature: signature, at: now)

    // What the tenant may do from then on.
    let allowed = try await billing.entitlements(for: tenant, at: now)
    return (answer, allowed)
  }
  var last: Entitlements?
  for webhook in gateway.takeWebhooks().reversed() {
    let (answer, allowed) = try await route(webhook.body, webhook.signature)
    #expect(answer.httpStatus == 200)
    last = allowed
  }
  return try #require(last)
}

/// What an owner sees, as the README has it.
func showingReports(of shop: Shop) async throws -> String {
  let (tenants, usage, now) = (shop.tenants.store, shop.usageStore, shop.now)
  let (tenant, member, rules) = (shop.tenant, shop.owner, shop.rules)
  let billing = shop.billingStore

  let dashboard = AdminDashboard(tenants: tenants, usage: usage, billing: .init(store: billing, rules: rules))
  let page = try await dashboard.page(.last30Days, for: tenant, as: member, at: now)
  let html = page.html(PageOptions(organizationName: "Emperor Gallery"))
  return html
}

private func freshStore() async throws -> TenantStoreSubject {
  let store = InMemoryTenantStore()
  return TenantStoreSubject(store: store, outbox: store.outbox)
}

@Suite struct OurStoreTests {
  @Test(arguments: TenantStoreConformance.checks)
  func `our store conforms`(check: TenantStoreConformance.Check) async throws {
    try await check.run { try await freshStore() }
  }
}
