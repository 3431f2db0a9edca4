import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Two processes at one domain")
struct DomainRaceTests {
  @Test("leave a host with the provider that is proven while its former owner's is taken back", arguments: 1...7)
  func takeBack(call: Int) async throws {
    let world = try await DomainWorld(seed: 1, proof: .ownRecord)
    let service = world.service()
    let (host, first, second) = (world.hosts[0], world.members[0], world.members[1])
    let (former, next) = (try world.owner(of: first), try world.owner(of: second))
    world.dns.publish(.cname, DNSName(host), InMemoryDomainProvider.alias)
    let record = try #require(
      try await service.add(host.rawValue, to: first, as: former, ifFewerThan: nil).records.first)
    world.dns.publish([record])
    #expect(try await service.recheck(host, of: first, as: former).after == .active)
    world.dns.withdraw([record])
    #expect(try await service.recheck(host, of: first, as: former).after == .error(.ownershipLost))
    world.clock.advance(by: .days(2))
    let claim = try await service.add(host.rawValue, to: second, as: next, ifFewerThan: nil)
    world.dns.publish([try #require(claim.records.first)])

    let process = MortalProcess(world.witness)
    process.interrupt(atCall: call) { _ = try? await service.recheck(host, of: second, as: next) }
    _ = try await world.service(process).recheck(host, of: first, as: former)
    let owner = try await world.mappings(of: host).first { $0.tenantID == second.tenantID }
    #expect(owner?.state == .active)

    // No time has passed: what was taken from the new owner is found missing and put back at once.
    _ = await service.checkDue()
    #expect(world.provider.serves(host))
    #expect(try await world.mappings(of: host).filter(\.serves).map(\.tenantID) == [second.tenantID])
  }

  @Test(
    "never write over what the other one stored",
    arguments: (2...10).map { ($0, DomainPolicy.Proof.ownRecord) } + (2...6).map { ($0, .providersWord) })
  func conflicts(call: Int, proof: DomainPolicy.Proof) async throws {
    let world = try await DomainWorld(seed: 1, proof: proof)
    let service = world.service()
    let (host, tenant) = (world.hosts[0], world.members[0])
    let owner = try world.owner(of: tenant)
    _ = try await service.add(host.rawValue, to: tenant, as: owner, ifFewerThan: nil)
    world.dns.publish(.cname, DNSName(host), InMemoryDomainProvider.alias)
    let claimed = try #require(try await world.mappings(of: host).first)
    if let record = world.ownRecord(of: claimed) { world.dns.publish([record]) }

    let process = MortalProcess(world.witness)
    process.interrupt(atCall: call) { _ = try? await service.remove(host, of: tenant, as: owner) }
    let report = try await world.service(process).recheck(host, of: tenant, as: owner)
    let after = try await world.mappings(of: host).first
    #expect(after.map { $0.state == .removing } ?? true, "a removal is never undone by a check")
    #expect(report.after == nil || report.after == .removing)
    world.clock.advance(by: .seconds(4_000))
    _ = await service.checkDue()
    #expect(try await world.mappings(of: host).allSatisfy { $0.isOnlyRemembered })
    #expect(world.provider.hosts.isEmpty, "and nothing is left at the provider that nobody remembers")
  }
}
