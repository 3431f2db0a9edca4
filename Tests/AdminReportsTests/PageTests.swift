import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite struct PageTests {
  private func page(organizationName: String = "Team A") async throws -> (html: String, page: DashboardPage) {
    let page = try await SamplePages.hostile()
    let options = PageOptions(
      organizationName: organizationName, portalLink: "javascript:alert(1)", auditLink: { "/audit?\($0.text)" })
    return (page.html(options), page)
  }

  @Test("nothing that somebody chose is markup, a script or a link that runs one")
  func hostileNames() async throws {
    let long = String(repeating: "<b>&", count: 2_500)
    let html = try await page(organizationName: long).html
    for piece in ["<script", "<img", "onerror=alert(1)>", "<svg onload", "javascript:", "<b>", "<!--", "]]>"] {
      #expect(!html.contains(piece), "\(piece)")
    }
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!html.contains(String(repeating: "W", count: 200) + "</bdi>"))
    #expect(html.contains("<bdi>مرحبا بالعالم</bdi>"))
    #expect(!html.contains("=\"http") && !html.contains("url("))
  }

  @Test("the page holds no script and nothing from elsewhere, and every element is closed in its place")
  func selfContained() async throws {
    let html = try await page().html
    #expect(!html.contains("<link") && !html.contains("@import") && !html.contains("src=\""))
    let parser = XMLParserCheck(html)
    #expect(parser.problem == nil)
    #expect(html.contains("<html lang=\"en\" dir=\"ltr\">"))
    #expect(html.components(separatedBy: "<h1>").count == 2)
  }

  @Test("an organisation's first day explains itself instead of showing empty tables")
  func emptyState() async throws {
    let usage = try await RandomUsage(seed: 5)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let page = try await dashboard.page(.last30Days, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
    let html = page.html(PageOptions(organizationName: "New"))
    #expect(html.contains(PageLanguage.english.text(.emptyUsage)))
    #expect(html.contains(PageLanguage.english.text(.emptyDomains)))
    #expect(!html.contains("<table>"))
    #expect(page.usage.days.count == 30)
    #expect(page.usage.total.successRate == nil)
  }

  @Test("a cell that a spreadsheet would compute begins with an apostrophe; quotes and commas are quoted")
  func formulas() async throws {
    let tables = try await page().page
    let text = (tables.usage.csvTables + tables.costs.csvTables).map(\.text).joined()
    let cells = text.split(whereSeparator: { $0 == "\r\n" }).flatMap { $0.split(separator: ",") }
    for cell in cells {
      let first = cell.drop { $0 == "\"" }.first
      #expect(!(first.map { "=+@".contains($0) } ?? false), "\(cell)")
    }
    #expect(text.contains("\"'=HYPERLINK(\"\"http://evil\"\")\""))
    #expect(text.contains("'-2+3"))
    #expect(text.contains("\"a,b\"\"c\""))
  }

  @Test("a page in JSON is read back as the same page, with money as text and days and instants as ISO 8601")
  func json() async throws {
    let page = try await page().page
    let bytes = try ReportJSON.encode(page)
    #expect(try JSONDecoder().decode(DashboardPage.self, from: Data(bytes)) == page)
    let root = try JSONDocument(bytes).root
    #expect(root["costs"]?["total"]?["costUSD"]?.string == "17283950.461728395046")
    #expect(root["usage"]?["window"]?["dayCount"]?.int64 == 7)
    #expect(root["usage"]?["window"]?["isPartial"]?.bool == true)
  }

  @Test("another language's words reach every part of the page; one with words missing is refused")
  func language() async throws {
    var texts = PageLanguage.englishTexts
    for phrase in Phrase.allCases { texts[phrase] = "⟪\(phrase.rawValue)⟫ {0} {1} {2}" }
    let dates = try #require(
      PageLanguage.DateStyle(months: (1...12).map { "m\($0)" }, full: "{2}.{1}.{0}", short: "{1}.{0}"))
    let language = try PageLanguage(
      tag: "x-test", isRightToLeft: true,
      numbers: PageLanguage.NumberStyle(groupingSeparator: ".", decimalSeparator: ","), dates: dates, texts: texts)
    let html = try await page().page.html(PageOptions(organizationName: "A", language: language))
    #expect(html.contains("dir=\"rtl\"") && html.contains("lang=\"x-test\""))
    for phrase in [Phrase.runs, .spend, .byUser, .byModel, .domains, .asOf, .dailyRuns] {
      #expect(html.contains("⟪\(phrase.rawValue)⟫"))
    }
    #expect(!html.contains(">Runs<") && !html.contains(">User<") && !html.contains(">Day<"))
    texts[.runs] = nil
    let error = #expect(throws: PageLanguage.MissingPhrases.self) {
      try PageLanguage(
        tag: "x", numbers: PageLanguage.english.numbers, dates: PageLanguage.english.dates, texts: texts)
    }
    #expect(error?.phrases == [.runs])
  }
}

/// Whether a page's elements nest as they should: every start tag has its end tag, void elements aside.
struct XMLParserCheck {
  private(set) var problem: String?

  init(_ html: String) {
    let void: Set<Substring> = ["meta", "!doctype", "wbr"]
    var open: [Substring] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      guard let end = rest[start...].firstIndex(of: ">") else {
        problem = "a tag without an end"
        return
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else {
          problem = "</\(tag.dropFirst())> closes nothing"
          return
        }
        continue
      }
      let name = tag.prefix { $0 != " " }
      if !void.contains(name) { open.append(name) }
    }
    if !open.isEmpty { problem = "left open: \(open)" }
  }
}
