internal import ArgumentParser
internal import BillingKit
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit
internal import UsageKit

/// `gallery ledger`: the rows that sum up a billing period.
struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Brings the ledger up to the recorded usage.", subcommands: [Rollup.self])

  struct Rollup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recomputes what changed since the last roll-up; running it twice gives the same rows.")

    @OptionGroup var options: StoreOptions

    @Option(help: "The instant that judges which periods are sealed; now if left out.")
    var at: String?

    private struct Line: Encodable {
      let tenants: Int
      let rows: Int
      let failures: [String]
    }

    func run() async throws {
      let now = try Timestamp.option(at)
      try await options.withStore { store in
        let outcome = try await LedgerRollup(tenants: store, store: store, periods: SubscriptionPeriods(store: store))
          .run(at: now)
        let line = Line(
          tenants: outcome.progress.tenants, rows: outcome.progress.changes,
          failures: outcome.failures.map { "\($0.tenantID): \($0.error)" })
        try options.print(
          TextTable(
            ["TENANTS", "ROWS", "FAILURES"], [[line.tenants, line.rows, line.failures.count].map(String.init)]),
          or: line)
        guard line.failures.isEmpty else { throw CommandFailure(line.failures.joined(separator: "\n")) }
      }
    }
  }
}
