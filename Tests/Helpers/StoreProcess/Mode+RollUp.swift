#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import UsageKit

  /// Jobs over all tenants: each writes every tenant that it has gone through, and `finished` at the end.
  extension Mode {
    /// `roll-up FILE SECONDS [DAYS]`: rolls every ledger up as of an instant, and seals rows some days after their ends.
    static let rollUp = Mode(name: "roll-up") { store, arguments in
      guard let now = arguments.first.flatMap({ Int64($0) }) else { return }
      let days = arguments.dropFirst().first.flatMap { Int($0) } ?? 35
      let rollup = LedgerRollup(tenants: store, store: store, sealAfter: .seconds(days * 86_400))
      tellEnd(try await rollup.run(at: Timestamp(seconds: now), progress: tellProgress))
    }

    /// `retain FILE SECONDS DAYS`: deletes what is older than so many days, as of an instant.
    static let retain = Mode(name: "retain") { store, arguments in
      guard arguments.count == 2, let now = Int64(arguments[0]), let days = Int(arguments[1]) else { return }
      let retention = Retention(tenants: store, store: store, keptDays: days)
      tellEnd(try await retention.run(at: Timestamp(seconds: now), progress: tellProgress))
    }

    /// `reprice FILE PICOS`: gives every event of the years 2000 to 2100 that price for each token.
    static let reprice = Mode(name: "reprice") { store, arguments in
      guard let picos = arguments.first.flatMap({ Int64($0) }) else { return }
      let repricing = Repricing(store: store, pricing: FlatPricing(picos: picos))
      let period = Period(start: Timestamp(seconds: 946_684_800), end: Timestamp(seconds: 4_102_444_800))
      guard let period else { return }
      var last: TenantID?
      repeat {
        let page = try await store.contexts(after: last, limit: .standard)
        for tenant in page.elements {
          try await repricing.run(over: period, of: tenant)
          tell(tenant.tenantID.rawValue)
        }
        last = page.next
      } while last != nil
      tell("finished")
    }

    private static func tellProgress(_ progress: SweepProgress) { tell(progress.through?.rawValue ?? "") }

    private static func tellEnd(_ outcome: SweepOutcome) {
      tell(outcome.failures.isEmpty && outcome.end == .finished ? "finished" : "\(outcome)")
    }
  }
#endif
