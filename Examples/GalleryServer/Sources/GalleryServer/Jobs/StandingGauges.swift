internal import BillingKit
internal import Logging
internal import Metrics
internal import SQLiteStore
internal import SaaSCore
internal import ServiceLifecycle
internal import TenancyKit

/// Tells every half minute how old the oldest of everything is that should not get old. Every server tells it, since each
/// is asked for its own metrics.
struct StandingGauges: Service {
  let services: GalleryServices
  let logger: Logger

  /// How old things are, in whole seconds; 0 where there is nothing that waits.
  struct Ages: Sendable, Equatable {
    /// The oldest event of the outbox that was not delivered.
    var undeliveredEvent: Int64
    /// The subscription that has waited longest for a read to settle it.
    var unsettledSubscription: Int64
    /// How many subscriptions wait for one.
    var unsettledCount: Int
    /// The index of hosts.
    var index: Int64
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          record(try await ages(at: services.clock.now()))
        } catch {
          logger.warning("the gauges could not be read", metadata: ["error": "\(error)"])
        }
        do { try await services.clock.sleep(for: .seconds(30)) } catch { return }
      }
    }
  }

  func record(_ ages: Ages) {
    Gauge(label: "gallery.outbox.oldest.seconds").record(ages.undeliveredEvent)
    Gauge(label: "gallery.billing.unsettled.oldest.seconds").record(ages.unsettledSubscription)
    Gauge(label: "gallery.billing.unsettled").record(ages.unsettledCount)
    Gauge(label: "gallery.index.age.seconds").record(ages.index)
  }

  func ages(at now: Timestamp) async throws -> Ages {
    func seconds(since instant: Timestamp?) -> Int64 {
      instant.map { max(0, now.duration(since: $0).components.seconds) } ?? 0
    }
    let store = services.store
    let cursor = try await store.cursor(of: GalleryJobs.consumer)
    let waiting = try await store.events(after: cursor, limit: PageLimit(1)).first
    var oldest: Timestamp?
    var count = 0
    var next: TenantID?
    repeat {
      let page = try await store.contexts(after: next, limit: .maximum)
      for tenant in page.elements {
        let account = try await store.account(for: tenant)
        let unsettled = Set(account.unsettled)
        count += unsettled.count
        for record in account.subscriptions where unsettled.contains(record.id) {
          guard let since = record.waitingSince else { continue }
          oldest = oldest.map { min($0, since) } ?? since
        }
      }
      next = page.next
    } while next != nil
    return Ages(
      undeliveredEvent: seconds(since: waiting?.occurredAt), unsettledSubscription: seconds(since: oldest),
      unsettledCount: count, index: seconds(since: services.hosts.status.refreshedAt))
  }
}

extension SubscriptionRecord {
  /// Since when it waits for a read: what last called for one, or the event that only a read can place.
  fileprivate var waitingSince: Timestamp? {
    if let calledAt { return calledAt }
    if case .event(let createdAt, _)? = basis { return createdAt }
    return readAsOf
  }
}
