import Foundation
import SaaSCore
import TenancyKit
import UsageKit

/// Records four months of runs and events from the shipped file, with what each event cost by the shipped rate card. Some
/// lines come twice and some late; a later run finds all of them recorded.
@Sendable func importUsage(_ quickstart: Quickstart) async throws {
  let importer = UsageImporter(
    tenants: quickstart.stores.tenants, usage: quickstart.stores.usage, pricing: try rateCard(),
    clock: SystemWallClock())
  let bad = BadLines()
  let report = try await importer.importFile(
    at: Quickstart.shippedPath("usage.ndjson"), format: .ndjson, onBadLine: { bad.add($0) })
  let summary = ImportSummary(report, badLines: bad.all)
  quickstart.report.section("Usage", key: "usage", summary) {
    [
      "\(report.lines) lines read",
      "\(report.runsRecorded) runs recorded, \(report.runsUpdated) brought further by a later line",
      "\(report.eventsRecorded) events recorded, \(report.eventsUnpriced) of a model without a price",
      "\(report.duplicates) duplicates",
      "\(report.bad) lines of no tenant"
        + (bad.all.first.map { ", the first in line \($0.number): \($0.fault)" } ?? ""),
    ]
  }
}

/// The prices by which events get their cost.
private func rateCard() throws -> RateCard {
  let file = "rates.json"
  let json = Array(try Quickstart.textFile(Quickstart.shippedPath(file, in: "Config")).utf8)
  do {
    return try RateCard(json: json)
  } catch {
    throw QuickstartError.invalid(file: file, problem: "\(error.path): \(error.reason)")
  }
}

/// The bad lines of an import.
private final class BadLines: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var lines: [BadUsageLine] = []

  func add(_ line: BadUsageLine) { lock.withLock { lines.append(line) } }
  var all: [BadUsageLine] { lock.withLock { lines } }
}

private struct ImportSummary: Encodable, Sendable {
  let lines: Int
  let runsRecorded: Int
  let runsUpdated: Int
  let eventsRecorded: Int
  let eventsUnpriced: Int
  let duplicates: Int
  let badLines: [BadLine]

  struct BadLine: Encodable, Sendable {
    let number: Int
    let reason: String
  }

  init(_ report: UsageImportReport, badLines: [BadUsageLine]) {
    lines = report.lines
    runsRecorded = report.runsRecorded
    runsUpdated = report.runsUpdated
    eventsRecorded = report.eventsRecorded
    eventsUnpriced = report.eventsUnpriced
    duplicates = report.duplicates
    self.badLines = badLines.map { BadLine(number: $0.number, reason: "\($0.fault)") }
  }
}
