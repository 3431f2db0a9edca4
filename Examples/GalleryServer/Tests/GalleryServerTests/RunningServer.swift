import BillingKit
import Foundation
import Hummingbird
import Logging
import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

@testable import GalleryServer

/// A server in this process, on a file of its own and a free port.
struct RunningServer: Sendable {
  let services: GalleryServices
  let client: Client
  private static let secret = "a key of more than thirty-two bytes, for tests"

  /// Starts a server with a tenant for each slug, whose organisation is `org_` and the slug, and stops it afterwards.
  static func with(
    tenants slugs: [String] = ["orchard", "meadow"], patience: Duration = .seconds(30),
    _ work: @escaping @Sendable (RunningServer) async throws -> Void
  ) async throws {
    try await withServices(tenants: slugs, patience: patience) { services in try await serve(services, work) }
  }

  private static func serve(
    _ services: GalleryServices, _ work: @escaping @Sendable (RunningServer) async throws -> Void
  ) async throws {
    let (ports, report) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let application = GalleryApplication(services, metrics: PrometheusRegistry(), logger: logger)
      .application { port in report.yield(port) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      group.addTask {
        for await port in ports {
          try await work(RunningServer(services: services, client: Client(port: port)))
          return
        }
      }
      try await group.next()
      group.cancelAll()
      while true {
        do { guard try await group.next() != nil else { break } } catch {}
      }
    }
  }

  /// The services that a server has, without the server and its jobs.
  static func withServices(
    tenants slugs: [String] = ["orchard", "meadow"], patience: Duration = .seconds(30),
    clock: any WallClock = SystemWallClock(), _ work: (GalleryServices) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard let key = await TokenKey(secret: secret) else { throw Failure("no key") }
    let configuration = GalleryConfiguration(
      databasePath: folder.appending(path: "gallery.sqlite").path, platform: try Platform(domains: ["localhost"]),
      catalog: try PlanCatalog(json: try sample("catalog.json")),
      rateCard: try RateCard(json: try sample("rate-card.json")), tokenKey: key, port: 0, isDevelopment: true,
      patience: patience)
    let services = try await GalleryServices(configuration, clock: clock)
    for slug in slugs {
      _ = try await services.tenants.asOperator.create(
        slug: slug, for: try OrgID("org_\(slug)"), at: clock.now())
    }
    try await work(services)
  }

  /// A file beside the README.
  static func sample(_ name: String) throws -> [UInt8] {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return Array(try Data(contentsOf: package.appending(path: name)))
  }

  /// A token of a user of a tenant's organisation.
  func token(_ slug: String, user: String = "ada", role: Membership.Role = .owner) async throws -> String {
    try await services.configuration.tokenKey.token(
      for: Membership(userID: try UserID(user), organizationID: try OrgID("org_\(slug)"), role: role),
      until: SystemWallClock().now() + .seconds(600))
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

/// A body that records a step of a model call.
func step(_ name: String, attempt: Int = 0, prompt: Int = 1_200) -> String {
  """
  {"step":"\(name)","attempt":\(attempt),"provider":"openai","model":"gpt-4o","promptTokens":\(prompt),"cachedPromptTokens":800,\
  "completionTokens":300,"durationMs":1200}
  """
}
