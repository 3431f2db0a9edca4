internal import BillingKit
internal import Logging
internal import Metrics
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// How old the oldest of everything is that should not get old, and when each job was last done. Every server tells it, from
/// the store, whenever it is asked for its metrics.
struct StandingGauges {
  let services: GalleryServices
  let metrics: PrometheusRegistry

  /// What is told, ages in whole seconds; 0 where there is nothing that waits.
  struct Readings: Sendable, Equatable {
    /// The age of the oldest event of the outbox that was not delivered.
    var undeliveredEvent: Int64
    /// How long the subscription waits that has waited longest for a read to settle it.
    var unsettledSubscription: Int64
    /// How many subscriptions wait for one.
    var unsettledCount: Int
    /// The age of the index of hosts.
    var index: Int64
    /// When each job was last done, by whichever server; those that never were are left out.
    var completions: [GalleryJob: Timestamp]
  }

  /// Reads all of it and tells it to the metrics.
  func refresh(at now: Timestamp) async throws(StoreError) { record(try await readings(at: now)) }

  func readings(at now: Timestamp) async throws(StoreError) -> Readings {
    func seconds(since instant: Timestamp?) -> Int64 {
      instant.map { max(0, now.duration(since: $0).components.seconds) } ?? 0
    }
    let store = services.store
    let cursor = try await store.cursor(of: GalleryJobs.consumer)
    let waiting = try await store.events(after: cursor, limit: PageLimit(1)).first
    let unsettled = try await store.unsettledSubscriptions()
    var completions: [GalleryJob: Timestamp] = [:]
    for job in GalleryJob.allCases { completions[job] = try await store.lastCompletion(of: job.storedName) }
    return Readings(
      undeliveredEvent: seconds(since: waiting?.occurredAt), unsettledSubscription: seconds(since: unsettled.oldest),
      unsettledCount: unsettled.count, index: seconds(since: services.hosts.status.refreshedAt),
      completions: completions)
  }

  private func record(_ readings: Readings) {
    func tell(_ label: String, _ value: Int64, _ dimensions: [(String, String)] = []) {
      Gauge(label: label, dimensions: dimensions, factory: metrics).record(value)
    }
    tell("gallery.outbox.oldest.seconds", readings.undeliveredEvent)
    tell("gallery.billing.unsettled.oldest.seconds", readings.unsettledSubscription)
    tell("gallery.billing.unsettled", Int64(readings.unsettledCount))
    tell("gallery.index.age.seconds", readings.index)
    for (job, instant) in readings.completions {
      tell("gallery.job.completed.timestamp.seconds", instant.microseconds / 1_000_000, [("name", job.rawValue)])
    }
  }
}
