import Foundation
import SaaSCore
import TenancyKit
import Testing

@Suite struct ReadmeTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func `the first example serves the tenant that it created`() async throws {
    let answer = try await readmeExample(at: Timestamp(seconds: 1_750_000_000)) { "1" }
    guard case .page(let tenant) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(tenant.slug.rawValue == "team-a")
    #expect(tenant.tenantID.rawValue == "tnt_1")
  }

  @Test func `the README's Swift is what is compiled here`() throws {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let source = try String(contentsOf: Self.tests.appending(path: "ReadmeExample.swift"), encoding: .utf8)
    func lines(_ text: some StringProtocol) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        .joined(separator: "\n")
    }
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count == 3)
    // The second is a line of a manifest.
    for block in [blocks.first, blocks.last].compactMap(\.self) {
      #expect(lines(source).contains(lines(block)), "\(block)")
    }
  }
}
