import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Webhook processor")
struct WebhookProcessorTests {
  /// The provider after a lifecycle, and a fresh store whose tenant has its customer, for one order of deliveries.
  private struct Stage {
    let world: BillingWorld
    let customer: CustomerID
    let events: [ProviderEvent]

    init(_ lifecycle: Lifecycle) async throws {
      world = try await BillingWorld()
      customer = try await world.gateway.createCustomer(
        NewCustomer(organizationID: world.tenant.organizationID, installation: world.installation),
        key: Sample.id("customer")
      ).id
      lifecycle.play(world.gateway, customer)
      events = world.gateway.takeEvents()
    }

    /// Processes events in an order over an empty store, and gives the account.
    func process(_ order: [ProviderEvent], reconciling: Bool = false) async throws -> SeenAccount {
      let store = InMemoryBillingStore()
      let webhooks = world.webhooks(over: store)
      for event in order {
        let answer = await webhooks.process(event, at: world.now)
        if answer.httpStatus != 200 { Issue.record("\(event.type): \(answer)") }
      }
      if reconciling {
        try await SubscriptionReconciler(store: store, gateway: world.gateway, rules: world.rules).run(at: world.now)
      }
      return SeenAccount(try await store.account(customer: customer), at: world.now)
    }
  }

  @Test("every order of a history of up to seven events ends in the provider's own state", arguments: Lifecycle.all)
  func permutations(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    guard stage.events.count <= 7 else { return }
    let expected = try await stage.process(stage.events)
    var orders = [[ProviderEvent]()]
    for event in stage.events {
      orders = orders.flatMap { order in
        (0...order.count).map { place in Array(order[..<place]) + [event] + Array(order[place...]) }
      }
    }
    #expect(orders.count == (1...stage.events.count).reduce(1, *))
    for order in orders where try await stage.process(order) != expected {
      Issue.record("\(lifecycle.name): \(order.map(\.type)) ends elsewhere")
    }
  }

