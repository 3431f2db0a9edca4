internal import ArgumentParser
internal import BillingKit
internal import GalleryServer
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

    @Flag(help: "Show a progress bar, where standard error is a terminal.")
    var progress = false

    private struct Line: Encodable {
      let tenants: Int
      let rows: Int
      let failures: [String]
    }

    func run() async throws {
      let now = try Timestamp.option(at)
      try await options.withStore { store in
        let bar = ProgressBar(total: progress ? try await Self.tenants(in: store) : 0, isWanted: progress)
        let outcome = try await LedgerRollup(tenants: store, store: store, periods: SubscriptionPeriods(store: store))
          .run(at: now) { bar.show(Int64($0.tenants), "\($0.changes) rows") }
        bar.end()
        let line = Line(
          tenants: outcome.progress.tenants, rows: outcome.progress.changes,
          failures: outcome.failures.map { "\($0.tenantID): \($0.error)" })
        try options.print(
          TextTable(
            ["TENANTS", "ROWS", "FAILURES"], [[line.tenants, line.rows, line.failures.count].map(String.init)]),
          or: line)
        try await store.noteCompletion(of: GalleryJob.rollup.storedName, at: SystemWallClock().now())
        guard line.failures.isEmpty else { throw CommandFailure(line.failures.joined(separator: "\n")) }
      }
    }

    private static func tenants(in store: SQLiteStore) async throws -> Int64 {
      var count: Int64 = 0
      var next: TenantID?
      repeat {
        let page = try await store.contexts(after: next, limit: .maximum)
        count += Int64(page.elements.count)
        next = page.next
      } while next != nil
      return count
    }
  }
}
