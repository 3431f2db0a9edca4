public import AdminReports
public import BillingKit
internal import Foundation
public import SQLiteStore
internal import SaaSTesting
public import SaaSCore
public import TenancyKit
public import UsageKit

/// The library's services over one SQLite file: everything that routes, jobs and operators' commands call.
public struct GalleryServices: Sendable {
  /// What the server was told.
  public let configuration: GalleryConfiguration
  /// The file: tenants, usage, billing, outbox and leases.
  public let store: SQLiteStore
  /// The index of hosts, kept current.
  public let hosts: HostDirectory
  /// Tenants and their slugs.
  public let tenants: TenantService
  /// Custom domains.
  public let domains: DomainService
  /// A tenant's settings page.
  public let settings: TenantSettingsService
  /// Runs and their steps.
  public let recorder: UsageRecorder
  /// Whether a plan lets a run start.
  public let admission: RunAdmission
  /// Checkout, portal, entitlements.
  public let billing: BillingService
  /// The provider's webhooks.
  public let webhooks: WebhookProcessor
  /// Alerts at 80% and 100%.
  public let limits: LimitMonitor
  /// What owners and admins see.
  public let dashboard: AdminDashboard
  /// The payment provider.
  public let payments: Payments
  /// The plans' rules.
  public let rules: EntitlementRules
  /// The clock of every service.
  public let clock: any WallClock
  let observer: any ServiceObserver
  let metered: MeteredUsageReporter
  /// The fake DNS zone, where there is no domain provider.
  let zone: EditableDNS?

  /// Opens the file and joins the services.
  /// - Throws: where the file cannot be opened or the directory not loaded.
  public init(
    _ configuration: GalleryConfiguration, clock: any WallClock = SystemWallClock(),
    observer: any ServiceObserver = SilentObserver()
  ) async throws {
    self.configuration = configuration
    self.clock = clock
    self.observer = observer
    store = try await SQLiteStore(path: configuration.databasePath)
    let platform = configuration.platform
    hosts = try await HostDirectory(
      platform: platform, store: store, refreshInterval: .seconds(2), clock: clock, observer: observer)
    tenants = TenantService(platform: platform, store: store, directories: [hosts], observer: observer) {
      RandomNames.tenant()
    }
    let domainPorts = try DomainPorts(configuration.vercel)
    zone = domainPorts.zone
    domains = DomainService(
      platform: platform, store: store, provider: domainPorts.provider, dns: domainPorts.dns, directories: [hosts],
      clock: clock, observer: observer)
    settings = TenantSettingsService(tenants: tenants, domains: domains)
    recorder = UsageRecorder(store: store, pricing: configuration.rateCard, clock: clock, observer: observer) {
      RandomNames.run()
    }
    rules = EntitlementRules(catalog: configuration.catalog)
    payments = try Payments(configuration.stripe, selling: configuration.catalog, at: clock.now())
    let installation = try InstallationID("gallery")
    metered = MeteredUsageReporter(
      store: store, usage: store, gateway: payments.meters, catalog: configuration.catalog,
      installation: installation, observer: observer)
    billing = BillingService(
      store: store, gateway: payments.gateway, rules: rules, installation: installation, meteredUsage: metered)
    webhooks = WebhookProcessor(
      verifier: payments.verifier, scope: payments.scope, store: store, gateway: payments.gateway, rules: rules,
      meteredUsage: metered, observer: observer)
    limits = LimitMonitor(store: store, usage: store, rules: rules)
    admission = RunAdmission(store: store, usage: store, rules: rules)
    dashboard = AdminDashboard(
      tenants: store, usage: store, billing: AdminDashboard.Billing(store: store, rules: rules))
  }

  /// How many custom domains a tenant's plan has; nil where the plan sets no number.
  func domainLimit(for tenant: TenantContext) async throws(BillingError) -> Int? {
    let entitlements = try await billing.entitlements(for: tenant, at: clock.now())
    return entitlements.customDomainLimit
  }

  /// Writes what is waiting, and closes the file.
  public func close() async {
    await recorder.drain()
    await store.close()
  }
}
