import Foundation
import LoopbackServer
import SaaSCore
import Testing

/// Stripe's own Python SDK, as an oracle where it is installed.
///
/// `STRIPE_SDK` names the folder of the current one and `STRIPE_SDK_BEFORE_BASIL` that of one from before 2025-03-31
/// (`pip install --target FOLDER stripe==16.1.0`, `stripe==11.6.0`); without the first, Python's usual places are looked in.
@Suite struct StripeSDKTests {
  struct SDK: Sendable {
    let path: String?

    static let current = SDK(path: ProcessInfo.processInfo.environment["STRIPE_SDK"])
    static let beforeBasil = SDK(path: ProcessInfo.processInfo.environment["STRIPE_SDK_BEFORE_BASIL"])

    var isThere: Bool { (try? run(["-c", "import stripe, sys; sys.exit(0 if stripe.VERSION else 1)"]))?.status == 0 }

    func check(_ arguments: [String]) throws -> (status: Int32, output: String) {
      let script = Bundle.module.bundleURL.appendingPathComponent("Scripts/check_stripe_shapes.py").path
      return try run([script] + arguments)
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3"] + arguments
      if let path {
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONPATH": path]) { _, new in new }
      }
      let pipe = Pipe()
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
  }

  private func file(_ value: some Encodable) throws -> URL {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("stripe-\(UUID()).json")
    try JSONEncoder().encode(value).write(to: url)
    return url
  }

  private struct SentCall: Encodable {
    let method: String
    let path: String
    let names: [String]
  }

  @Test(.enabled(if: SDK.current.isThere)) func `every parameter that is sent is one of its call`() async throws {
    var calls: [SentCall] = []
    for call in StripeCall.all {
      let answer = try call.answer()
      let server = try LoopbackServer { _ in StripeFixture.answer(answer) }
      try await call.perform(StripeFixture.configuration(server))
      for request in server.requests {
        let names = (request.query + request.form).map(\.name)
        calls.append(SentCall(method: request.method, path: request.path, names: names))
      }
    }
    let good = try file(calls)
    let bad = try file([SentCall(method: "POST", path: "/v1/customers", names: ["emial", "metadata[a]"])])
    defer { for url in [good, bad] { try? FileManager.default.removeItem(at: url) } }
    let answer = try SDK.current.check(["parameters", good.path])
    #expect(answer.status == 0, "\(answer.output)")
    // The check itself can fail.
    let failure = try SDK.current.check(["parameters", bad.path])
    #expect(failure.status == 1 && failure.output.contains("emial") && !failure.output.contains("metadata"))
  }

  private func fixtures(beforeBasil: Bool) throws -> [String] {
    try FileManager.default.contentsOfDirectory(at: StripeFixture.folder, includingPropertiesForKeys: nil)
      .map(\.path).filter { $0.hasSuffix(".json") && $0.contains("before-basil") == beforeBasil }.sorted()
  }

  @Test(.enabled(if: SDK.current.isThere)) func `every field of the fixtures is one of its object`() throws {
    let answer = try SDK.current.check(["fixtures"] + fixtures(beforeBasil: false))
    #expect(answer.status == 0, "\(answer.output)")
    let old = try SDK.current.check(["fixtures"] + fixtures(beforeBasil: true))
    #expect(old.status == 1 && old.output.contains("current_period_end is no field of Subscription"))
  }

  @Test(.enabled(if: SDK.beforeBasil.path != nil && SDK.beforeBasil.isThere))
  func `every field of the old fixtures is one of its object in an old SDK`() throws {
    let answer = try SDK.beforeBasil.check(["fixtures"] + fixtures(beforeBasil: true))
    #expect(answer.status == 0, "\(answer.output)")
  }

  @Test(.enabled(if: SDK.current.isThere)) func `the SDK believes our signatures`() throws {
    struct Signed: Encodable {
      let header: String
      let body: String
      let secret: String
    }
    let rows = ["", "{}", "{\"a\":\"ü€😀\"}", String(repeating: "x", count: 10_000)].map { body in
      let code = StripeWebhookTests.sign(Array(body.utf8), "whsec_a", at: "1750000000")
      return Signed(header: "t=1750000000,v1=\(code)", body: body, secret: "whsec_a")
    }
    let url = try file(rows)
    defer { try? FileManager.default.removeItem(at: url) }
    let answer = try SDK.current.check(["signatures", url.path])
    #expect(answer.status == 0, "\(answer.output)")
  }
}
