import SaaSCore
import SaaSTesting
import TenancyKit

/// Brings a customer's own domain to a tenant: claimed, proven, served, and no longer served once its DNS leads
/// elsewhere. DNS and provider are simulated, and time passes at once; a later run finds the domain as it was left.
@Sendable func addDomain(_ quickstart: Quickstart) async throws {
  let name = "www.prints.example"
  guard let tenant = try await quickstart.stores.tenants.context(slug: Slug("the-orchard")) else { return }
  let owner = Membership(userID: try UserID("user_1"), organizationID: tenant.organizationID, role: .owner)
  let world = DomainWorld(quickstart)
  let settings = TenantSettingsService(tenants: quickstart.tenants, domains: world.service)
  /// Two hours later the owner has the domain looked at again.
  func later(_ host: HostName) async throws -> DomainStatus? {
    world.clock.advance(by: .seconds(7_200))
    return try await settings.recheckDomain(host, of: tenant, as: owner).status
  }
  let page = try await settings.settings(of: tenant, as: owner, domainLimit: 3)
  if let earlier = page.domains.first(where: { $0.host.rawValue == name }) {
    let moment = world.moment("added by an earlier run", earlier)
    return quickstart.report.section("Custom domain", key: "domain", [moment]) { [moment.line] }
  }

  let added = try await settings.addDomain(name, to: tenant, as: owner, domainLimit: 3)
  var moments = [world.moment("added", added.status)]
  world.dns.publish(added.records.filter { $0.purpose == .ownership })
  moments.append(world.moment("its own record is set", try await later(added.host)))
  world.dns.publish(added.records)
  moments.append(world.moment("it leads to the provider", try await later(added.host)))
  world.dns.withdraw(added.records.filter { $0.purpose == .routing })
  moments.append(world.moment("it leads elsewhere", try await later(added.host)))
  quickstart.report.section("Custom domain", key: "domain", moments) {
    ["\(name) for \(tenant.slug), with the records that its owner sets:"]
      + added.records.map { "  \($0.kind.rawValue) \($0.name) \($0.value)" } + moments.map(\.line)
  }
}

/// A DNS, a provider and a clock that the quickstart moves itself, and the service over them.
private struct DomainWorld {
  let dns = EditableDNS()
  let clock: ManualClock
  let service: DomainService
  private let hosts: HostDirectory

  init(_ quickstart: Quickstart) {
    clock = ManualClock(quickstart.now)
    hosts = quickstart.hosts
    service = DomainService(
      platform: quickstart.platform, store: quickstart.stores.tenants, provider: InMemoryDomainProvider(dns: dns),
      dns: dns, directories: [hosts], clock: clock)
  }

  func moment(_ event: String, _ status: DomainStatus?) -> Moment {
    let host = status?.host.rawValue ?? ""
    let state = status.map { $0.state.failure?.code ?? $0.state.name } ?? "not due"
    return Moment(
      event: event, state: state, verdict: hosts.resolve(host, at: clock.now()).kind.description)
  }
}

private struct Moment: Encodable, Sendable {
  let event: String
  let state: String
  let verdict: String

  var line: String { "\(event): \(state) -> \(verdict)" }
}
