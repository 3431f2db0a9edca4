import BillingKit
import SaaSCore
import SaaSTesting
import Testing

/// The state that a set of events leads to, said without folding: what the reducer is held to.
private struct ExpectedSubscription {
  let snapshots: Set<SubscriptionSnapshot>

  /// The snapshots that could be the latest: the final ones where there are any, else those of the last second.
  init(of id: SubscriptionID, in events: [ProviderEvent]) {
    var told: [(at: Timestamp, id: ProviderEventID, snapshot: SubscriptionSnapshot)] = []
    for event in events {
      if case .subscription(let snapshot, _) = event.payload, snapshot.id == id {
        told.append((event.createdAt, event.id, snapshot))
      }
    }
    let ended = told.filter { $0.snapshot.status.isFinal }
    let candidates = ended.isEmpty ? told : ended
    let last = candidates.map(\.at).max()
    snapshots = Set(candidates.filter { $0.at == last }.map(\.snapshot))
  }
}

@Suite("Subscription reducer")
struct ReducerTests {
  private static func fold(_ events: [ProviderEvent], _ customer: CustomerID) -> BillingAccount {
    var account = BillingAccount(owner: .customer(customer))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    return account
  }

  /// What two orders of the same events must agree on: everything.
  private static func isSame(_ left: BillingAccount, _ right: BillingAccount) -> Bool {
    left.customers == right.customers && left.subscriptions == right.subscriptions
  }

  @Test("in the provider's order, events lead to the provider's own state or ask for a read", arguments: Lifecycle.all)
  func inOrder(lifecycle: Lifecycle) async throws {
    let (gateway, customer, events) = try await lifecycle.events()
    let account = Self.fold(events, customer)
    #expect(!account.subscriptions.isEmpty)
    for record in account.subscriptions {
      let expected = ExpectedSubscription(of: record.id, in: events)
      let snapshot = try #require(record.snapshot)
      #expect(expected.snapshots.contains(snapshot))
      if expected.snapshots.count > 1, !record.isFinal { #expect(record.needsRead) }
      if !record.needsRead { #expect(snapshot == gateway.snapshot(of: record.id)) }
    }
  }

  @Test(
    "every order of a history of up to seven events, and of a longer one's first and last six, ends in the same state",
    arguments: Lifecycle.all)
  func permutations(lifecycle: Lifecycle) async throws {
    let (_, customer, all) = try await lifecycle.events()
    // Of a longer history its beginning and its end: both hold the second in which the subscription began or ended.
    for events in all.count <= 7 ? [all] : [Array(all.prefix(6)), Array(all.suffix(6))] {
      let expected = Self.fold(events, customer)
      var count = 0
      var used = Array(repeating: false, count: events.count)
      func extend(_ account: BillingAccount, _ depth: Int) {
        if depth == events.count {
          count += 1
          if !Self.isSame(account, expected) { Issue.record("an order of \(events.map(\.type)) ends elsewhere") }
          return
        }
        for index in events.indices where !used[index] {
          used[index] = true
          var next = account
          next.apply(events[index], catalog: Sample.catalog)
          extend(next, depth + 1)
          used[index] = false
        }
      }
      extend(BillingAccount(owner: .customer(customer)), 0)
      #expect(count == (1...events.count).reduce(1, *))
    }
  }

  @Test(
    "two thousand seeded shuffles of a history longer than seven, with repeats, end in the same state",
    arguments: Lifecycle.all)
  func shuffles(lifecycle: Lifecycle) async throws {
    let (_, customer, events) = try await lifecycle.events()
    guard events.count > 7 else { return }
    let expected = Self.fold(events, customer)
    for seed in 1...2_000 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var order = events
      for _ in 0..<3 { order.append(events[Int.random(in: events.indices, using: &generator)]) }
      order.shuffle(using: &generator)
      guard Self.isSame(Self.fold(order, customer), expected) else {
        Issue.record("\(lifecycle.name): seed \(seed) ends elsewhere")
        return
      }
    }
  }

  @Test("a read settles ties, and what was told before it is stale")
  func reads() async throws {
    let lifecycle = try #require(Lifecycle.all.first { $0.name.hasPrefix("seats up and down") })
    let (gateway, customer, events) = try await lifecycle.events()
    var account = Self.fold(events.reversed(), customer)
    let id = try #require(account.subscriptions.first?.id)
    #expect(account.unsettled == [id])
    gateway.advance(by: .hours(1))
    account.apply(try await gateway.subscription(id), catalog: Sample.catalog)
    #expect(account.unsettled.isEmpty)
    #expect(account.subscription(id)?.snapshot == gateway.snapshot(of: id))
    for event in events { account.apply(event, catalog: Sample.catalog) }
    #expect(account.unsettled.isEmpty)
    #expect(account.subscription(id)?.snapshot == gateway.snapshot(of: id))
  }

  @Test("an event of the second in which a read began, or later, calls for another read")
  func eventsAfterReads() async throws {
    let gateway = FakePaymentGateway(catalog: Sample.catalog, startingAt: Sample.start)
    let customer = try await gateway.createCustomer(
      NewCustomer(organizationID: Sample.id("org"), installation: Sample.id("test")), key: Sample.id("k")
    ).id
    let id = gateway.subscribe(customer, to: Sample.pro)
    var account = Self.fold(gateway.takeEvents(), customer)
    account.apply(try await gateway.subscription(id), catalog: Sample.catalog)
    #expect(account.unsettled.isEmpty)
    gateway.change(id, .cancelAtPeriodEnd)
    for event in gateway.takeEvents() { account.apply(event, catalog: Sample.catalog) }
    #expect(account.unsettled == [id])
    #expect(account.subscription(id)?.scheduledEnd != nil)
    account.apply(try await gateway.subscription(id), catalog: Sample.catalog)
    #expect(account.unsettled.isEmpty)
  }

  @Test("an ended subscription stays ended, whatever is read or told later")
  func finality() async throws {
    let gateway = FakePaymentGateway(catalog: Sample.catalog, startingAt: Sample.start)
    let customer = try await gateway.createCustomer(
      NewCustomer(organizationID: Sample.id("org"), installation: Sample.id("test")), key: Sample.id("k")
    ).id
    let id = gateway.subscribe(customer, to: Sample.pro)
    let active = try await gateway.subscription(id)
    gateway.advance(by: .days(1))
    gateway.end(id)
    var account = Self.fold(gateway.takeEvents(), customer)
    account.apply(GatewayRead(active.value, asOf: gateway.now + .days(1)), catalog: Sample.catalog)
    account.apply(
      ProviderEvent(
        id: Sample.id("evt_late"), createdAt: gateway.now + .days(2), isLive: false,
        type: "customer.subscription.updated", payload: .subscription(active.value, .updated)),
      catalog: Sample.catalog)
    #expect(account.subscription(id)?.posture == .canceled)
    #expect(account.subscription(id)?.needsRead == false)
  }

  @Test("an event of another customer's subscription cannot touch an account")
  func otherCustomers() async throws {
    let (_, _, events) = try await Lifecycle.all[0].events()
    let account = Self.fold(events, Sample.id("cus_other"))
    #expect(account == BillingAccount(owner: .customer(Sample.id("cus_other"))))
  }
}
