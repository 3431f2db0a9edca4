import BillingKit
import SaaSCore
import SaaSTesting
import Testing

/// Something that happens to a customer's subscriptions, played on the fake provider.
struct Lifecycle: Sendable, CustomTestStringConvertible {
  let name: String
  let play: @Sendable (FakePaymentGateway, CustomerID) -> Void

  var testDescription: String { name }

  init(_ name: String, _ play: @escaping @Sendable (FakePaymentGateway, CustomerID) -> Void) {
    self.name = name
    self.play = play
  }

  /// The events that the provider told, in its order, and the provider as it is afterwards.
  func events() async throws -> (gateway: FakePaymentGateway, customer: CustomerID, events: [ProviderEvent]) {
    let gateway = FakePaymentGateway(catalog: Sample.catalog, startingAt: Sample.start)
    let customer = try await gateway.createCustomer(
      NewCustomer(organizationID: Sample.id("org"), installation: Sample.id("test")), key: Sample.id("customer")
    ).id
    play(gateway, customer)
    return (gateway, customer, gateway.takeEvents())
  }

  static let all: [Lifecycle] = [
    Lifecycle("trial to paid") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro, trialDays: 14)
      gateway.advance(by: .days(15))
    },
    Lifecycle("trial, cancelled before it ends") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro, trialDays: 14)
      gateway.advance(by: .days(2))
      gateway.cancelInPortal(id)
      gateway.advance(by: .days(13))
    },
    Lifecycle("paid at once") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(by: .days(3))
    },
    Lifecycle("renewal that fails and recovers") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro)
      gateway.setPaymentWorks(false, for: customer)
      gateway.advance(by: .days(30))
      gateway.setPaymentWorks(true, for: customer)
      gateway.advance(by: .days(3))
    },
    Lifecycle("renewal that failed, within the days of grace") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro)
      gateway.setPaymentWorks(false, for: customer)
      gateway.advance(by: .days(31))
    },
    Lifecycle("renewal that failed, past the days of grace") { gateway, customer in
      gateway.subscribe(customer, to: Sample.team(seats: 3))
      gateway.setPaymentWorks(false, for: customer)
      gateway.advance(by: .days(38))
    },
    Lifecycle("renewal that fails until the end") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro)
      gateway.setPaymentWorks(false, for: customer)
      gateway.advance(by: .days(50))
    },
    Lifecycle("renewal that fails and stays unpaid") { gateway, customer in
      gateway.setCancelsAfterRetries(false)
      gateway.subscribe(customer, to: Sample.pro)
      gateway.setPaymentWorks(false, for: customer)
      gateway.advance(by: .days(50))
    },
    Lifecycle("upgrade from pro to team") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(by: .days(5))
      guard let item = gateway.snapshot(of: id)?.items.first?.id else { return }
      gateway.change(
        id,
        .items(
          [
            .set(item, priceID: Sample.id("price_team_m"), quantity: 1),
            .add(priceID: Sample.id("price_seat_m"), quantity: 3),
          ], proration: .now))
    },
    Lifecycle("seats up and down within one second") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.team(seats: 3))
      gateway.advance(by: .days(5))
      guard let items = gateway.snapshot(of: id)?.items, items.count > 1 else { return }
      for seats in [4, 6, 5] as [Int64] {
        gateway.change(
          id, .items([.set(items[1].id, priceID: items[1].priceID, quantity: seats)], proration: .onNextInvoice))
      }
    },
    Lifecycle("ended at once") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.end(id)
    },
    Lifecycle("ended with its period, after a change of mind") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(by: .days(2))
      gateway.cancelInPortal(id)
      gateway.change(id, .undo(.at(Sample.start)))
      gateway.advance(by: .days(1))
      gateway.change(id, .cancelAtPeriodEnd)
      gateway.advance(by: .days(40))
    },
    Lifecycle("ended, and subscribed again") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.end(id)
      gateway.advance(by: .days(9))
      gateway.subscribe(customer, to: Sample.team(seats: 2))
    },
    Lifecycle("paused and resumed") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro, trialDays: 14)
      gateway.advance(by: .days(1))
      gateway.setPaused(true, id)
      gateway.advance(by: .days(1))
      gateway.setPaused(false, id)
    },
    Lifecycle("first payment never made") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro, firstPaymentSucceeds: false)
      gateway.advance(by: .days(2))
    },
    Lifecycle("first payment made late") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro, firstPaymentSucceeds: false)
      gateway.advance(by: .hours(2))
      gateway.payOpenInvoices(of: id)
    },
    Lifecycle("two live subscriptions") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro, trialDays: 7)
      gateway.advance(by: .days(1))
      gateway.subscribe(customer, to: Sample.team(seats: 4), trialDays: 7)
    },
    Lifecycle("customer deleted") { gateway, customer in
      gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(by: .days(1))
      gateway.deleteCustomer(customer)
    },
    Lifecycle("yearly") { gateway, customer in
      gateway.subscribe(customer, to: Sample.proYearly)
      gateway.advance(by: .days(370))
    },
    Lifecycle("a status that nobody knows") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.pro)
      gateway.advance(by: .days(1))
      gateway.setUnknownStatus("hibernating", id)
    },
  ]
}
