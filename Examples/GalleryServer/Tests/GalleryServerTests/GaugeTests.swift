import BillingKit
import Logging
import SaaSCore
import SaaSTesting
import Synchronization
import TenancyKit
import Testing

@testable import GalleryServer

@Suite("Gauges of what is overdue") struct GaugeTests {
  @Test("tell the ages of the oldest undelivered event, of the index and of the longest unsettled subscription")
  func ages() async throws {
    try await RunningServer.with { server in
      let services = server.services
      let gauges = StandingGauges(services: services, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      let tenant = try #require(try await services.store.context(slug: Slug("orchard")))
      let now = services.clock.now()
      let settled = try await gauges.ages(at: now)
      #expect(settled.unsettledSubscription == 0)
      #expect(settled.unsettledCount == 0)

      let owner = Membership(userID: try UserID("ada"), organizationID: tenant.organizationID, role: .owner)
      let token = try await server.token("orchard")
      let checkout = try await server.client.call(
        "POST", "/api/billing/checkout", host: "orchard.localhost", token: token, body: #"{"plan":"team","seats":3}"#)
      let url = try #require(checkout.json["url"].string, "\(checkout.text)")
      let fake = try #require(services.payments.fake)
      let session = try CheckoutSessionID(String(url.split(separator: "=").last ?? ""))
      #expect(fake.completeCheckout(session) != nil)
      #expect(
        try await server.client.call(
          "GET", "/billing/return?session_id=\(session)", host: "orchard.localhost", token: token
        ).status < 400)

      // The provider changes the seats, and cannot be asked afterwards what came of it.
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
      let later = try await gauges.ages(at: services.clock.now() + .seconds(7_200))
      #expect(later.unsettledCount == 1)
      #expect((7_200..<7_500).contains(later.unsettledSubscription))
      #expect((7_200..<7_500).contains(later.index))
      // What was created and bought a moment ago may be delivered by now; what was not is two hours old.
      #expect(later.undeliveredEvent == 0 || (7_200..<7_500).contains(later.undeliveredEvent))
    }
  }
}
