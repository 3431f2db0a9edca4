import Foundation
import SaaSCore
import Testing

@testable import GalleryServer

@Suite("Two servers on one file") struct CrashTests {
  private let secret = "a key of more than thirty-two bytes, for tests"

  @Test("one of two servers is killed under load, and nothing that was acknowledged is lost or doubled")
  func kill() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let database = folder.appending(path: "gallery.sqlite").path
    try ServerProcess.command([
      "tenant", "create", "--database", database, "--platform", "localhost", "--org", "org_a", "a",
    ])
    let catalog = folder.appending(path: "catalog.json").path
    try #"{"version":1,"defaultPlan":"free","plans":[{"id":"free"}]}"#.write(
      toFile: catalog, atomically: true, encoding: .utf8)
    let first = try await ServerProcess.start(database: database, catalog: catalog, secret: secret)
    let second = try await ServerProcess.start(database: database, catalog: catalog, secret: secret)
    defer { first.kill(); second.kill() }
    let key = try #require(await TokenKey(secret: secret))
    let token = try await key.token(
      for: Membership(userID: UserID("ada"), organizationID: OrgID("org_a"), role: .owner),
      until: SystemWallClock().now() + .seconds(600))
    let run = try await first.client.call(
      "POST", "/api/runs", host: "a.localhost", token: token, body: #"{"workflow":"w","runId":"r"}"#)
    #expect(run.status == 201)

    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for number in 0..<60 {
            let name = "s\(worker)-\(number)"
            // The first server dies half-way; whoever gets no answer asks the second one.
            for client in [first.client, second.client] {
              guard
                let answer = try? await client.call(
                  "POST", "/api/runs/r/steps", host: "a.localhost", token: token, body: step(name)),
                answer.status == 200 || answer.status == 201
              else { continue }
              if await tally.acknowledge(name) == 150 { first.kill() }
              break
            }
          }
        }
      }
      try await group.waitForAll()
    }
    first.kill()
    #expect(await tally.acknowledged.count == 480)
    #expect(!first.isRunning)
    let costs = try await second.client.call(
      "GET", "/api/admin/costs?window=7", host: "a.localhost", token: token
    ).json["total"]
    #expect(costs["events"]["value"].int == 480)
    #expect(costs["costUSD"].string == "2.4")
    // Another server takes the dead one's place on the same file.
    let third = try await ServerProcess.start(database: database, catalog: catalog, secret: secret)
    defer { third.kill() }
    let again = try await third.client.call(
      "POST", "/api/runs/r/steps", host: "a.localhost", token: token, body: step("s0-0"))
    #expect(again.status == 200)
    #expect(third.terminate() == 0)
  }

  @Test("a server in use ends with status 0 when it is asked to")
  func graceful() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let catalog = folder.appending(path: "catalog.json").path
    try #"{"version":1,"defaultPlan":"free","plans":[{"id":"free"}]}"#.write(
      toFile: catalog, atomically: true, encoding: .utf8)
    let server = try await ServerProcess.start(
      database: folder.appending(path: "g.sqlite").path, catalog: catalog, secret: secret)
    #expect(try await server.client.call("GET", "/healthz", host: "x").status == 200)
    let names = ["outbox_oldest_seconds", "billing_unsettled_oldest_seconds", "index_age_seconds", "rollup_last"]
    var metrics = ""
    for _ in 0..<600 {
      metrics = try await server.client.call("GET", "/metrics", host: "x").text
      if names.allSatisfy({ metrics.contains("gallery_\($0) ") }) { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    for name in names { #expect(metrics.contains("gallery_\(name) "), "\(metrics)") }
    #expect(server.terminate() == 0)
  }
}

/// The steps that some server said it has.
private actor Tally {
  private(set) var acknowledged: Set<String> = []

  func acknowledge(_ name: String) -> Int {
    acknowledged.insert(name)
    return acknowledged.count
  }
}

/// A `gallery serve` of its own.
final class ServerProcess: Sendable {
  let client: Client
  private let process: ProcessBox

  private init(_ process: Process, port: Int) {
    self.process = ProcessBox(process)
    client = Client(port: port)
  }

  /// The command, which is built beside the tests.
  static var executable: URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
    return (bundle ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent().appending(path: "gallery")
  }

  static func command(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw RunningServer.Failure("\(arguments) failed") }
  }

  static func start(
    database: String, catalog: String, secret: String, arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> ServerProcess {
    let process = Process()
    let output = Pipe()
    let card = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "rate-card.json").path
    process.executableURL = executable
    process.arguments =
      [
        "serve", "--database", database, "--platform", "localhost", "--catalog", catalog, "--rate-card", card, "--port",
        "0",
      ] + arguments
    process.environment = environment.merging(["GALLERY_TOKEN_KEY": secret]) { first, _ in first }
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw RunningServer.Failure("the server did not start") }
      line += String(decoding: data, as: UTF8.self)
    }
    guard let port = line.split(separator: "\n").first?.split(separator: ":").last.flatMap({ Int($0) }) else {
      throw RunningServer.Failure("no port in \(line)")
    }
    return ServerProcess(process, port: port)
  }

  var isRunning: Bool { process.process.isRunning }

  func kill() {
    guard process.process.isRunning else { return }
    _ = Foundation.kill(process.process.processIdentifier, SIGKILL)
    process.process.waitUntilExit()
  }

  func terminate() -> Int32 {
    process.process.terminate()
    process.process.waitUntilExit()
    return process.process.terminationStatus
  }

  private final class ProcessBox: @unchecked Sendable {
    let process: Process
    init(_ process: Process) { self.process = process }
  }
}
