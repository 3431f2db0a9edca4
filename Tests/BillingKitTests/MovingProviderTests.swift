import BillingKit
import SaaSCore
import SaaSTesting
import Testing

/// Deliveries while the provider goes on: what is read lies anywhere in its history, and is not its end.
@Suite("Webhooks while the provider moves")
struct MovingProviderTests {
  /// One run over an empty store.
  private struct Run {
    let gateway: HistoryGateway
    let store = InMemoryBillingStore()
    let webhooks: WebhookProcessor
    let customer: CustomerID
    let now: Timestamp

    private static let verifier = FakePaymentGateway(catalog: Sample.catalog, startingAt: Sample.start)

    init(history: ProviderHistory, customer: CustomerID, now: Timestamp) {
      gateway = HistoryGateway(history)
      webhooks = WebhookProcessor(
        verifier: Self.verifier, scope: WebhookScope(isLive: false), store: store, gateway: gateway,
        rules: Sample.rules)
      self.customer = customer
      self.now = now
    }

    func seen() async throws -> SeenAccount {
      SeenAccount(try await store.account(customer: customer), at: now)
    }

    func reconcile() async throws {
      _ = try await SubscriptionReconciler(store: store, gateway: gateway, rules: Sample.rules).run(at: now)
    }
  }

  private struct Stage {
    let history: ProviderHistory
    let customer: CustomerID
    let now: Timestamp
    /// What the events lead to in the provider's order, each delivered before the next one happens.
    let expected: SeenAccount

    init(_ lifecycle: Lifecycle) async throws {
      let (provider, customer, events) = try await lifecycle.events()
      let history = ProviderHistory(events: events)
      let now = provider.now
      let run = Run(history: history, customer: customer, now: now)
      for (index, event) in events.enumerated() {
        run.gateway.set { $0.position = index + 1 }
        let answer = await run.webhooks.process(event, at: now)
        #expect(answer.httpStatus == 200)
      }
      let expected = try await run.seen()
      // It is the provider's own state, all of it.
      #expect(expected.unsettled.isEmpty)
      for snapshot in expected.snapshots {
        let id = try #require(snapshot?.id)
        #expect(snapshot == provider.snapshot(of: id))
        #expect(snapshot == history.snapshot(of: id, after: events.count))
      }
      self.history = history
      self.customer = customer
      self.now = now
      self.expected = expected
    }

    /// A run over an empty store.
    func run() -> Run { Run(history: history, customer: customer, now: now) }
  }

  /// What may go wrong in a run beside the order.
  private enum Trouble: String, CaseIterable {
    case none, staleReads, failingReads, both
  }

  /// Delivers a history while it happens: some event happens or some that has happened is delivered, by chance; what is
  /// not answered with 200 is delivered again, and some of the rest too.
  private static func deliver(
    _ stage: Stage, _ run: Run, dropping dropped: Int?, _ trouble: Trouble, _ generator: inout SeededGenerator
  ) async {
    let events = stage.history.events
    var waiting: [Int] = []
    var position = 0
    var repeats = 3
    while position < events.count || !waiting.isEmpty {
      if position < events.count, waiting.isEmpty || Int.random(in: 0..<3, using: &generator) == 0 {
        if position != dropped { waiting.append(position) }
        position += 1
        continue
      }
      let hasLag = trouble == .staleReads || trouble == .both
      let lag = hasLag && Bool.random(using: &generator) ? Int.random(in: 1...4, using: &generator) : 0
      let isDown = (trouble == .failingReads || trouble == .both) && Int.random(in: 0..<3, using: &generator) == 0
      run.gateway.set { [position] state in
        state.position = position
        state.lag = lag
        state.isDown = isDown
      }
      let index = waiting.remove(at: Int.random(in: waiting.indices, using: &generator))
      let answer = await run.webhooks.process(events[index], at: stage.now)
      if answer.httpStatus == 200 {
        if repeats > 0, Int.random(in: 0..<4, using: &generator) == 0 {
          repeats -= 1
          waiting.append(index)
        }
      } else {
        waiting.append(index)
      }
    }
  }

  @Test(
    "every order of up to seven events, each as soon as it has happened, ends in the provider's own state",
    arguments: Lifecycle.all)
  func permutations(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let events = stage.history.events
    guard events.count <= 7 else { return }
    var orders = [[Int]()]
    for index in events.indices {
      orders = orders.flatMap { order in
        (0...order.count).map { place in Array(order[..<place]) + [index] + Array(order[place...]) }
      }
    }
    for order in orders {
      let run = stage.run()
      for index in order {
        // The provider has come no further than it must have.
        run.gateway.set { $0.position = max($0.position, index + 1) }
        let answer = await run.webhooks.process(events[index], at: stage.now)
        if answer.httpStatus != 200 { Issue.record("\(events[index].type): \(answer)") }
      }
      guard try await run.seen() == stage.expected else {
        Issue.record("\(lifecycle.name): \(order.map { events[$0].type }) ends elsewhere")
        return
      }
    }
  }

