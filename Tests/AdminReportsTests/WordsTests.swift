import AdminReports
import Foundation
import Testing

/// Pages in a language whose every text says which phrase it is.
@Suite struct WordsTests {
  private static func marked() throws -> PageLanguage {
    var texts: [Phrase: String] = [:]
    for phrase in Phrase.allCases {
      let places = (0..<5).filter { PageLanguage.english.text(phrase).contains("{\($0)}") }
      texts[phrase] = "⟦\(phrase.rawValue)⟧" + places.map { " {\($0)}" }.joined()
    }
    let dates = try #require(
      PageLanguage.DateStyle(months: (1...12).map { "m\($0)" }, full: "⟦{2}.{1}.{0}⟧", short: "⟦{1}.{0}⟧"))
    return try PageLanguage(
      tag: "x-test", isRightToLeft: true,
      numbers: PageLanguage.NumberStyle(groupingSeparator: "⟦⟧", decimalSeparator: "·"), dates: dates, texts: texts)
  }

  /// Pages that together say everything.
  private static func pages() async throws -> [DashboardPage] {
    let full = try await SamplePages.full()
    var pages = [
      full, try SamplePages.warned(full), try await SamplePages.empty(), try await SamplePages.firstDay(),
      try await SamplePages.quiet(),
    ]
    let statuses = ["active", "trialing", "past_due", "canceled", "incomplete", "unpaid", "paused", "other"]
    for (index, status) in statuses.enumerated() {
      pages.append(
        try full.editing { root in
          edit(&root, "billing") { billing in
            billing["status"] = status
            billing["source"] = ["subscription", "grant", "none"][index % 3]
          }
          edit(&root, "usage") { usage in
            edit(&usage, "total") { total in
              edit(&total, "duration") { duration in
                duration["medianMilliseconds"] = 5_000
                duration["percentile95Milliseconds"] = 7_200_000
              }
            }
          }
        })
    }
    // More users than a table shows, and none of them before.
    pages.append(
      try full.editing { root in
        edit(&root, "usage") { usage in
          usage["users"] = Array(repeating: (usage["users"] as? [Any])?.first ?? [:], count: 1_234)
        }
      })
    return pages
  }

  private static func edit(_ value: inout [String: Any], _ key: String, _ change: (inout [String: Any]) -> Void) {
    var inner = value[key] as? [String: Any] ?? [:]
    change(&inner)
    value[key] = inner
  }

  @Test("every text, number and date of a page comes from its language, and every phrase is said on some page")
  func everyText() async throws {
    let language = try Self.marked()
    var said: Set<String> = []
    for page in try await Self.pages() {
      let html = page.html(
        PageOptions(organizationName: "⟦A⟧", language: language, portalLink: "/p", auditLink: { "/a?\($0.text)" }))
      #expect(html.contains("<html lang=\"x-test\" dir=\"rtl\">"))
      let words = try Self.words(of: html)
      for match in words.matches(of: try Regex("⟦([a-zA-Z0-9]+)⟧", as: (Substring, Substring).self)) {
        said.insert(String(match.output.1))
      }
      let rest = words.replacing(try Regex("⟦[^⟧]*⟧"), with: "\u{1}").replacing(try Regex("·[0-9]+"), with: "")
      let foreign = rest.matches(of: try Regex("[\\p{L}]+|[0-9]{4,}|[0-9][.,][0-9]")).map { String(rest[$0.range]) }
      #expect(foreign == [], "texts that are not the language's")
    }
    #expect(Set(Phrase.allCases.map(\.rawValue)).subtracting(said) == [])
  }

  /// What a reader sees or hears of a page, without the names that somebody chose.
  private static func words(of html: String) throws -> String {
    var body = html.replacing(try Regex("(?s)<!doctype[^>]*>|<style>.*</style>"), with: "")
    body.replace(try Regex("<bdi[^>]*>.*?</bdi>"), with: "")
    body.replace(try Regex("\u{2068}[^\u{2069}]*\u{2069}"), with: "")
    let attributes = body.matches(
      of: try Regex("(?:aria-label|title|alt)=\"([^\"]*)\"", as: (Substring, Substring).self)
    )
    .map { String($0.output.1) }
    return (attributes + [body.replacing(try Regex("<[^>]*>"), with: " ")]).joined(separator: "\n")
  }
}
