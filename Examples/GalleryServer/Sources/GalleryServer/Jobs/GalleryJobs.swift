internal import BillingKit
internal import Logging
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
  var all: [any Service] { [IndexRefresh(hosts: services.hosts)] + GalleryJob.allCases.map(service) }

  private func service(_ job: GalleryJob) -> any Service {
    PeriodicJob(
      name: job.storedName, interval: services.configuration.jobIntervals[job] ?? job.standardInterval,
      leases: services.store, holder: holder, clock: services.clock, logger: logger, work: work(of: job))
  }

  private func work(of job: GalleryJob) -> @Sendable (Timestamp) async throws -> Void {
    switch job {
    case .rollup:
      { now in
        let rollup = LedgerRollup(
          tenants: services.store, store: services.store, periods: SubscriptionPeriods(store: services.store),
          observer: services.observer)
        _ = try await rollup.run(at: now)
      }
    case .abandonedRuns:
      { now in
        _ = try await AbandonedRuns(tenants: services.store, store: services.store, observer: services.observer)
          .run(at: now)
      }
    case .domains: { _ in _ = await services.domains.checkDue() }
    case .reconciliation:
      { now in
        let reconciler = SubscriptionReconciler(
          store: services.store, gateway: services.payments.gateway, rules: services.rules,
          observer: services.observer)
        _ = try await reconciler.run(at: now)
        // Grants end also where there is no subscription.
        try await eachTenant { tenant in try await reconciler.tellPlan(of: tenant, at: now) }
      }
    case .meteredUsage:
      { now in
        try await eachTenant { tenant in
          _ = try await services.metered.report(for: tenant, at: now)
          _ = try await services.limits.check(tenant, at: now)
        }
      }
    case .outbox: { _ in try await deliver() }
    }
  }

  private func eachTenant(_ work: (TenantContext) async throws -> Void) async throws {
    var next: TenantID?
    repeat {
      let page = try await services.store.contexts(after: next, limit: .maximum)
      for tenant in page.elements {
        try Task.checkCancellation()
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

  private func deliver() async throws {
    let delivery = OutboxDelivery(
      outbox: services.store, leases: services.store, sink: LogSink(logger: logger), consumer: Self.consumer,
      holder: holder, clock: services.clock, observer: services.observer)
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
