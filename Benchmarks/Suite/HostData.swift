import SaaSCore
import TenancyKit

/// Tenants, of whom a fifth have a domain of their own, and Host headers in an order that nobody could foresee: a tenth are
/// nobody's, a fifth have capitals and a port.
struct HostData: Sendable {
  let now = Timestamp(seconds: 1_750_000_000)
  let platform: Platform
  let tenants: [TenantHosts]
  let index: HostIndex
  let hosts: [[UInt8]]
  let strings: [String]

  init(count: Int) throws {
    platform = try Platform(domains: ["emperor.gallery"])
    tenants = try (0..<count).map { number in try Self.tenant(number) }
    index = try HostIndex(platform: platform, tenants: tenants)
    var dice = Dice(state: 7)
    var strings: [String] = []
    for _ in 0..<count {
      let place = Int.random(in: 0..<count, using: &dice)
      let name = Int.random(in: 0..<10, using: &dice) == 0 ? "nobody" : "team"
      let domain = place % 5 == 0 ? "example" : "emperor.gallery"
      let host = "\(name)-\(place).\(domain)"
      strings.append(Int.random(in: 0..<5, using: &dice) == 0 ? "\(host.uppercased()):8080" : host)
    }
    self.strings = strings
    hosts = strings.map { Array($0.utf8) }
  }

  private static func tenant(_ number: Int) throws -> TenantHosts {
    let start = Timestamp(seconds: 1_750_000_000)
    let id = try TenantID("tenant_\(number)")
    let tenant = Tenant(
      id: id, organizationID: try OrgID("org_\(number)"), slug: try Slug("team-\(number)"), createdAt: start)
    guard number % 5 == 0 else { return TenantHosts(tenant: tenant, holds: [], mappings: []) }
    let mapping = DomainMapping(
      host: try HostName("team-\(number).example"), tenantID: id, kind: .custom, state: .active, provenAt: start,
      createdAt: start, changedAt: start)
    return TenantHosts(tenant: tenant, holds: [], mappings: [mapping])
  }
}

/// SplitMix64, so that every run has the same hosts.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
