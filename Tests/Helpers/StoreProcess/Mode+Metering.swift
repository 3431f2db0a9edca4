#if SQLite
  import BillingKit
  import Foundation
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import UsageKit

  extension Mode {
    /// `report-usage FILE LOG ROUND COUNT`: subscribes the customer of the organisation `acme` to a metered price, unless
    /// it is, and then COUNT times records a run and reports, to a meter that keeps its reports in the file LOG; writes a
    /// line after each. Its first report finds more usage than what an earlier process left half reported.
    static let reportUsage = Mode(name: "report-usage") { store, arguments in
      guard arguments.count == 3, let round = Int64(arguments[1]), let count = Int64(arguments[2]) else { return }
      guard let tenant = try await store.context(slug: Slug("acme")) else { return tell("no tenant") }
      let catalog = try catalog()
      try await subscribe(tenant, in: store, catalog)
      let reporter = MeteredUsageReporter(
        store: store, usage: store, gateway: LogMeter(path: arguments[0]), catalog: catalog,
        installation: try InstallationID("test"))
      for number in 0..<count {
        let now = billingStart + .seconds(600 + round * 600 + number)
        let run = try Run(
          id: RunID("run-\(round)-\(number)"), userID: UserID("user"), workflow: WorkflowName("work"), startedAt: now)
        _ = try await store.record([UsageBatch([.start(run, limit: nil)], for: tenant)], at: now)
        try await reporter.report(for: tenant, at: now)
        tell("reported \(number)")
      }
    }

    private static func subscribe(_ tenant: TenantContext, in store: SQLiteStore, _ catalog: PlanCatalog) async throws {
      var account = try await store.account(for: tenant)
      guard account.subscriptions.isEmpty else { return }
      let period = UTCMonthPeriods.period(containing: billingStart)
      let snapshot = SubscriptionSnapshot(
        id: try SubscriptionID("sub"), customerID: try CustomerID("cus"), status: .active,
        items: [
          SubscriptionItem(
            id: try SubscriptionItemID("item"), priceID: try PriceID("metered"), quantity: nil, usageType: .metered,
            currentPeriod: period)
        ], createdAt: period.start)
      let event = ProviderEvent(
        id: try ProviderEventID("event"), createdAt: billingStart, isLive: false,
        type: "customer.subscription.updated", payload: .subscription(snapshot, .updated))
      account.apply(event, catalog: catalog)
      _ = try await store.commit(BillingCommit(claim: event.id, account: account, events: []), at: billingStart)
    }
  }

  /// A meter that outlives the process: each report that it counts is a line of a file, written whole or not at all.
  private struct LogMeter: MeteredUsageGateway {
    let path: String

    var identifierWindow: Duration { .seconds(86_400) }
    var reportingWindow: Duration { .seconds(35 * 86_400) }

    func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
      let log = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      if log.split(separator: "\n").contains(where: { $0.hasPrefix(report.identifier + " ") }) {
        return .alreadyReported
      }
      let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
      defer { close(file) }
      let line = Array("\(report.identifier) \(report.value)\n".utf8)
      guard write(file, line, line.count) == line.count else {
        throw GatewayError(.unavailable, "the log is not writable")
      }
      return .accepted
    }

    func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? { nil }

    func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? { nil }
  }
#endif
