import BillingKit
import Foundation
import SaaSCore
import TenancyKit
import Testing
import UsageKit

@Suite struct DocumentationTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()

  /// The README and every article of the kits, by their paths in the repository.
  private static let documents: [String] = {
    let sources = root.appending(path: "Sources").path
    let articles = FileManager.default.enumerator(atPath: sources)?.compactMap { $0 as? String } ?? []
    return ["README.md"] + articles.filter { $0.hasSuffix(".md") }.sorted().map { "Sources/" + $0 }
  }()

  /// Without indentation and empty lines.
  private static func lines(_ text: some StringProtocol) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private static func read(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test(arguments: documents) func `the Swift of a document is compiled here`(document: String) throws {
    let files = try FileManager.default.contentsOfDirectory(at: Self.tests, includingPropertiesForKeys: nil)
    let compiled = Self.lines(
      try files.filter { $0.lastPathComponent.hasSuffix("Examples.swift") }.map(Self.read).joined(separator: "\n"))
    let blocks = try Self.read(Self.root.appending(path: document)).components(separatedBy: "```swift\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    // A line of a manifest is no code of an application.
    for block in blocks where !block.hasPrefix(".product(") {
      #expect(compiled.contains(Self.lines(block)), "\(block)")
    }
  }

  @Test func `the articles are found`() {
    #expect(Self.documents.count > 10)
  }

  @Test func `a request finds the tenant that was created`() async throws {
    let answer = try await servingTenants(at: Timestamp(seconds: 1_750_000_000)) { "1" }
    guard case .page(let tenant) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(tenant.slug.rawValue == "team-a")
    #expect(tenant.tenantID.rawValue == "tnt_1")
  }

  @Test func `work is recorded within the plan's cap, and its cost is exact`() async throws {
    let recorded = try await recordingUsage(of: Shop())
    #expect(recorded.run.outcome == .succeeded)
    #expect(recorded.costUSD == "0.005")
  }

  @Test func `a plan is bought, and its webhooks say what is allowed`() async throws {
    let shop = try await Shop()
    #expect(try await sellingPlans(in: shop).plan.id == .pro)
  }

  @Test func `the owner's page is written`() async throws {
    #expect(try await showingReports(of: Shop()).contains("Emperor Gallery"))
  }
}
