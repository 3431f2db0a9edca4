internal import SaaSCore
internal import TenancyKit

/// The lines of an import that are not recorded yet.
struct UsageImportBatch {
  let badLines: UsageImporter.BadLines
  var report = UsageImportReport()
  /// Tenants that were looked up, and organisations that have none.
  private(set) var contexts: [OrgID: TenantContext?] = [:]
  /// The writes by tenant, in the order of the lines.
  var batches: [UsageBatch] { zip(tenants, writes).map { UsageBatch($1, for: $0) } }
  /// How many lines wait.
  private(set) var count = 0
  /// A bad line was found and the import is to end with it.
  private(set) var isEnding = false

  private var positions: [OrgID: Int] = [:]
  private var tenants: [TenantContext] = []
  private var writes: [[UsageWrite]] = []
  private var numbers: [[Int]] = []
  private var bad: [BadUsageLine] = []

  init(badLines: UsageImporter.BadLines) { self.badLines = badLines }

  /// So many organisations are remembered at once; an import of more looks some of them up again.
  private static let mostContexts = 10_000

  mutating func remember(_ tenant: TenantContext?, of organization: OrgID) {
    if contexts.count >= Self.mostContexts { contexts.removeAll(keepingCapacity: true) }
    contexts[organization] = .some(tenant)
  }

  mutating func add(_ line: BadUsageLine) {
    bad.append(line)
    count += 1
    if badLines == .abort { isEnding = true }
  }

  mutating func add(_ write: UsageWrite, of tenant: TenantContext, number: Int) {
    count += 1
    if let position = positions[tenant.organizationID] {
      writes[position].append(write)
      numbers[position].append(number)
    } else {
      positions[tenant.organizationID] = tenants.count
      tenants.append(tenant)
      writes.append([write])
      numbers.append([number])
    }
  }

  /// Counts what became of the writes, empties the batch, and gives its bad lines in order.
  mutating func settle(_ answers: [[UsageAnswer]]) -> [BadUsageLine] {
    var bad = bad
    for ((writes, numbers), answers) in zip(zip(writes, numbers), answers) {
      for ((write, number), answer) in zip(zip(writes, numbers), answers) {
        switch answer {
        case .recorded: count(recorded: write)
        case .updated: report.runsUpdated += 1
        case .duplicate: report.duplicates += 1
        case .conflict(let conflict): bad.append(BadUsageLine(number: number, fault: .conflict(conflict)))
        case .refused(let refusal): bad.append(BadUsageLine(number: number, fault: .refused(refusal)))
        }
      }
    }
    bad.sort { $0.number < $1.number }
    tenants.removeAll(keepingCapacity: true)
    writes.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    self.bad.removeAll(keepingCapacity: true)
    count = 0
    return bad
  }

  func failure(_ reason: UsageImportError.Reason) -> UsageImportError {
    UsageImportError(reason: reason, report: report)
  }

  private mutating func count(recorded write: UsageWrite) {
    switch write {
    case .run, .start: report.runsRecorded += 1
    case .event(let priced):
      report.eventsRecorded += 1
      if priced.cost.pricing == .unpriced { report.eventsUnpriced += 1 }
    }
  }
}
