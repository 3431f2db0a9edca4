import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

/// A random world around one store: tenants, a DNS, a provider, and processes that die and get in each other's way.
final class DomainWorld {
  let policy: DomainPolicy
  let clock = ManualClock()
  let dns = EditableDNS()
  let provider: InMemoryDomainProvider
  let witness = Witness()
  let store: any TenantStore
  let platform: Platform
  let names = ["shop.example.com", "example.org"]
  var hosts: [HostName] = []
  /// The last one never sets a record of its own.
  var members: [TenantContext] = []
  var random: SeededGenerator
  let entropy: RandomSource
  var log: [String] = []

  init(seed: UInt64, proof: DomainPolicy.Proof, store: any TenantStore = InMemoryTenantStore()) async throws {
    self.store = store
    policy = .withoutRecheckPause(proof: proof)
    random = SeededGenerator(seed: seed)
    entropy = RandomSource(SeededGenerator(seed: seed &+ 1))
    provider = InMemoryDomainProvider(dns: dns)
    platform = try Platform(domains: ["gallery.test"])
    hosts = try names.map { try HostName($0) }
    for slug in ["first", "second", "thief"] {
      let tenant = try await store.insert(
        Tenant(
          id: try TenantID("tenant-" + slug), organizationID: try OrgID("org-" + slug), slug: try Slug(slug),
          createdAt: clock.now()), at: clock.now())
      members.append(try #require(try await store.context(for: tenant.id)))
    }
  }

  /// A service of a process of its own.
  func service(_ process: MortalProcess? = nil, directories: [any HostRefreshing] = []) -> DomainService {
    let process = process ?? MortalProcess(witness)
    return DomainService(
      platform: platform, store: MortalStore(base: store, process: process),
      provider: MortalProvider(base: provider, process: process), dns: MortalDNS(base: dns, process: process),
      directories: directories, policy: policy, clock: clock, random: entropy)
  }

  func owner(of tenant: TenantContext) throws -> Membership {
    Membership(userID: try UserID("user"), organizationID: tenant.organizationID, role: .owner)
  }

  func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }
  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  /// One thing that happens, whole, cut short by a death, or with another process in its midst.
  func step() async throws {
    if chance(45) { return try await changeSurroundings() }
    let process = MortalProcess(witness)
    if chance(35) {
      process.die(afterCalls: Int.random(in: 0...10, using: &random), actingLast: chance(50))
      log.append("mortal")
    } else if chance(30) {
      let other = service()
      let act = try operation(by: other)
      process.interrupt(atCall: Int.random(in: 1...10, using: &random), with: act)
      log.append("in the midst of")
    }
    await (try operation(by: service(process)))()
  }

  /// Something that a tenant or a job does; refusals and failures are part of life.
  private func operation(by service: DomainService) throws -> @Sendable () async -> Void {
    guard let host = pick(hosts), let tenant = pick(members) else { return {} }
    let member = try owner(of: tenant)
    let number = Int.random(in: 0..<10, using: &random)
    log.append(
      "\(["add", "add", "remove", "recheck", "recheck", "recheck"].dropFirst(number).first ?? "job") \(host) \(tenant.slug)"
    )
    switch number {
    case 0, 1: return { _ = try? await service.add(host.rawValue, to: tenant, as: member, ifFewerThan: 2) }
    case 2: return { _ = try? await service.remove(host, of: tenant, as: member) }
    case 3, 4, 5: return { _ = try? await service.recheck(host, of: tenant, as: member) }
    default: return { _ = await service.checkDue() }
    }
  }

  private func changeSurroundings() async throws {
    guard let host = pick(hosts) else { return }
    let number = Int.random(in: 0..<16, using: &random)
    log.append("world \(number) \(host)")
    switch number {
    case 0, 1, 2, 3:
      for mapping in try await mappings(of: host) where mapping.tenantID != members.last?.tenantID && chance(60) {
        if let record = ownRecord(of: mapping) { dns.publish([record]) }
        dns.publish(mapping.claim?.providerRecords ?? [])
      }
    case 4, 5:
      dns.publish(.a, DNSName(host), InMemoryDomainProvider.address)
    case 6:
      for mapping in try await mappings(of: host) where chance(60) {
        if let record = ownRecord(of: mapping) { dns.withdraw([record]) }
      }
    case 7:
      dns.withdraw([
        DNSRecord(.a, DNSName(host), InMemoryDomainProvider.address, for: .routing),
        DNSRecord(.cname, DNSName(host), InMemoryDomainProvider.alias, for: .routing),
      ])
    case 8: provider.give(host, to: pick([.account, .project, nil]) ?? nil)
    case 9: provider.lose(host)
    case 10: provider.doubt(host)
    case 11:
      provider.failNext(
        pick(InMemoryDomainProvider.Call.allCases), pick([.before, .after]) ?? .before, with: .unavailable("lost"))
    case 12: dns.failNext(pick([.serverFailure, .disagreement]) ?? .serverFailure)
    default: clock.advance(by: .seconds(pick([60, 600, 4_000, 90_000]) ?? 60))
    }
  }

  func mappings(of host: HostName) async throws -> [DomainMapping] {
    try await store.records(host: host, slug: nil).mappings.map(\.mapping)
  }

  func ownRecord(of mapping: DomainMapping) -> DNSRecord? {
    guard policy.proof == .ownRecord, let claim = mapping.claim,
      let name = DNSName(mapping.host).prefixed(by: policy.recordLabel)
    else { return nil }
    return DNSRecord(.txt, name, policy.recordPrefix + claim.token.rawValue, for: .ownership)
  }

  /// What must hold whatever happened.
  func check(_ comment: Comment) async throws {
    for host in hosts {
      let mappings = try await mappings(of: host)
      #expect(mappings.count(where: \.ownsHost) <= 1, comment)
      for mapping in mappings where mapping.serves {
        #expect(mapping.ownsHost, comment)
        let word = witness.lastWord(on: host)
        #expect(word == Witness.Word(isVerified: true, isConfigured: true), comment)
        guard policy.proof == .ownRecord else { continue }
        #expect(mapping.tenantID != members.last?.tenantID, comment)
        #expect(ownRecord(of: mapping).map { witness.hasSeen($0.value) } == true, comment)
      }
    }
  }

  /// Lets the processes live and the world be at rest until everything is settled.
  func settle() async {
    let service = service()
    for _ in 0..<40 {
      clock.advance(by: .seconds(10 * 3_600))
      _ = await service.checkDue(limit: .maximum)
    }
    clock.advance(by: .seconds(10))
    for _ in 0..<3 {
      _ = await service.checkDue(limit: .maximum)
      clock.advance(by: .seconds(4_000))
    }
  }

  /// What must hold once everything is settled.
  func checkAgreement(_ comment: Comment) async throws {
    for host in hosts {
      let mappings = try await mappings(of: host)
      let isThere = provider.hosts.contains(host)
      #expect(isThere == mappings.contains { $0.claim?.addedAt != nil } || isRefused(mappings), comment)
      #expect(mappings.contains(where: \.serves) == provider.serves(host), comment)
      for mapping in mappings {
        #expect(mapping.state != .pending, comment)
        #expect(mapping.state != .removing || mapping.isOnlyRemembered, comment)
      }
    }
  }

  /// Refused by the provider, a host that is its owner's is asked for again and again and never there.
  private func isRefused(_ mappings: [DomainMapping]) -> Bool {
    mappings.contains { if case .error(.refused) = $0.state { $0.ownsHost } else { false } }
  }
}
