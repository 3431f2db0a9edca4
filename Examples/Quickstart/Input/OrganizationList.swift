import SaaSCore
import TenancyKit

/// One line of the directory file: an organisation with what it is to have.
struct Organization: Sendable {
  let id: OrgID
  let slug: String
  let status: Tenant.Status
  let subdomains: [String]
  let domains: [Domain]
  let name: String

  /// A customer's own host and how far it has come.
  struct Domain: Sendable {
    let host: HostName
    let state: DomainMapping.State
  }
}

extension Organization {
  /// Reads tab-separated lines: organisation, slug, status, subdomains, custom domains, name. Lists are separated by
  /// commas; a custom domain that is not active has `=pending` or `=verified` behind it.
  static func list(in text: String, named file: String) throws -> [Organization] {
    try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
      guard !line.isEmpty, !line.hasPrefix("# ") else { return nil }
      do {
        return try Organization(line)
      } catch {
        throw QuickstartError.malformed(file: file, line: number + 1, problem: "\(error)")
      }
    }
  }

  private init(_ line: Substring) throws {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 6 else { throw LineProblem(text: "six fields were expected, and there are \(fields.count)") }
    guard let status = Tenant.Status(rawValue: fields[2]) else { throw LineProblem(text: "no status: \(fields[2])") }
    id = try OrgID(fields[0])
    slug = fields[1]
    self.status = status
    subdomains = fields[3].split(separator: ",").map(String.init)
    domains = try fields[4].split(separator: ",").map { try Domain($0) }
    name = fields[5]
  }
}

extension Organization.Domain {
  fileprivate init(_ text: Substring) throws {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard let state = parts.count == 1 ? .active : DomainMapping.State(name: parts[1], failure: nil) else {
      throw LineProblem(text: "no state: \(text)")
    }
    host = try HostName(parts[0])
    self.state = state
  }
}

private struct LineProblem: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
