import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import Testing

@Suite struct LinkTests {
  private static func page() async throws -> DashboardPage {
    let usage = try await RandomUsage(seed: 8)
    return try await AdminDashboard(tenants: usage.tenants.store, usage: usage.store).page(
      .last7Days, for: usage.tenant, as: usage.owner, at: RandomUsage.now)
  }

  @Test(
    "a path, a query, a fragment, or an address with http or https is a link",
    arguments: [
      "/billing", "?window=7", "#top", "reports/7", "https://a.example/x?y=1", "HTTP://a.example", "./a:b", "/a:b",
      "?to=a:b", "",
    ])
  func links(link: String) async throws {
    #expect(try await Self.page().html(options(link)).contains("href=\"\(link)\""))
  }

  @Test(
    "anything else is no link, so that nothing in it is followed or run",
    arguments: [
      "javascript:alert(1)", "JavaScript:alert(1)", "  javascript:alert(1)", "java\tscript:alert(1)",
      "java\nscript:alert(1)", "\u{1}javascript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:a@b",
      "//evil.example",
      " //evil.example", "/\\evil.example", "\\\\evil.example", "x:y", "\u{7f}/a", "https\u{0}://a",
    ])
  func refused(link: String) async throws {
    let html = try await Self.page().html(options(link))
    #expect(!html.contains("evil") && !html.contains("javascript:") && !html.contains("data:"))
    #expect(html.components(separatedBy: "href=").count == 2)
  }

  @Test("a link's quotes and angle brackets are escaped")
  func escaped() async throws {
    let html = try await Self.page().html(options("/a\"><script>&'"))
    #expect(html.contains("href=\"/a&quot;&gt;&lt;script&gt;&amp;&#39;\""))
  }

  private func options(_ link: String) -> PageOptions {
    PageOptions(organizationName: "A", windowLink: { _ in link })
  }
}
