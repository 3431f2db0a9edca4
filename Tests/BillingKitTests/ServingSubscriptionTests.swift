import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Which subscription serves")
struct ServingSubscriptionTests {
  private let day = Sample.start + .days(10)
  private let customer: CustomerID = Sample.id("cus")

  /// An event that tells a subscription with its items' prices and quantities.
  private func told(
    _ id: String, _ lines: [(price: String, quantity: Int64?)], status: ProviderStatus = .active, day: Int64 = 0,
    startedOn: Int64 = 0
  ) -> ProviderEvent {
    let period = Period(start: Sample.start, end: Sample.start + .days(30))
    let snapshot = SubscriptionSnapshot(
      id: Sample.id(id), customerID: customer, status: status,
      items: lines.map { line in
        SubscriptionItem(
          id: Sample.id("si_\(id)_\(line.price)"), priceID: Sample.id(line.price), quantity: line.quantity,
          currentPeriod: period)
      }, createdAt: Sample.start + .days(startedOn))
    return ProviderEvent(
      id: Sample.id("evt_\(id)_\(day)"), createdAt: Sample.start + .days(day), isLive: false,
      type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
  }

  private func entitlements(_ events: [ProviderEvent]) -> Entitlements {
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    return Sample.rules.entitlements(of: account, at: day)
  }

  @Test("a later subscription whose price nobody knows takes no plan away, and is shown")
  func supportContract() {
    let events = [
      told("sub_pro", [("price_pro_m", 1)]),
      told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
    ]
    for order in [events, events.reversed()] {
      let entitlements = entitlements(order)
      #expect(entitlements.plan.id == .pro)
      #expect(entitlements.source == .subscription(Sample.id("sub_pro")))
      #expect(
        entitlements.warnings.contains(.unresolvedPrices(Sample.id("sub_support"), [Sample.id("price_support")])))
      #expect(entitlements.warnings.contains { if case .duplicateSubscriptions = $0 { true } else { false } })
    }
  }

  @Test("a live plan comes before the plan of a subscription that ended")
  func liveBeforeEnded() {
    let entitlements = entitlements([
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)]),
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)], status: .canceled, day: 1),
      told("sub_pro", [("price_pro_m", 1)], day: 2, startedOn: 2),
      told("sub_support", [("price_support", 1)], day: 5, startedOn: 5),
    ])
    #expect(entitlements.plan.id == .pro)
  }

  @Test("where no live subscription ever had a plan, the one before leaves its plan and seats")
  func asItWas() {
    let entitlements = entitlements([
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)]),
      told("sub_old", [("price_team_m", 1), ("price_seat_m", 9)], status: .canceled, day: 1),
      told("sub_new", [("price_custom", 1)], day: 2, startedOn: 2),
    ])
    #expect(entitlements.plan.id == .team)
    #expect(entitlements.seats == 9)
    #expect(entitlements.source == .subscription(Sample.id("sub_new")))
  }

  @Test(
    "seats whose price nobody knows stay as they were, and are shown",
    arguments: [
      [(price: "price_team_m", quantity: 1), (price: "price_seats_new", quantity: 25)],
      [(price: "price_team_new", quantity: 1), (price: "price_seats_new", quantity: 25)],
    ] as [[(price: String, quantity: Int64?)]])
  func unknownSeats(lines: [(price: String, quantity: Int64?)]) {
    let events = [
      told("sub", [("price_team_m", 1), ("price_seat_m", 20)]), told("sub", lines, day: 3),
    ]
    for order in [events, events.reversed()] {
      let entitlements = entitlements(order)
      #expect(entitlements.plan.id == .team)
      #expect(entitlements.seats == 20)
      #expect(entitlements.warnings.contains { if case .unresolvedPrices = $0 { true } else { false } })
    }
    // What is told whole counts again, also where it is less.
    let fewer = entitlements(events + [told("sub", [("price_team_m", 1), ("price_seat_m", 4)], day: 4)])
    #expect(fewer.seats == 4)
    // Beside a price that nobody knows, seats that are told count.
    let beside = entitlements(
      events + [told("sub", [("price_team_m", 1), ("price_seat_m", 4), ("price_support", 1)], day: 4)])
    #expect(beside.seats == 4)
  }
}
