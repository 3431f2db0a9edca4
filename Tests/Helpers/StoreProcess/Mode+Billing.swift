#if SQLite
  import BillingKit
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import UsageKit

  extension Mode {
    /// `deliver-event FILE COUNT`: waits for a line, then processes one event COUNT times at once, and writes each answer:
    /// `applied`, `duplicate`, or what else it was.
    static let deliverEvent = Mode(name: "deliver-event") { store, arguments in
      guard let count = arguments.first.flatMap({ Int($0) }) else { return }
      let catalog = try catalog()
      let gateway = FakePaymentGateway(catalog: catalog, startingAt: billingStart)
      let webhooks = WebhookProcessor(
        verifier: gateway, scope: WebhookScope(isLive: false), store: store, gateway: gateway,
        rules: EntitlementRules(catalog: catalog))
      let event = try event()
      _ = readLine()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<count {
          group.addTask {
            switch await webhooks.process(event, at: billingStart) {
            case .applied: tell("applied")
            case .duplicate: tell("duplicate")
            case let other: tell("\(other)")
            }
          }
        }
      }
    }

    /// `deliver-events FILE COUNT`: processes COUNT events one after the other, each of a subscription of its own, and
    /// writes each answer with the event's number.
    static let deliverEvents = Mode(name: "deliver-events") { store, arguments in
      guard let count = arguments.first.flatMap({ Int($0) }) else { return }
      let catalog = try catalog()
      let gateway = FakePaymentGateway(catalog: catalog, startingAt: billingStart)
      let webhooks = WebhookProcessor(
        verifier: gateway, scope: WebhookScope(isLive: false), store: store, gateway: gateway,
        rules: EntitlementRules(catalog: catalog))
      for number in 0..<count {
        switch await webhooks.process(try event(number), at: billingStart) {
        case .applied: tell("applied \(number)")
        case .duplicate: tell("duplicate \(number)")
        case let other: tell("\(other)")
        }
      }
    }

    /// `admit-runs FILE PREFIX COUNT`: waits for a line, then asks COUNT times at once whether a run of the organisation
    /// `acme` may start, and writes `started` or `refused` for each.
    static let admitRuns = Mode(name: "admit-runs") { store, arguments in
      guard arguments.count == 2, let count = Int(arguments[1]) else { return }
      guard let tenant = try await store.context(slug: Slug("acme")) else { return tell("no tenant") }
      let admission = RunAdmission(store: store, usage: store, rules: EntitlementRules(catalog: try catalog()))
      _ = readLine()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
          let run = try Run(
            id: RunID("\(arguments[0])-\(number)"), userID: UserID("user"), workflow: WorkflowName("work"),
            startedAt: billingStart)
          group.addTask {
            do {
              _ = try await admission.start(run, for: tenant, at: billingStart)
              tell("started")
            } catch {
              if case AdmissionRefusal.limitReached = error { tell("refused") } else { tell("\(error)") }
            }
          }
        }
        try await group.waitForAll()
      }
    }

    static let billingStart = Timestamp(seconds: 1_780_000_000)

    static func catalog() throws -> PlanCatalog {
      try PlanCatalog(
        plans: [
          Plan(
            id: .free, name: "Free", rank: 0,
            limits: [PlanLimit(metric: .runs, window: .month, base: 50, action: .block)]),
          Plan(
            id: .pro, name: "Pro", rank: 1,
            prices: [
              PlanPrice(id: PriceID("price"), role: .base, interval: .month),
              PlanPrice(
                id: PriceID("metered"),
                role: .metered(
                  MeteredPrice(
                    metric: .runs, meter: UsageMeter(name: "runs", meterID: nil, priceID: PriceID("metered")))),
                interval: .month),
            ]),
        ], defaultPlan: .free)
    }

    static func event(_ number: Int? = nil) throws -> ProviderEvent {
      let name = number.map { "-\($0)" } ?? ""
      let snapshot = SubscriptionSnapshot(
        id: try SubscriptionID("sub\(name)"), customerID: try CustomerID("cus"), status: .active,
        items: [SubscriptionItem(id: try SubscriptionItemID("item"), priceID: try PriceID("price"), quantity: 1)],
        createdAt: billingStart)
      return ProviderEvent(
        id: try ProviderEventID("event\(name)"), createdAt: billingStart, isLive: false,
        type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
    }
  }
#endif
