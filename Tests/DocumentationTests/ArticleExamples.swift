import AdminReports
import BillingKit
import DNSOverHTTPS
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import URLSessionTransport
import UsageKit
import VercelDomains

#if SQLite
  import SQLiteStore

  func sqliteStore(platform: Platform) async throws -> HostDirectory {
    let store = try await SQLiteStore(path: "saas.sqlite")
    let hosts = try await HostDirectory(platform: platform, store: store)
    return hosts
  }
#endif

// MARK: TenancyKit

func servingTenants(store: InMemoryTenantStore, newIdentifier: @escaping @Sendable () -> String) async throws {
  let platform = try Platform(domains: ["emperor.gallery", "localhost"], reserving: ["status"])
  let hosts = try await HostDirectory(platform: platform, store: store)
  let tenants = TenantService(platform: platform, store: store, directories: [hosts]) { "tnt_" + newIdentifier() }

  async let refreshing: Void = hosts.run()
  _ = tenants
  await refreshing
}

func customDomains(
  platform: Platform, store: InMemoryTenantStore, token: String, suffixFile: [UInt8], hosts: HostDirectory,
  tenants: TenantService
) throws -> TenantSettingsService {
  let transport = URLSessionTransport()
  let domains = DomainService(
    platform: platform, store: store,
    provider: try VercelDomains(project: "gallery", team: .id("team_1"), token: token, transport: transport),
    dns: try DNSOverHTTPS(transport: transport), suffixes: try PublicSuffixList(file: suffixFile), directories: [hosts])
  let settings = TenantSettingsService(tenants: tenants, domains: domains)
  return settings
}

/// A database of which each test has one of its own.
private struct Database {
  let store = InMemoryTenantStore()
  static func fresh() async throws -> Database { Database() }
  func connect() -> InMemoryTenantStore { store }
}

private func MyStore(_ store: InMemoryTenantStore) -> InMemoryTenantStore { store }
private func MyOutbox(_ store: InMemoryTenantStore) -> InMemoryOutbox { store.outbox }

@Suite struct KeepingTenantsExamples {
  @Test(arguments: TenantStoreConformance.checks)
  func `our store conforms`(check: TenantStoreConformance.Check) async throws {
    try await check.run {
      let database = try await Database.fresh()
      return TenantStoreSubject(
        store: MyStore(database.connect()), peer: MyStore(database.connect()), outbox: MyOutbox(database.connect()))
    }
  }
}

// MARK: UsageKit

func recordingUsage(
  store: InMemoryUsageStore, card: RateCard, user: UserID, tenant: TenantContext, duration: Duration,
  newRunID: @escaping @Sendable () -> RunID
) async throws {
  let usage = UsageRecorder(store: store, pricing: card, makeRunID: newRunID)

  let run = try await usage.start(WorkflowName("review"), by: user, in: tenant)
  try await usage.record(
    step: StepID("draft"), attempt: 0, of: run, provider: ProviderName("openai"), model: ModelName("gpt-4o"),
    tokens: TokenCounts(prompt: 1_200, cachedPrompt: 800, completion: 300), took: duration)
  try await usage.finish(run, .succeeded, artifacts: 1)
}

/// An answer of a model's API, with its fields' own names.
struct OpenAIUsage {
  struct Details { var cached_tokens: Int64 }
  var (prompt_tokens, completion_tokens): (Int64, Int64)
  var prompt_tokens_details: Details
}

struct AnthropicUsage {
  var (input_tokens, output_tokens, cache_read_input_tokens, cache_creation_input_tokens): (Int64, Int64, Int64, Int64)
}

func tokens(_ usage: OpenAIUsage) throws -> TokenCounts {
  try TokenCounts(
    prompt: usage.prompt_tokens, cachedPrompt: usage.prompt_tokens_details.cached_tokens,
    completion: usage.completion_tokens)
}

func tokens(_ usage: AnthropicUsage) throws -> TokenCounts {
  try TokenCounts(
    uncachedPrompt: usage.input_tokens, cachedPrompt: usage.cache_read_input_tokens,
    cacheWritePrompt: usage.cache_creation_input_tokens, completion: usage.output_tokens)
}

func pricingUsage(bytes: [UInt8], downloadedAt: Timestamp, ownRates: [ModelRate]) throws -> RateCard {
  let prices = try LiteLLMPrices(json: bytes, validFrom: downloadedAt)
  let card = try RateCard(id: RateCardID("litellm-2026-05"), rates: ownRates + prices.rates)
  return card
}

func importing(
  tenants: InMemoryTenantStore, store: InMemoryUsageStore, card: RateCard, log: @Sendable (String) -> Void
) async throws -> UsageImportReport {
  let importer = UsageImporter(tenants: tenants, usage: store, pricing: card, clock: SystemWallClock())
  let report = try await importer.importFile(at: "usage.ndjson", format: .ndjson) {
    log("line \($0.number): \($0.fault)")
  }
  return report
}

@Suite struct KeepingUsageExamples {
  private enum MyStore {
    static func fresh() async throws -> UsageStoreSubject {
      let store = InMemoryUsageStore()
      return UsageStoreSubject(store: store, outbox: store.outbox)
    }
  }

  @Test(arguments: UsageStoreConformance.checks)
  func conforms(to check: UsageStoreConformance.Check) async throws {
    try await check.run { try await MyStore.fresh() }
  }
}

// MARK: AdminReports

/// A server's request and answer.
struct ReportRequest {
  var query: String
  var cursor: String?
}

struct ReportResponse { var body = "" }

func reports(
  tenants: InMemoryTenantStore, usage: InMemoryUsageStore, billing: InMemoryBillingStore, catalog: PlanCatalog,
  tenant: TenantContext, member: Membership, clock: any WallClock, request: ReportRequest
) async throws -> (ReportResponse, AuditReport) {
  var response = ReportResponse()
  let dashboard = AdminDashboard(
    tenants: tenants, usage: usage, billing: .init(store: billing, rules: EntitlementRules(catalog: catalog)))
  let page = try await dashboard.page(.last30Days, for: tenant, as: member, at: clock.now())
  response.body = page.html(
    PageOptions(
      organizationName: "Emperor Gallery", portalLink: "/billing/portal", auditLink: { "/reports/rows?\($0.text)" }))

  let query = try AuditQuery(request.query)
  let rows = try await dashboard.audit(query, after: request.cursor.map(AuditCursor.init), for: tenant, as: member)
  return (response, rows)
}
