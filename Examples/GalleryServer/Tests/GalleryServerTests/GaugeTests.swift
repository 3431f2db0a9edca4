import BillingKit
import SQLiteStore
import SaaSCore
import SaaSTesting
import Synchronization
import TenancyKit
import Testing

@testable import GalleryServer

@Suite("Gauges of what is overdue") struct GaugeTests {
  private static let hour = Duration.seconds(3_600)

  /// Sells the tenant a plan, and has the provider change its seats without telling what came of it.
  private func unsettle(_ tenant: TenantContext, _ services: GalleryServices) async throws {
    let owner = Membership(userID: try UserID("ada"), organizationID: tenant.organizationID, role: .owner)
    let fake = try #require(services.payments.fake)
    let session = try await services.billing.checkout(
      .team, seats: 3, for: tenant, as: owner, returningTo: ReturnURLs(success: "https://a", cancel: "https://b"),
      at: services.clock.now())
    #expect(fake.completeCheckout(session.id) != nil)
    _ = try await services.billing.completeCheckout(session.id, for: tenant, as: owner, at: services.clock.now())
    let reads = Mutex(0)
    fake.setFaults { call in
      guard call == .subscription else { return nil }
      let count = reads.withLock { count in
        count += 1
        return count
      }
      return count == 2 ? .before(GatewayError(.unavailable, "down")) : nil
    }
    _ = try await services.billing.changeSeats(to: 7, for: tenant, as: owner, at: services.clock.now())
  }

  @Test("tell the ages of the oldest undelivered event, of the longest unsettled subscription and of the index")
  func ages() async throws {
    let clock = ManualClock()
    try await RunningServer.withServices(clock: clock) { services in
      let metrics = PrometheusRegistry()
      let gauges = StandingGauges(services: services, metrics: metrics)
      let nothing = StandingGauges.Readings(
        undeliveredEvent: 0, unsettledSubscription: 0, unsettledCount: 0, index: 0, completions: [:])
      #expect(try await gauges.readings(at: clock.now()) == nothing)

      clock.advance(by: Self.hour)
      try await unsettle(try #require(try await services.store.context(slug: Slug("orchard"))), services)
      clock.advance(by: Self.hour)
      try await unsettle(try #require(try await services.store.context(slug: Slug("meadow"))), services)
      clock.advance(by: Self.hour)
      // The tenants were created three hours ago, when the index was read.
      let later = StandingGauges.Readings(
        undeliveredEvent: 10_800, unsettledSubscription: 7_200, unsettledCount: 2, index: 10_800, completions: [:])
      #expect(try await gauges.readings(at: clock.now()) == later)
      try await gauges.refresh(at: clock.now())
      #expect(
        metrics.text == """
          gallery_billing_unsettled 2
          gallery_billing_unsettled_oldest_seconds 7200
          gallery_index_age_seconds 10800
          gallery_outbox_oldest_seconds 10800

          """)

      // Every event is delivered but the last.
      let events = try await services.store.events(after: 0, limit: .maximum)
      let last = try #require(events.last)
      try await services.store.advance(GalleryJobs.consumer, from: 0, to: last.sequence - 1)
      #expect(try await gauges.readings(at: clock.now()).undeliveredEvent == 3_600)
      try await services.store.advance(GalleryJobs.consumer, from: last.sequence - 1, to: last.sequence)
      #expect(try await gauges.readings(at: clock.now()).undeliveredEvent == 0)
    }
  }

  @Test("tell when each job was last done, by whichever server, and keep what was counted where the store fails")
  func completions() async throws {
    let clock = ManualClock()
    try await RunningServer.withServices(clock: clock) { services in
      let metrics = PrometheusRegistry()
      let gauges = StandingGauges(services: services, metrics: metrics)
      for (place, job) in GalleryJob.allCases.enumerated() where job != .outbox {
        try await services.store.noteCompletion(of: job.storedName, at: clock.now() + .seconds(Int64(place)))
      }
      try await gauges.refresh(at: clock.now())
      let told = metrics.text.split(separator: "\n").filter { $0.hasPrefix("gallery_job_completed") }
      let start = clock.now().microseconds / 1_000_000
      #expect(
        told == [
          #"gallery_job_completed_timestamp_seconds{name="abandoned-runs"} \#(start + 1)"#,
          #"gallery_job_completed_timestamp_seconds{name="domains"} \#(start + 2)"#,
          #"gallery_job_completed_timestamp_seconds{name="metered-usage"} \#(start + 4)"#,
          #"gallery_job_completed_timestamp_seconds{name="reconciliation"} \#(start + 3)"#,
          #"gallery_job_completed_timestamp_seconds{name="rollup"} \#(start)"#,
        ])
      let before = metrics.text
      await services.close()
      await #expect(throws: StoreError.self) { try await gauges.refresh(at: clock.now() + Self.hour) }
      #expect(metrics.text == before)
    }
  }
}
