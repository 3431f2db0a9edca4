import Foundation
import SaaSCore
import TenancyKit

/// What every part of the quickstart works with.
struct Quickstart: Sendable {
  /// The parts, in the order in which they run. Each is a function in a file of its own under `Parts/`.
  static let parts: [@Sendable (Quickstart) async throws -> Void] = [
    provisionTenants, resolveHosts, renameTenant, addDomain, importUsage, sellPlan, rollUpLedger, writeReports,
    deliverEvents,
  ]

  let arguments: Arguments
  let platform: Platform
  let stores: Stores
  let hosts: HostDirectory
  let tenants: TenantService
  let report: Report
  /// The instant of the whole run.
  let now: Timestamp

  init(_ arguments: Arguments) async throws {
    self.arguments = arguments
    report = Report(isJSON: arguments.isJSON)
    now = SystemWallClock().now()
    platform = try Platform(domains: ["emperor.gallery", "localhost"], reserving: ["status"])
    stores = try await Stores.open(at: arguments.database)
    hosts = try await HostDirectory(platform: platform, store: stores.tenants)
    tenants = TenantService(platform: platform, store: stores.tenants, directories: [hosts], makeID: randomTenantID)
    report.section("Stores", key: "store", stores.summary) { [stores] in [stores.summary] }
  }

  /// A file that is shipped with the quickstart.
  static func shippedFile(_ name: String) throws -> String { try textFile(shippedPath(name)) }

  /// Where a file is that is shipped with the quickstart.
  static func shippedPath(_ name: String, in folder: String = "Data") throws -> String {
    guard let url = Bundle.module.url(forResource: folder, withExtension: nil)?.appending(path: name) else {
      throw QuickstartError.missingResource(name)
    }
    return url.path
  }

  /// A file's text.
  static func textFile(_ path: String) throws -> String {
    do {
      return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    } catch {
      throw QuickstartError.unreadable(path)
    }
  }
}

/// Why the quickstart cannot go on.
enum QuickstartError: Error, CustomStringConvertible {
  case missingResource(String)
  case unreadable(String)
  case unwritable(String)
  case malformed(file: String, line: Int, problem: String)
  case invalid(file: String, problem: String)
  case database(String, String)

  var description: String {
    switch self {
    case .missingResource(let name): "the file \(name), which is shipped with the quickstart, is not there"
    case .unreadable(let path): "the file \(path) cannot be read"
    case .unwritable(let path): "\(path) cannot be written"
    case .malformed(let file, let line, let problem): "\(file), line \(line): \(problem)"
    case .invalid(let file, let problem): "\(file): \(problem)"
    case .database(let path, let problem): "the database \(path) cannot be opened: \(problem)"
    }
  }
}

/// Names a tenant in this application's own format.
@Sendable private func randomTenantID() -> String {
  var generator = SystemRandomNumberGenerator()
  return "tnt_" + String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
}
