import SaaSCore
import TenancyKit

/// Does one kind of work a number of times and nothing else, for a tool that counts instructions or calls.
///
/// What the program does besides is the same for `none`, which is taken off.
struct Counting {
  let data: DirectoryData

  /// What takes another way than most.
  enum Kind: String {
    /// Slugs of a second domain.
    case several
    /// Identifiers as long as UUIDs.
    case identifiers
  }

  func run(_ what: String, of kind: Kind?, lookups: Int) async throws {
    var tenants = try data.tenants()
    var platform = data.platform
    switch kind {
    case .several: platform = try Platform(domains: ["localhost"] + platform.domains.map(\.rawValue))
    case .identifiers: tenants = try tenants.map { try withLongIdentifiers($0) }
    case nil: break
    }
    let index = try HostIndex(platform: platform, tenants: tenants)
    let directory = try await HostDirectory(platform: platform, store: FileTenantStore(tenants))
    let requests = data.zipf
    let range = 0..<min(lookups, requests.count)
    let strings = requests.strings(range)
    switch what {
    case "one": keep(LookUps.one(requests, range, in: index))
    case "batch": keep(LookUps.batch(requests, range, in: index, of: 256))
    case "string": keep(LookUps.strings(strings, in: index))
    case "directory": keep(LookUps.one(requests, range, in: directory))
    case "context": keep(LookUps.contexts(requests, range, in: directory))
    case "build": keep(try HostIndex(platform: platform, tenants: tenants).tenantCount)
    default: keep(strings.count)
    }
    print("lookups \(what == "build" ? data.hostCount : range.count)")
  }

  /// The same tenant with identifiers of thirty-six bytes.
  private func withLongIdentifiers(_ hosts: TenantHosts) throws -> TenantHosts {
    func padded(_ text: String) -> String { text + String(repeating: "0", count: max(0, 36 - text.utf8.count)) }
    let old = hosts.tenant
    let tenant = Tenant(
      id: try TenantID(padded(old.id.rawValue)), organizationID: try OrgID(padded(old.organizationID.rawValue)),
      slug: old.slug, createdAt: old.createdAt)
    let mappings = hosts.mappings.map { mapping in
      DomainMapping(
        host: mapping.host, tenantID: tenant.id, kind: mapping.kind, state: mapping.state, provenAt: mapping.provenAt,
        createdAt: mapping.createdAt, changedAt: mapping.changedAt)
    }
    return TenantHosts(tenant: tenant, holds: [], mappings: mappings)
  }
}