  @Test(
    "shuffled and repeated deliveries between which the provider moves, with reads that are late or fail, end in its state",
    arguments: Lifecycle.all)
  func shuffles(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    for trouble in Trouble.allCases {
      for seed in 1...50 as ClosedRange<UInt64> {
        var generator = SeededGenerator(seed: seed)
        let run = stage.run()
        await Self.deliver(stage, run, dropping: nil, trouble, &generator)
        guard try await run.seen() == stage.expected else {
          Issue.record("\(lifecycle.name), \(trouble): seed \(seed) ends elsewhere")
          break
        }
      }
    }
  }

  @Test("with any one event lost besides, reconciliation ends in the provider's own state", arguments: Lifecycle.all)
  func lostEvents(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    for lost in stage.history.events.indices {
      for (number, trouble) in Trouble.allCases.enumerated() {
        for seed in 1...2 as ClosedRange<UInt64> {
          var generator = SeededGenerator(seed: seed &* 100 &+ UInt64(lost * 4 + number))
          let run = stage.run()
          await Self.deliver(stage, run, dropping: lost, trouble, &generator)
          run.gateway.set { state in
            state.position = stage.history.events.count
            state.lag = 0
            state.isDown = false
          }
          try await run.reconcile()
          let seen = try await run.seen()
          let what = "\(trouble), seed \(generator.seed), without \(stage.history.events[lost].type)"
          #expect(seen.snapshots == stage.expected.snapshots, "\(what)")
          #expect(seen.unsettled == stage.expected.unsettled, "\(what)")
          #expect(seen.current == stage.expected.current, "\(what)")
          // Nobody knows any more what a status was before it became unknown.
          if seen.snapshots.contains(where: { $0?.status.isKnown == false }) { continue }
          #expect(seen.plan == stage.expected.plan, "\(what)")
          #expect(seen.seats == stage.expected.seats, "\(what)")
        }
      }
    }
  }

  @Test("an answer that every later event overtakes while it is on its way is not taken", arguments: Lifecycle.all)
  func overtaken(lifecycle: Lifecycle) async throws {
    let stage = try await Stage(lifecycle)
    let events = stage.history.events
    for slow in events.indices {
      let run = stage.run()
      for index in events.indices.prefix(slow) {
        run.gateway.set { $0.position = index + 1 }
        _ = await run.webhooks.process(events[index], at: stage.now)
      }
      run.gateway.set { state in
        state.position = slow + 1
        state.meanwhile = {
          run.gateway.set { $0.position = events.count }
          for event in events.dropFirst(slow + 1) {
            #expect(await run.webhooks.process(event, at: stage.now).httpStatus == 200)
          }
        }
      }
      #expect(await run.webhooks.process(events[slow], at: stage.now).httpStatus == 200)
      run.gateway.set { state in
        state.position = events.count
        state.meanwhile = nil
      }
      for event in events.dropFirst(slow + 1) {
        #expect(await run.webhooks.process(event, at: stage.now).httpStatus == 200)
      }
      #expect(try await run.seen() == stage.expected, "while \(events[slow].type) is slow")
    }
  }

  @Test("a read that tells what was told before later things were is refused, and sent for again")
  func outdatedRead() async throws {
    let lifecycle = Lifecycle("seats, twice") { gateway, customer in
      let id = gateway.subscribe(customer, to: Sample.team(seats: 3))
      for seats in [5, 8] as [Int64] {
        gateway.advance(by: .days(1))
        guard let item = gateway.snapshot(of: id)?.items.dropFirst().first else { return }
        gateway.change(id, .items([.set(item.id, priceID: item.priceID, quantity: seats)], proration: .onNextInvoice))
      }
    }
    let stage = try await Stage(lifecycle)
    let run = stage.run()
    let events = stage.history.events
    run.gateway.set { $0.position = events.count }
    for event in events.dropLast() { _ = await run.webhooks.process(event, at: stage.now) }
    let last = try #require(events.last)
    run.gateway.set { $0.lag = 1 }
    let answer = await run.webhooks.process(last, at: stage.now)
    #expect(answer.httpStatus == 503)
    #expect(try await run.store.isClaimed(last.id) == false)
    #expect(try await run.seen().seats == 8, "what was read before the late answer")
    run.gateway.set { $0.lag = 0 }
    #expect(await run.webhooks.process(last, at: stage.now).httpStatus == 200)
    #expect(try await run.seen() == stage.expected)
    // The rule itself, without a processor: folding such a read in changes nothing.
    var account = try await run.store.account(customer: run.customer)
    let before = account
    let id = try #require(account.subscriptions.first?.id)
    let old = try #require(stage.history.snapshot(of: id, after: events.count - 1))
    account.apply(GatewayRead(old, asOf: last.createdAt - .seconds(1)), catalog: Sample.catalog)
    #expect(account == before)
    // Made later, it tells of a change back.
    account.apply(GatewayRead(old, asOf: last.createdAt + .seconds(1)), catalog: Sample.catalog)
    #expect(account.subscription(id)?.snapshot == old)
  }
}
