import AdminReports
import BillingKit
import Foundation
import SaaSCore
import TenancyKit

/// Writes what the owner of the busiest organisation sees of the imported usage, as it was on the last of its days: the
/// page for 7, 30 and 90 days, the report in JSON, and every table in CSV.
@Sendable func writeReports(_ quickstart: Quickstart) async throws {
  guard let tenant = try await quickstart.stores.tenants.context(slug: Slug("the-orchard")) else { return }
  let owner = Membership(userID: try UserID("user_1"), organizationID: tenant.organizationID, role: .owner)
  let dashboard = AdminDashboard(
    tenants: quickstart.stores.tenants, usage: quickstart.stores.usage,
    billing: AdminDashboard.Billing(
      store: quickstart.stores.billing, rules: EntitlementRules(catalog: try Quickstart.planCatalog())))
  let folder = try ReportFolder(quickstart.arguments)
  for (count, window) in [(7, ReportWindow.last7Days), (30, .last30Days), (90, .last90Days)] {
    let page = try await dashboard.page(window, for: tenant, as: owner, at: lastOfShippedUsage)
    let options = PageOptions(
      organizationName: "Orchard Archive", portalLink: "/billing/portal", windowLink: ReportFolder.pageName)
    try folder.write(page.html(options), as: ReportFolder.pageName(days: count))
    guard window == .last30Days else { continue }
    try folder.write(String(decoding: try ReportJSON.encode(page), as: UTF8.self), as: "report.json")
    for table in page.csvTables { try folder.write(table.text, as: table.name + ".csv") }
  }
  let summary = ReportSummary(tenant: tenant.slug, folder: folder.path, files: folder.files)
  quickstart.report.section("Reports", key: "reports", summary) {
    [
      "usage, costs, plan and domains of \(tenant.slug), as its owner sees them on the last day of the imported usage",
      "page:   \(folder.path)/\(ReportFolder.pageName(days: 30))",
      "JSON:   \(folder.path)/report.json",
      "tables: " + folder.files.filter { $0.hasSuffix(".csv") }.joined(separator: ", "),
    ]
  }
}

/// An instant of 2025-04-30, the last day of the shipped usage.
private let lastOfShippedUsage = Timestamp(seconds: 1_746_041_863)

/// The folder that takes the reports.
private final class ReportFolder {
  let path: String
  private(set) var files: [String] = []

  /// The folder that was asked for, else one beside the database.
  init(_ arguments: Arguments) throws {
    let beside = URL(fileURLWithPath: arguments.database).deletingLastPathComponent().appending(
      path: "quickstart-reports")
    path = arguments.output.map { URL(fileURLWithPath: $0).path } ?? beside.path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw QuickstartError.unwritable(path)
    }
  }

  static let pageName: @Sendable (Int) -> String = { $0 == 30 ? "dashboard.html" : "dashboard-\($0)-days.html" }

  static func pageName(days count: Int) -> String { pageName(count) }

  func write(_ text: String, as name: String) throws {
    let file = "\(path)/\(name)"
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw QuickstartError.unwritable(file)
    }
    files.append(name)
  }
}

private struct ReportSummary: Encodable, Sendable {
  let tenant: Slug
  let folder: String
  let files: [String]
}
