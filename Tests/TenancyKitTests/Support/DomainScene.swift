import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// A platform with tenants, a DNS and a provider, and a domain service over them.
struct DomainScene {
  let clock = ManualClock()
  let dns = EditableDNS()
  let provider: InMemoryDomainProvider
  let tenants: TestTenants
  let platform: Platform
  let directory: HostDirectory
  let service: DomainService

  init(
    _ policy: DomainPolicy = .withoutRecheckPause(), suffixes: String? = "com\nco.uk\nexample\n",
    store: (any TenantStore)? = nil
  ) async throws {
    provider = InMemoryDomainProvider(dns: dns)
    tenants = TestTenants()
    platform = try Platform(domains: ["gallery.test", "my.gallery.example"])
    let store = store ?? tenants.store
    directory = try await HostDirectory(platform: platform, store: tenants.store, clock: clock)
    service = DomainService(
      platform: platform, store: store, provider: provider, dns: dns,
      suffixes: try suffixes.map { try PublicSuffixList($0) },
      directories: [directory], policy: policy, clock: clock, random: RandomSource(SeededGenerator(seed: 5)))
  }

  var now: Timestamp { clock.now() }

  func owner(_ tenant: TenantContext) throws -> Membership { try tenants.member(of: tenant) }

  func add(_ name: String, to tenant: TenantContext, limit: Int? = nil) async throws -> DomainReport {
    try await service.add(name, to: tenant, as: try owner(tenant), ifFewerThan: limit)
  }

  func recheck(_ host: String, of tenant: TenantContext) async throws -> DomainReport {
    try await service.recheck(try HostName(host), of: tenant, as: try owner(tenant))
  }

  func remove(_ host: String, of tenant: TenantContext) async throws -> DomainReport {
    try await service.remove(try HostName(host), of: tenant, as: try owner(tenant))
  }

  func status(_ host: String, of tenant: TenantContext) async throws -> DomainStatus? {
    let host = try HostName(host)
    return try await service.domains(of: tenant, as: try owner(tenant)).first { $0.host == host }
  }

  /// The tenant to whom this process serves a host.
  func served(_ host: String) -> TenantID? {
    let verdict = directory.verdict(forHost: host, at: now)
    return verdict.kind == .tenant ? directory.context(for: verdict)?.tenantID : nil
  }

  /// Adds a domain, sets its records and has them found.
  func activate(_ name: String, of tenant: TenantContext) async throws -> DomainReport {
    dns.publish(try await add(name, to: tenant).records)
    return try await recheck(name, of: tenant)
  }

  /// Lets time pass in steps, with the job running after each.
  func pass(_ duration: Duration, step: Duration = .seconds(1_800)) async {
    let end = now + duration
    while now < end {
      clock.advance(by: min(step, end.duration(since: now)))
      _ = await service.checkDue(limit: .maximum)
    }
  }
}

extension DomainPolicy {
  /// The usual times and choices, and members who may look again at once.
  static func withoutRecheckPause(proof: Proof = .ownRecord) -> DomainPolicy {
    var policy = DomainPolicy(proof: proof)
    policy.recheckPause = .zero
    return policy
  }
}
