import Foundation
import SaaSCore

@testable import GalleryServer

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
    database: String, catalog: String, secret: String, arguments: [String] = [], environment: [String: String] = [:],
    log: FileHandle = .nullDevice
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
    process.standardError = log
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

  /// Asks it to end.
  func ask() { process.process.terminate() }

  /// Waits until it has ended.
  func exitStatus() -> Int32 {
    process.process.waitUntilExit()
    return process.process.terminationStatus
  }

  func terminate() -> Int32 {
    ask()
    return exitStatus()
  }

  private final class ProcessBox: @unchecked Sendable {
    let process: Process
    init(_ process: Process) { self.process = process }
  }
}

/// A database that servers share, with a catalogue that limits nothing.
struct ServerPlace {
  private static let secret = "a key of more than thirty-two bytes, for tests"
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write(#"{"version":1,"defaultPlan":"free","plans":[{"id":"free"}]}"#, to: "catalog.json")
  }

  private func path(_ name: String) -> String { folder.url.appending(path: name).path }
  var database: String { path("gallery.sqlite") }

  /// A tenant with a slug, whose organisation is `org_` and the slug.
  func createTenant(_ slug: String) throws {
    try ServerProcess.command([
      "tenant", "create", "--database", database, "--platform", "localhost", "--org", "org_\(slug)", slug,
    ])
  }

  /// - Parameter log: the file in the folder that the server's log goes to; nil for nowhere.
  func start(_ arguments: [String] = [], log: String? = nil) async throws -> ServerProcess {
    var handle = FileHandle.nullDevice
    if let log {
      try folder.write([], to: log)
      handle = try FileHandle(forWritingTo: folder.url.appending(path: log))
    }
    return try await ServerProcess.start(
      database: database, catalog: path("catalog.json"), secret: Self.secret, arguments: arguments, log: handle)
  }

  /// What a server has written to its log.
  func log(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.url.appending(path: name)), as: UTF8.self)
  }

  func token(of slug: String) async throws -> String {
    guard let key = await TokenKey(secret: Self.secret) else { throw RunningServer.Failure("no key") }
    return try await key.token(
      for: Membership(userID: UserID("ada"), organizationID: OrgID("org_\(slug)"), role: .owner),
      until: SystemWallClock().now() + .seconds(600))
  }
}
