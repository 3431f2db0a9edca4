#if os(Linux) || os(macOS)
  import Foundation
  import Testing

  /// The attempts of `Tests/ContextForgery`, each given to the compiler against the modules that were built for these
  /// tests. The package itself, with a control that must compile, is built by `Tests/ContextForgery/check`.
  @Suite struct ContextForgeryTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "ContextForgery")

    static var attempts: [String] {
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Attempts").path)
      return (files ?? []).filter { $0.hasSuffix(".swift") }.sorted()
    }

    @Test func `there are attempts to make, decode and copy together a context`() {
      #expect(Self.attempts.count >= 13)
    }

    @Test(.enabled(if: modules != nil), arguments: attempts)
    func `the compiler refuses the attempt, and says why`(attempt: String) throws {
      let file = Self.folder.appending(path: "Attempts/\(attempt)")
      let first = try String(contentsOf: file, encoding: .utf8).prefix { $0 != "\n" }
      let expected = try #require(first.wholeMatch(of: /\/\/ expect: (.+)/)?.output.1)
      let (status, output) = try Self.typecheck(file)
      #expect(status != 0, "\(attempt) compiles")
      let errors = output.split(separator: "\n").filter { $0.contains("error:") }
      #expect(errors.contains { $0.contains(expected) }, "\(output)")
    }

    @Test(.enabled(if: modules != nil))
    func `the compiler takes what is allowed`() throws {
      let (status, output) = try Self.typecheck(Self.folder.appending(path: "Control/Control.swift"))
      #expect(status == 0, "\(output)")
    }

    /// The folder of the modules that were built with these tests.
    private static var modules: URL? {
      var folder = Bundle.main.bundleURL
      for _ in 0..<4 {
        let modules = folder.appending(path: "Modules")
        if FileManager.default.fileExists(atPath: modules.appending(path: "TenancyKit.swiftmodule").path) {
          return modules
        }
        folder.deleteLastPathComponent()
      }
      return nil
    }

    private static func typecheck(_ file: URL) throws -> (Int32, String) {
      let modules = try #require(Self.modules)
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [
        "swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-I", modules.path, file.path,
      ]
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
  }
#endif
