import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// A tenant with its stores and services, and the provider they talk to.
struct BillingWorld: Sendable {
  let outbox: InMemoryOutbox
  let store: InMemoryBillingStore
  let usage: InMemoryUsageStore
  let gateway: FakePaymentGateway
  let tenants: TestTenants
  let tenant: TenantContext
  let owner: Membership
  let catalog: PlanCatalog

  static let urls = ReturnURLs(
    success: "https://app.example/done?s={CHECKOUT_SESSION_ID}", cancel: "https://app.example")

  init(catalog: PlanCatalog = Sample.catalog, startingAt start: Timestamp = Sample.start) async throws {
    outbox = InMemoryOutbox()
    store = InMemoryBillingStore(outbox: outbox)
    usage = InMemoryUsageStore()
    gateway = FakePaymentGateway(catalog: catalog, startingAt: start)
    tenants = TestTenants()
    tenant = try await tenants.context("gallery")
    owner = try tenants.member("owner", of: tenant)
    self.catalog = catalog
  }

  var rules: EntitlementRules { EntitlementRules(catalog: catalog) }
  var now: Timestamp { gateway.now }
  let installation: InstallationID = Sample.id("test")

  func billing(over store: (any BillingStore)? = nil) -> BillingService {
    BillingService(store: store ?? self.store, gateway: gateway, rules: rules, installation: installation)
  }

  var reporter: MeteredUsageReporter {
    MeteredUsageReporter(store: store, usage: usage, gateway: gateway, catalog: catalog, installation: installation)
  }

  func webhooks(over store: (any BillingStore)? = nil) -> WebhookProcessor {
    WebhookProcessor(
      verifier: gateway, scope: WebhookScope(isLive: false), store: store ?? self.store, gateway: gateway, rules: rules,
      meteredUsage: reporter)
  }

  var reconciler: SubscriptionReconciler {
    SubscriptionReconciler(store: store, gateway: gateway, rules: rules)
  }

  /// Makes a customer and links it to the tenant.
  @discardableResult
  func linkedCustomer() async throws -> CustomerID {
    let id = try await gateway.createCustomer(
      NewCustomer(organizationID: tenant.organizationID, installation: installation), key: Sample.id("customer")
    ).id
    try await BillingOperator(billing()).link(id, to: tenant, by: "test", at: now)
    return id
  }

  /// Delivers everything that the provider told and was not taken yet.
  func deliverAll() async {
    let webhooks = webhooks()
    for webhook in gateway.takeWebhooks() {
      let answer = await webhooks.process(body: webhook.body, signature: webhook.signature, at: now)
      #expect(answer.httpStatus == 200, "\(webhook.type): \(answer)")
    }
  }

  /// Buys a plan on the provider's page, and delivers what the provider tells.
  @discardableResult
  func buy(_ plan: PlanID, every interval: BillingInterval = .month, seats: Int64? = nil) async throws
    -> SubscriptionID
  {
    let session = try await billing().checkout(
      plan, every: interval, seats: seats, for: tenant, as: owner, returningTo: Self.urls, at: now)
    let id = try #require(gateway.completeCheckout(session.id))
    await deliverAll()
    return id
  }

  func entitlements() async throws -> Entitlements { try await billing().entitlements(for: tenant, at: now) }

  /// What the outbox was told, in order.
  func events() async throws -> [BillingEvent] {
    var events: [BillingEvent] = []
    var last: Int64 = 0
    while true {
      let page = try await outbox.events(after: last, limit: .maximum)
      guard let end = page.last else { return events }
      events += page.compactMap { BillingEvent($0) }
      last = end.sequence
    }
  }
}

/// What can be seen of an account, however it came to be.
struct SeenAccount: Equatable {
  let snapshots: [SubscriptionSnapshot?]
  let payments: [[InvoiceFacts]]
  let unsettled: [SubscriptionID]
  let current: SubscriptionID?
  let plan: PlanID
  let seats: Int64
  let limits: [LimitAllowance]
  let isDeleted: Bool

  init(_ account: BillingAccount, at now: Timestamp) {
    let entitlements = Sample.rules.entitlements(of: account, at: now)
    snapshots = account.subscriptions.map(\.snapshot)
    payments = account.subscriptions.map(\.invoices)
    unsettled = account.unsettled
    current = account.currentSubscription?.id
    plan = entitlements.plan.id
    seats = entitlements.seats
    limits = entitlements.limits
    isDeleted = account.customer == nil
  }
}
