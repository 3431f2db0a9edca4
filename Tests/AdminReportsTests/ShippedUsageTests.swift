import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// The reports over the usage file that the quickstart ships, beside figures that a script computes from the raw lines.
@Suite struct ShippedUsageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let usageFile = root.appending(path: "Examples/Quickstart/Data/usage.ndjson").path
  private static let ratesFile = root.appending(path: "Examples/Quickstart/Config/rates.json").path
  private static let folder = root.appending(path: "Tests/AdminReportsTests")
  private static let now = Timestamp(seconds: 1_746_041_863)

  private static func committed() throws -> String {
    String(decoding: try Data(contentsOf: folder.appending(path: "Figures/figures.tsv")), as: UTF8.self)
  }

  @Test("reports over the shipped usage are what a script makes of the raw file, group by group")
  func figures() async throws {
    let expected = try Self.committed().split(separator: "\n").map { $0.components(separatedBy: "\t") }
    let tenants = TestTenants()
    let store = InMemoryUsageStore()
    let rates = try RateCard(json: Array(try Data(contentsOf: URL(fileURLWithPath: Self.ratesFile))))
    let organizations = Set(expected.map { $0[1] }).sorted()
    var contexts: [String: TenantContext] = [:]
    for (index, organization) in organizations.enumerated() {
      contexts[organization] = try await tenants.context("team-\(index)", organization: organization)
    }
    let importer = UsageImporter(
      tenants: tenants.store, usage: store, pricing: rates, clock: ManualClock(Self.now + .seconds(86_400)))
    let outcome = try await importer.importFile(at: Self.usageFile, format: .ndjson)
    #expect(outcome.bad == 0)

    let dashboard = AdminDashboard(tenants: tenants.store, usage: store)
    let byOrganization = Dictionary(grouping: expected) { $0[1] }
    for organization in organizations {
      let tenant = try #require(contexts[organization])
      let owner = try tenants.member(of: tenant)
      let page = try await dashboard.page(.last90Days, for: tenant, as: owner, at: Self.now)
      let lines = byOrganization[organization] ?? []
      let hasDays = lines.contains { $0[2] == "day" }
      Self.compare(Self.runs(page.usage, days: hasDays), with: lines.filter { $0[0] == "runs" }, isRuns: true)
      Self.compare(Self.events(page.costs, days: hasDays), with: lines.filter { $0[0] == "events" }, isRuns: false)
    }
  }

  @Test(
    "the committed figures are what the script writes",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "needs python3"))
  func script() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [Self.folder.appending(path: "Scripts/figures.py").path, Self.usageFile, Self.ratesFile]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: data, as: UTF8.self) == (try Self.committed()))
  }

  private typealias Groups = [String: [Int64?]]

  private static func compare(_ groups: Groups, with lines: [[String]], isRuns: Bool) {
    #expect(groups.count == lines.count, "\(lines.first?[1] ?? "")")
    for line in lines {
      let name = line[2] + "/" + line[3]
      let comment = Comment(rawValue: "\(line[0]) of \(line[1]), \(name)")
      guard let figures = groups[name] else {
        Issue.record("no \(line[0]) of \(line[1]), \(name)")
        continue
      }
      let expected = line.dropFirst(4).map { Int64($0) }
      guard isRuns else {
        #expect(figures == expected, comment)
        continue
      }
      #expect(Array(figures.prefix(9)) == Array(expected.prefix(9)), comment)
      // Percentiles are promised within one percent; the script has the exact ones.
      for (figure, exact) in zip(figures.dropFirst(9), expected.dropFirst(9)) {
        #expect(abs((figure ?? -1) - (exact ?? -1)) * 100 <= (exact ?? 0), comment)
      }
    }
  }

  private static func runs(_ section: UsageSection, days: Bool) -> Groups {
    var groups: Groups = [:]
    func add(_ name: String, _ figures: RunFigures) {
      guard figures.runs.value > 0 else { return }
      let counts = [
        figures.runs, figures.finished, figures.succeeded, figures.failed, figures.cancelled, figures.abandoned,
        figures.running, figures.withArtifacts,
      ].map { Int64?($0.value) }
      let duration = figures.duration
      groups[name] =
        counts + [duration?.averageMilliseconds, duration?.medianMilliseconds, duration?.percentile95Milliseconds]
    }
    add("total/", section.total)
    add("before/", section.before)
    for user in section.users { add("user/\(user.userID)", user.figures) }
    for workflow in section.workflows { add("workflow/\(workflow.workflow)", workflow.figures) }
    if days { for day in section.days { add("day/\(day.day.day)", day.figures) } }
    return groups
  }

  private static func events(_ section: CostSection, days: Bool) -> Groups {
    var groups: Groups = [:]
    func add(_ name: String, _ figures: EventFigures) {
      guard figures.events.value > 0 else { return }
      groups[name] = [
        figures.events.value, figures.promptTokens, figures.cachedPromptTokens, figures.cacheWritePromptTokens,
        figures.completionTokens, Int64(exactly: figures.costUSD.totalPicos), figures.unpriced.value,
        figures.partlyUnpriced.value,
      ]
    }
    add("total/", section.total)
    add("before/", section.before)
    for user in section.users { add("user/\(user.userID?.rawValue ?? "")", user.figures) }
    for workflow in section.workflows { add("workflow/\(workflow.workflow?.rawValue ?? "")", workflow.figures) }
    for model in section.models { add("model/\(model.provider)/\(model.model)", model.figures) }
    if days { for day in section.days { add("day/\(day.day.day)", day.figures) } }
    return groups
  }
}
