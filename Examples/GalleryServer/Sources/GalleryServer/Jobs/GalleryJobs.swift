internal import BillingKit
internal import Logging
internal import Metrics
internal import SQLiteStore
internal import SaaSCore
internal import ServiceLifecycle
internal import TenancyKit
internal import UsageKit

/// The server's work beside requests.
struct GalleryJobs {
  let services: GalleryServices
  let logger: Logger
  let holder: String

  /// Every job, and what keeps the index current.
  var all: [any Service] {
    [
      IndexRefresh(hosts: services.hosts),
      StandingGauges(services: services, logger: logger),
      job("rollup", every: .seconds(86_400)) { now in
        let rollup = LedgerRollup(
          tenants: services.store, store: services.store, periods: SubscriptionPeriods(store: services.store),
          observer: services.observer)
        _ = try await rollup.run(at: now)
        Gauge(label: "gallery.rollup.last").record(now.microseconds / 1_000_000)
      },
      job("abandoned-runs", every: .seconds(3_600)) { now in
        _ = try await AbandonedRuns(tenants: services.store, store: services.store, observer: services.observer)
          .run(at: now)
      },
      job("domains", every: .seconds(60)) { _ in _ = await services.domains.checkDue() },
      job("reconciliation", every: .seconds(6 * 3_600)) { now in
        let reconciler = SubscriptionReconciler(
          store: services.store, gateway: services.payments.gateway, rules: services.rules,
          observer: services.observer)
        _ = try await reconciler.run(at: now)
        // Grants end also where there is no subscription.
        try await eachTenant { tenant in try await reconciler.tellPlan(of: tenant, at: now) }
      },
      job("metered-usage", every: .seconds(3_600)) { now in
        try await eachTenant { tenant in
          _ = try await services.metered.report(for: tenant, at: now)
          _ = try await services.limits.check(tenant, at: now)
        }
      },
      job("outbox", every: .seconds(2)) { now in try await deliver(at: now) },
    ]
  }

  private func job(
    _ name: String, every interval: Duration, _ work: @escaping @Sendable (Timestamp) async throws -> Void
  ) -> PeriodicJob {
    PeriodicJob(
      name: name, interval: interval, leases: services.store, holder: holder, clock: services.clock, logger: logger,
      work: work)
  }

  private func eachTenant(_ work: (TenantContext) async throws -> Void) async throws {
    var next: TenantID?
    repeat {
      let page = try await services.store.contexts(after: next, limit: .maximum)
      for tenant in page.elements {
        do {
          try await work(tenant)
        } catch {
          logger.warning("a tenant's turn failed", metadata: ["tenant": "\(tenant.tenantID)", "error": "\(error)"])
        }
      }
      next = page.next
    } while next != nil
  }

  /// The name under which the outbox's events are delivered.
  static let consumer = "log"

  private func deliver(at now: Timestamp) async throws {
    let delivery = OutboxDelivery(
      outbox: services.store, leases: services.store, sink: LogSink(logger: logger), consumer: Self.consumer,
      holder: holder,
      clock: services.clock, observer: services.observer)
    _ = try await delivery.run()
  }
}

/// Keeps the index of hosts current until the server shuts down.
private struct IndexRefresh: Service {
  let hosts: HostDirectory

  func run() async throws {
    await cancelWhenGracefulShutdown { await hosts.run() }
  }
}

/// Writes every event of the outbox to the log; a host application would act on them here.
private struct LogSink: EventSink {
  let logger: Logger

  func receive(_ event: OutboxEvent) async throws {
    logger.info(
      "\(event.kind)", metadata: ["id": "\(event.id)", "org": "\(event.organizationID)"])
  }
}