  @Test("two thousand seeded shuffles with repeats end in the provider's own state", arguments: Lifecycle.all)
  func shuffles(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let expected = try await stage.process(stage.events)
    #expect(expected.unsettled.isEmpty)
    for snapshot in expected.snapshots {
      let id = try #require(snapshot?.id)
      #expect(snapshot == stage.world.gateway.snapshot(of: id))
    }
    for seed in 1...2_000 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      var order = stage.events
      for _ in 0..<2 { order.append(order[Int.random(in: order.indices, using: &generator)]) }
      order.shuffle(using: &generator)
      guard try await stage.process(order) == expected else {
        Issue.record("\(lifecycle.name): seed \(seed) ends elsewhere")
        return
      }
    }
  }

  @Test("with any one event lost, reconciliation ends in the same state", arguments: Lifecycle.all)
  func lostEvents(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let expected = try await stage.process(stage.events, reconciling: true)
    for lost in stage.events.indices {
      var order = stage.events
      let event = order.remove(at: lost)
      let seen = try await stage.process(order, reconciling: true)
      #expect(seen.snapshots == expected.snapshots, "without \(event.type)")
      #expect(seen.unsettled == expected.unsettled, "without \(event.type)")
      #expect(seen.current == expected.current, "without \(event.type)")
      // Nobody knows any more what a status was before it became unknown.
      if seen.snapshots.contains(where: { $0?.status.isKnown == false }) { continue }
      #expect(seen.plan == expected.plan, "without \(event.type)")
      #expect(seen.seats == expected.seats, "without \(event.type)")
    }
  }

  @Test("a hundred deliveries of one event at once apply it once")
  func concurrentDeliveries() async throws {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    world.gateway.subscribe(customer, to: Sample.pro)
    let webhook = try #require(world.gateway.takeWebhooks().first { $0.type == "customer.subscription.updated" })
    let webhooks = world.webhooks()
    let answers = await withTaskGroup(of: WebhookAnswer.self) { group in
      for _ in 0..<100 {
        group.addTask {
          await webhooks.process(body: webhook.body, signature: webhook.signature, at: Sample.start)
        }
      }
      return await group.reduce(into: [WebhookAnswer]()) { $0.append($1) }
    }
    #expect(answers.count { $0 == .applied(webhook.eventID) } == 1)
    #expect(answers.count { $0 == .duplicate(webhook.eventID) } == 99)
    #expect(try await world.events().count { $0.kind == "billing.plan.changed" } == 1)
  }

  @Test("concurrent deliveries of a whole history end in the provider's own state", arguments: Lifecycle.all)
  func concurrentHistories(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let expected = try await stage.process(stage.events)
    let store = InMemoryBillingStore()
    let webhooks = stage.world.webhooks(over: store)
    let now = stage.world.now
    let failures = await withTaskGroup(of: Int.self) { group in
      for event in stage.events + stage.events {
        group.addTask { await webhooks.process(event, at: now).httpStatus == 200 ? 0 : 1 }
      }
      return await group.reduce(0, +)
    }
    #expect(failures == 0)
    #expect(SeenAccount(try await store.account(customer: stage.customer), at: now) == expected)
  }

  @Test("an event that another process applies between reading and saving is not lost", arguments: Lifecycle.all)
  func interleavedEvents(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let expected = try await stage.process(stage.events)
    let now = stage.world.now
    for first in stage.events.indices {
      let store = InMemoryBillingStore()
      let others = stage.world.webhooks(over: store)
      let events = stage.events
      let slow = FlakyBillingStore(store) {
        for index in events.indices where index != first { _ = await others.process(events[index], at: now) }
      }
      let answer = await stage.world.webhooks(over: slow).process(events[first], at: now)
      #expect(answer.httpStatus == 200)
      #expect(SeenAccount(try await store.account(customer: stage.customer), at: now) == expected)
    }
  }

  @Test("a customer that is linked while its event is applied keeps the event")
  func linkedMeanwhile() async throws {
    let world = try await BillingWorld()
    let customer = try await world.gateway.createCustomer(
      NewCustomer(organizationID: world.tenant.organizationID, installation: world.installation), key: Sample.id("k")
    ).id
    world.gateway.subscribe(customer, to: Sample.pro)
    let event = try #require(world.gateway.takeEvents().first { $0.type == "customer.subscription.updated" })
    let slow = FlakyBillingStore(world.store) {
      try? await BillingOperator(world.billing()).link(customer, to: world.tenant, by: "test", at: world.now)
    }
    #expect(await world.webhooks(over: slow).process(event, at: world.now) == .applied(event.id))
    #expect(try await world.store.account(for: world.tenant).currentSubscription?.posture == .active)
  }

  @Test("a process that stops at any step leaves nothing behind that a redelivery does not set right")
  func crashes() async throws {
    let lifecycle = try #require(Lifecycle.all.first { $0.name == "renewal that fails and recovers" })
    let stage = try await Stage(lifecycle)
    let world = stage.world
    try await BillingOperator(world.billing()).link(stage.customer, to: world.tenant, by: "test", at: world.now)
    let clean = InMemoryBillingStore()
    try await BillingOperator(world.billing(over: clean)).link(
      stage.customer, to: world.tenant, by: "test", at: world.now)
    for event in stage.events { _ = await world.webhooks(over: clean).process(event, at: world.now) }
    let expected = SeenAccount(try await clean.account(customer: stage.customer), at: world.now)
    let told = try await clean.outbox.events(after: 0, limit: .maximum).map(\.kind)

    var steps = 0
    while true {
      let base = InMemoryBillingStore()
      try await BillingOperator(world.billing(over: base)).link(
        stage.customer, to: world.tenant, by: "test", at: world.now)
      let flaky = FlakyBillingStore(base, failingAfter: steps)
      for event in stage.events {
        let answer = await world.webhooks(over: flaky).process(event, at: world.now)
        if answer.httpStatus == 200 { continue }
        #expect(answer.httpStatus == 503)
        #expect(await world.webhooks(over: flaky).process(event, at: world.now).httpStatus == 200)
      }
      #expect(SeenAccount(try await base.account(customer: stage.customer), at: world.now) == expected)
      #expect(try await base.outbox.events(after: 0, limit: .maximum).map(\.kind) == told, "after \(steps) steps")
      guard flaky.hasFailed else { break }
      steps += 1
    }
    #expect(steps > 50)
  }

  @Test("a provider that fails leaves no claim, and the redelivery applies the event")
  func gatewayFailures() async throws {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    world.gateway.subscribe(customer, to: Sample.pro)
    let webhook = try #require(world.gateway.takeWebhooks().first { $0.type == "invoice.paid" })
    world.gateway.fail(.subscription, .before(GatewayError(.unavailable, "down")))
    let webhooks = world.webhooks()
    let first = await webhooks.process(body: webhook.body, signature: webhook.signature, at: world.now)
    #expect(first == .failed(webhook.eventID, .gateway(GatewayError(.unavailable, "down"))))
    #expect(first.httpStatus == 503)
    #expect(try await world.store.isClaimed(webhook.eventID) == false)
    let second = await webhooks.process(body: webhook.body, signature: webhook.signature, at: world.now)
    #expect(second == .applied(webhook.eventID))
    #expect(try await world.entitlements().plan.id == .pro)
  }

  @Test("what is not believed, not meant for us, or not used changes nothing")
  func ignored() async throws {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    world.gateway.subscribe(customer, to: Sample.pro)
    let webhook = try #require(world.gateway.takeWebhooks().first)
    let version = try await world.store.account(for: world.tenant).version
    let webhooks = world.webhooks()
    var body = webhook.body
    body[body.count / 2] ^= 1
    #expect(
      await webhooks.process(body: body, signature: webhook.signature, at: world.now) == .refused(.signatureMismatch))
    #expect(await webhooks.process(body: webhook.body, signature: nil, at: world.now).httpStatus == 400)
    let late = world.now + .seconds(301)
    #expect(await webhooks.process(body: webhook.body, signature: webhook.signature, at: late).httpStatus == 400)

    let event = try world.gateway.event(body: webhook.body, signature: webhook.signature, at: world.now)
    let live = ProviderEvent(
      id: event.id, createdAt: event.createdAt, isLive: true, type: event.type, payload: event.payload)
    #expect(await webhooks.process(live, at: world.now) == .ignored(event.id, .otherMode))
    let account: ProviderAccountID = Sample.id("acct_other")
    let foreign = ProviderEvent(
      id: event.id, createdAt: event.createdAt, isLive: false, accountID: account, type: event.type,
      payload: event.payload)
    #expect(await webhooks.process(foreign, at: world.now) == .ignored(event.id, .otherAccount(account)))
    let unused = ProviderEvent(
      id: event.id, createdAt: event.createdAt, isLive: false, type: "charge.succeeded", payload: .unused)
    #expect(await webhooks.process(unused, at: world.now) == .ignored(event.id, .unused(type: "charge.succeeded")))
    #expect(await webhooks.process(live, at: world.now).httpStatus == 200)
    #expect(try await world.store.account(for: world.tenant).version == version)
    #expect(try await world.store.isClaimed(event.id) == false)
  }

  @Test("an event is applied however old it is")
  func oldEvents() async throws {
    let world = try await BillingWorld()
    let customer = try await world.linkedCustomer()
    world.gateway.subscribe(customer, to: Sample.pro)
    let webhooks = world.gateway.takeWebhooks()
    world.gateway.advance(by: .days(25))
    for webhook in webhooks {
      let again = world.gateway.resend(webhook)
      #expect(
        await world.webhooks().process(body: again.body, signature: again.signature, at: world.now)
          == .applied(webhook.eventID))
    }
    #expect(try await world.entitlements().plan.id == .pro)
  }

  @Test("events of a customer that nobody is linked to are kept, and joined when the link arrives")
  func unlinked() async throws {
    let world = try await BillingWorld()
    let customer = try await world.gateway.createCustomer(
      NewCustomer(organizationID: world.tenant.organizationID, installation: world.installation), key: Sample.id("k")
    ).id
    world.gateway.subscribe(customer, to: Sample.pro)
    for webhook in world.gateway.takeWebhooks() {
      #expect(
        await world.webhooks().process(body: webhook.body, signature: webhook.signature, at: world.now)
          == .unlinked(webhook.eventID, customer))
    }
    #expect(try await world.events().isEmpty)
    #expect(try await world.entitlements().plan.id == .free)
    try await BillingOperator(world.billing()).link(customer, to: world.tenant, by: "operator", at: world.now)
    #expect(try await world.entitlements().plan.id == .pro)
    #expect(try await world.events().contains { $0.kind == "billing.plan.changed" })
    let other = try await world.tenants.context("other")
    await #expect(throws: BillingError.customerTaken(customer)) {
      try await BillingOperator(world.billing()).link(customer, to: other, by: "operator", at: world.now)
    }
  }

  @Test("an organisation that only the metadata names is not believed: neither linked, nor given the plan")
  func foreignMetadata() async throws {
    let world = try await BillingWorld()
    let mine = try await world.linkedCustomer()
    // Somebody else's customer, whose session and subscription claim the tenant.
    let stranger = try await world.gateway.createCustomer(
      NewCustomer(organizationID: Sample.id("stranger"), installation: world.installation), key: Sample.id("k")
    ).id
    let session = try await world.gateway.createCheckoutSession(
      NewCheckoutSession(
        customerID: stranger, lines: Sample.pro, successURL: "https://a.example", cancelURL: "https://a.example",
        clientReference: world.tenant.organizationID.rawValue,
        metadata: [
          "orgId": world.tenant.organizationID.rawValue, "installation": world.installation.rawValue, "checkout": "1",
        ]), key: Sample.id("session"))
    let subscription = try #require(world.gateway.completeCheckout(session.id))
    for webhook in world.gateway.takeWebhooks() {
      let answer = await world.webhooks().process(body: webhook.body, signature: webhook.signature, at: world.now)
      #expect(answer == .unlinked(webhook.eventID, stranger), "\(webhook.type)")
    }
    try await world.reconciler.run(at: world.now)
    let account = try await world.store.account(for: world.tenant)
    #expect(account.customers.map(\.id) == [mine])
    #expect(account.subscription(subscription) == nil)
    #expect(try await world.entitlements().plan.id == .free)
    await #expect(throws: BillingError.foreignSession(session.id)) {
      try await world.billing().completeCheckout(session.id, for: world.tenant, as: world.owner, at: world.now)
    }
  }

  @Test("an event that lacks items is not taken for the whole subscription: it is read")
  func partialSubscription() async throws {
    let world = try await BillingWorld()
    let id = try await world.buy(.team, seats: 20)
    world.gateway.advance(by: .days(1))
    let whole = try #require(world.gateway.snapshot(of: id))
    var part = whole
    part.items = Array(whole.items.prefix(1))
    part.trialEnd = world.now + .days(3)
    let event = ProviderEvent(
      id: Sample.id("evt_part"), createdAt: world.now, isLive: false, type: "customer.subscription.trial_will_end",
      payload: .partialSubscription(part, .trialWillEnd))
    var account = try await world.store.account(for: world.tenant)
    account.apply(event, catalog: Sample.catalog)
    #expect(account.unsettled == [id])
    #expect(account.subscription(id)?.snapshot == whole)
    #expect(await world.webhooks().process(event, at: world.now) == .applied(event.id))
    let record = try #require(try await world.store.account(for: world.tenant).subscription(id))
    #expect(record.snapshot == whole)
    #expect(!record.needsRead)
    #expect(try await world.entitlements().seats == 20)
    #expect(try await world.events().contains { $0.kind == "billing.trial.ending" })
    // So is the first that is heard of a subscription.
    var other = BillingAccount(owner: .customer(whole.customerID))
    other.apply(event, catalog: Sample.catalog)
    #expect(other.unsettled == [id])
  }
}
