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

    private static let billingStart = Timestamp(seconds: 1_780_000_000)

    private static func catalog() throws -> PlanCatalog {
      try PlanCatalog(
        plans: [
          Plan(
            id: .free, name: "Free", rank: 0,
            limits: [PlanLimit(metric: .runs, window: .month, base: 50, action: .block)]),
          Plan(
            id: .pro, name: "Pro", rank: 1,
            prices: [PlanPrice(id: PriceID("price"), role: .base, interval: .month)]),
        ], defaultPlan: .free)
    }

    private static func event() throws -> ProviderEvent {
      let snapshot = SubscriptionSnapshot(
        id: try SubscriptionID("sub"), customerID: try CustomerID("cus"), status: .active,
        items: [SubscriptionItem(id: try SubscriptionItemID("item"), priceID: try PriceID("price"), quantity: 1)],
        createdAt: billingStart)
      return ProviderEvent(
        id: try ProviderEventID("event"), createdAt: billingStart, isLive: false,
        type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
    }
  }
#endif
