import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

/// Pages in a real browser, where one is installed with what `Scripts/check-page.py` needs.
///
/// `PAGE_CHECK_SCREENSHOTS` names a folder that keeps what the browser saw.
@Suite struct BrowserTests {
  /// The interpreter that has the script's packages: `PAGE_CHECK_PYTHON`, else the system's.
  private static let python = ProcessInfo.processInfo.environment["PAGE_CHECK_PYTHON"] ?? "/usr/bin/python3"

  private static var isPossible: Bool {
    guard FileManager.default.isExecutableFile(atPath: python) else { return false }
    return (try? run(["-c", "import html5lib, axe_playwright_python.sync_playwright"]).status) == 0
  }

  @Test(
    "full, hostile, empty and right-to-left pages are valid HTML, pass axe-core, and never scroll sideways",
    .enabled(if: isPossible, "needs python3 with html5lib and axe-playwright-python"))
  func pages() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let long = String(repeating: "<b>&\u{202e}W", count: 2_000)
    let mirrored = try PageLanguage(
      tag: "ar", isRightToLeft: true, numbers: PageLanguage.english.numbers, dates: PageLanguage.english.dates,
      texts: PageLanguage.englishTexts)
    let hostile = try await SamplePages.hostile()
    let full = try await SamplePages.full()
    func options(_ name: String, _ language: PageLanguage = .english) -> PageOptions {
      PageOptions(
        organizationName: name, language: language, portalLink: "/billing/portal", auditLink: { "/audit?\($0.text)" })
    }
    let pages = [
      ("full", full, options("Gallery of the North")),
      ("full-90-days", try await SamplePages.full(.last90Days), options("Gallery of the North")),
      ("full-mirrored", full, options("Gallery of the North", mirrored)),
      ("hostile", hostile, options(long)),
      ("hostile-mirrored", hostile, options(long, mirrored)),
      ("empty", try await SamplePages.empty(), options("A")),
      ("first-day", try await SamplePages.firstDay(), options("A")),
      ("quiet", try await SamplePages.quiet(), options("A")),
    ]
    var files: [String] = []
    for (name, page, options) in pages {
      let file = folder.appending(path: name + ".html")
      try Data(page.html(options).utf8).write(to: file)
      files.append(file.path)
    }
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Scripts/check-page.py")
    let kept = ProcessInfo.processInfo.environment["PAGE_CHECK_SCREENSHOTS"].map { ["--screenshots", $0] } ?? []
    let outcome = try Self.run([script.path] + kept + files)
    if outcome.status == 77 { return }  // no browser
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
