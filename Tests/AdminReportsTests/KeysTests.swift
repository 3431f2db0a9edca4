import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import Testing

/// The keys of reports in JSON, which readers depend on.
@Suite struct KeysTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// Every path through the reports with the kind of value at its end, one a line.
  private static func written() async throws -> Set<String> {
    var lines: Set<String> = []
    func collect(_ value: Any, _ path: String) {
      switch value {
      case let object as [String: Any]:
        for (key, inner) in object { collect(inner, path.isEmpty ? key : path + "." + key) }
      case let list as [Any]: for inner in list { collect(inner, path + "[]") }
      case is String: lines.insert(path + " text")
      case let number as NSNumber:
        lines.insert(path + (isBoolean(number) ? " boolean" : " number"))
      default: lines.insert(path + " nothing")
      }
    }
    func collect(_ report: some Encodable, _ name: String) throws {
      collect(try JSONSerialization.jsonObject(with: Data(try ReportJSON.encode(report))), name)
    }
    let full = try await SamplePages.full()
    for page in [full, try SamplePages.warned(full), try await SamplePages.empty(), try await SamplePages.hostile()] {
      try collect(page, "page")
    }
    var usage = try await RandomUsage(seed: 9)
    try await usage.record(40)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let page = try await dashboard.page(.last30Days, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
    for query in [page.usage.total.runs.audit, page.costs.total.events.audit] {
      try collect(
        try await dashboard.audit(query, limit: PageLimit(25), for: usage.tenant, as: usage.owner), "rows")
    }
    return lines
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    number === (true as NSNumber) || number === (false as NSNumber)
  }

  @Test("reports in JSON have the keys that are committed, each with its kind of value")
  func keys() async throws {
    let file = Self.folder.appending(path: "Figures/report-keys.txt")
    let committed = Set(
      String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self).split(separator: "\n").map(String.init))
    let written = try await Self.written()
    #expect(written.subtracting(committed).sorted() == [], "new keys")
    #expect(committed.subtracting(written).sorted() == [], "keys that are gone")
    if let path = ProcessInfo.processInfo.environment["REPORT_KEYS_FILE"] {
      try Data((written.sorted().joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
  }

  @Test("every key is in the documentation")
  func documented() async throws {
    let article = Self.folder.deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Sources/AdminReports/AdminReports.docc/AdminReports.md")
    let text = String(decoding: try Data(contentsOf: article), as: UTF8.self)
    let keys = Set(
      try await Self.written().flatMap { line in
        line.prefix { $0 != " " }.split(separator: ".").dropFirst().map { $0.replacing("[]", with: "") }
      })
    #expect(keys.filter { !text.contains("`\($0)`") }.sorted() == [])
  }
}
