import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Two processes at one domain")
struct DomainRaceTests {
  @Test("leave a host with the provider that is proven while its former owner's is taken back", arguments: 1...7)
  func takeBack(call: Int) async throws {
    let scene = try await Inheritance()
    let (world, host, first, second) = (scene.world, scene.host, scene.first, scene.second)
    let (former, next) = (scene.former, scene.next)
    let service = world.service()
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

  @Test("put a host back at once that was taken from its new owner between what that one heard and what it stored")
  func overlap() async throws {
    let scene = try await Inheritance()
    let (world, host) = (scene.world, scene.host)
    let (taker, prover) = (MortalProcess(world.witness), MortalProcess(world.witness))
    let (taking, telling, storing) = (Gate(), Gate(), Gate())
    // Reads twice, asks the DNS, reads who owns the host; asks the provider; reads the owner; tells it.
    taker.interrupt(atCall: 5) { await taking.pass() }
    taker.interrupt(atCall: 7) { await telling.pass() }
    // Reads twice, asks the DNS, stores the proof, asks how the host stands, stores that it is to have it, asks where it
    // leads, stores that it is active; stores the end of the check.
    prover.interrupt(atCall: 9) { await storing.pass() }
    let (takers, provers) = (world.service(taker), world.service(prover))
    let (first, second, former, next) = (scene.first, scene.second, scene.former, scene.next)
    async let taken = takers.recheck(host, of: first, as: former)
    await taking.holds(1)
    async let proven = provers.recheck(host, of: second, as: next)
    await storing.holds(1)
    #expect(try await scene.owner()?.state == .active)
    #expect(world.provider.serves(host))
    taking.open()
    await telling.holds(1)
    #expect(!world.provider.serves(host), "taken from its new owner")
    storing.open()
    #expect(try await proven.after == .active)
    let due = try #require(try await scene.owner()?.claim?.nextCheckAt)
    #expect(due > world.clock.now(), "who knows nothing of it looks again much later")
    telling.open()
    _ = try await taken

    // No time has passed.
    _ = await world.service().checkDue()
    #expect(world.provider.serves(host))
    #expect(try await scene.owner()?.state == .active)
  }

  @Test("put a host back soon where who took it from its new owner died before it told", arguments: 1...3)
  func deathBeforeTelling(callsLeft: Int) async throws {
    let scene = try await Inheritance()
    let (world, host) = (scene.world, scene.host)
    let taker = MortalProcess(world.witness)
    let (service, second, next) = (world.service(), scene.second, scene.next)
    taker.interrupt(atCall: 5) { _ = try? await service.recheck(host, of: second, as: next) }
    taker.die(afterCalls: 4 + callsLeft, actingLast: false)
    _ = try? await world.service(taker).recheck(host, of: scene.first, as: scene.former)
    #expect(!world.provider.serves(host))
    // The same job goes on with the former owner's mapping, and then with the owner's, which it finds due.
    _ = await world.service().checkDue()
    _ = await world.service().checkDue()
    #expect(world.provider.serves(host))
    #expect(try await scene.owner()?.state == .active)
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

/// A host whose former owner lost its proof long ago, so that the provider is to let it go, and which another tenant is about
/// to prove.
private struct Inheritance {
  let world: DomainWorld
  let host: HostName
  let first: TenantContext
  let second: TenantContext
  let former: Membership
  let next: Membership

  init() async throws {
    world = try await DomainWorld(seed: 1, proof: .ownRecord)
    let service = world.service()
    host = world.hosts[0]
    first = world.members[0]
    second = world.members[1]
    former = try world.owner(of: first)
    next = try world.owner(of: second)
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
  }

  /// The mapping of the tenant that is about to own the host.
  func owner() async throws -> DomainMapping? {
    try await world.mappings(of: host).first { $0.tenantID == second.tenantID }
  }
}
