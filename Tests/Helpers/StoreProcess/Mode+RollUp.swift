#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import UsageKit

  extension Mode {
    /// `roll-up FILE SECONDS`: rolls every ledger up as of an instant, and writes each tenant that it has gone through.
    static let rollUp = Mode(name: "roll-up") { store, arguments in
      guard let seconds = arguments.first.flatMap({ Int64($0) }) else { return }
      let rollup = LedgerRollup(tenants: store, store: store)
      let outcome = try await rollup.run(at: Timestamp(seconds: seconds)) { tell($0.through?.rawValue ?? "") }
      tell(outcome.failures.isEmpty && outcome.end == .finished ? "finished" : "\(outcome)")
    }
  }
#endif
