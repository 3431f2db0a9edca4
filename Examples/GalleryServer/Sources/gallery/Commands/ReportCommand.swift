internal import AdminReports
internal import ArgumentParser
internal import BillingKit
internal import Foundation
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// `gallery report`: an organisation's dashboard as JSON, CSV or a page.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Prints an organisation's usage, costs, billing and domains.",
    discussion: "CSV has the tables of usage and costs, an empty line between them. Billing needs --catalog.")

  @Option(help: "The SQLite file that the server uses.")
  var database = "gallery.sqlite"

  @Option(help: "The organisation.")
  var org: String

  @Option(help: "How many days: 7, 30 or 90.")
  var window = 30

  @Option(help: "The instant whose day is the last; now if left out.")
  var at: String?

  @Option(help: "json, csv or html.")
  var format = Format.json

  @Option(help: "The catalogue of plans.")
  var catalog: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, csv, html
  }

  func validate() throws {
    guard ReportWindow(lastDays: window) != nil else { throw ValidationError("--window is 7, 30 or 90") }
    guard (try? OrgID(org)) != nil else { throw ValidationError("--org is not an identifier") }
    _ = try Timestamp.option(at)
  }

  func run() async throws {
    guard let window = ReportWindow(lastDays: window) else { throw ValidationError("--window is 7, 30 or 90") }
    let now = try Timestamp.option(at)
    let organization = try OrgID(org)
    let rules = try catalog.map { path throws(CommandFailure) in
      EntitlementRules(catalog: try CatalogFile.read(path))
    }
    let options = try StoreOptions.parse(["--database", database])
    try await options.withStore { store in
      guard let tenant = try await store.context(organization: organization) else {
        throw CommandFailure("the organisation \(organization) has no tenant")
      }
      let dashboard = AdminDashboard(
        tenants: store, usage: store, billing: rules.map { AdminDashboard.Billing(store: store, rules: $0) })
      let page: DashboardPage
      do throws(ReportError) {
        page = try await dashboard.page(
          window, for: tenant, as: try Self.reader(of: organization), at: now)
      } catch {
        throw CommandFailure("the report cannot be made: \(error)")
      }
      try print(page, named: tenant.slug.rawValue)
    }
  }

  private static func reader(of organization: OrgID) throws(ReportError) -> Membership {
    do { return try Membership.ofOperator(in: organization) } catch { throw .refused(.notAMember) }
  }

  private func print(_ page: DashboardPage, named name: String) throws {
    switch format {
    case .json: FileHandle.standardOutput.write(Data(try ReportJSON.encode(page)) + Data("\n".utf8))
    case .csv: Output.text((page.usage.csvTables + page.costs.csvTables).map(\.text).joined(separator: "\r\n"))
    case .html: Output.text(page.html(PageOptions(organizationName: name, windowLink: { "?window=\($0)" })))
    }
  }
}
