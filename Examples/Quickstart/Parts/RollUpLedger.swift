import SaaSCore
import TenancyKit
import UsageKit

/// Rolls every organisation's ledger up, month by month, and shows what each model cost; what the models cost together is
/// what the ledgers say, to the last digit. A later run finds nothing to do.
@Sendable func rollUpLedger(_ quickstart: Quickstart) async throws {
  let rollup = LedgerRollup(
    tenants: quickstart.stores.tenants, store: quickstart.stores.usage,
    lease: SweepLease(quickstart.stores.leases, holder: "quickstart"))
  let outcome = try await rollup.run(at: quickstart.now)
  var models: [ModelKey: EventSums] = [:]
  var ledger = CostSum.zero
  var rows = 0
  var next: TenantID?
  repeat {
    let page = try await quickstart.stores.tenants.contexts(after: next)
    for tenant in page.elements {
      for row in try await quickstart.stores.usage.ledger(LedgerQuery(), after: nil, limit: .maximum, of: tenant)
        .elements
      {
        ledger += row.sums.events.cost
        rows += 1
      }
      let report = try await quickstart.stores.usage.report(for: fourMonths, of: tenant).value
      for model in report.models { models[model.key, default: EventSums()] += model.events }
    }
    next = page.next
  } while next != nil
  let costs = ModelCosts(models, rowsRecomputed: outcome.progress.changes, rows: rows, ledger: ledger)
  quickstart.report.section("Ledger", key: "ledger", costs) { costs.lines }
}

/// The days of the shipped usage, 2025-01-01 to 2025-04-30.
private let fourMonths = DayWindow(lastDays: 120, at: Timestamp(seconds: 1_746_057_599))

private struct ModelCosts: Encodable, Sendable {
  let rowsRecomputed: Int
  let rows: Int
  let models: [Model]
  let total: CostSum
  let ledger: CostSum

  struct Model: Encodable, Sendable {
    let provider: String
    let model: String
    let events: Int64
    let tokens: Int64
    let unpriced: Int64
    let partlyUnpriced: Int64
    let cost: CostSum
  }

  init(_ models: [ModelKey: EventSums], rowsRecomputed: Int, rows: Int, ledger: CostSum) {
    self.rowsRecomputed = rowsRecomputed
    self.rows = rows
    self.ledger = ledger
    self.models = models.sorted { ($1.value.cost, $0.key) < ($0.value.cost, $1.key) }.map { key, sums in
      Model(
        provider: key.provider.rawValue, model: key.model.rawValue, events: sums.count, tokens: sums.totalTokens,
        unpriced: sums.unpriced, partlyUnpriced: sums.partlyUnpriced, cost: sums.cost)
    }
    total = models.values.reduce(.zero) { $0 + $1.cost }
  }

  var lines: [String] {
    var table = TextTable([
      ("provider", .left), ("model", .left), ("events", .right), ("tokens", .right), ("USD", .right), ("", .left),
    ])
    for model in models {
      let isUnpriced = model.unpriced == model.events
      table.add([
        model.provider, model.model, "\(model.events)", "\(model.tokens)",
        isUnpriced ? "unpriced" : model.cost.rounded.decimalText,
        model.partlyUnpriced > 0 ? "\(model.partlyUnpriced) partly unpriced" : "",
      ])
    }
    let agreement = total == ledger ? "the same as" : "not the same as the \(ledger) of"
    return [
      "\(rows) rows in the ledgers, \(rowsRecomputed) recomputed now",
      "\(total) over all models, \(agreement) the ledgers",
    ] + table.lines
  }
}
