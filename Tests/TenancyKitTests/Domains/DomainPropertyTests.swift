import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

#if SQLite
  import SQLiteStore
#endif

@Suite("Custom domains in a world of failures")
struct DomainPropertyTests {
  @Test(
    "serve only what their tenant proved and the provider confirmed, and settle with the provider",
    arguments: [DomainPolicy.Proof.ownRecord, .providersWord])
  func randomWorlds(proof: DomainPolicy.Proof) async throws {
    var served = 0
    for seed in UInt64(0)..<120 { served += try await live(DomainWorld(seed: seed, proof: proof), seed: seed) }
    #expect(served > 100, "worlds in which nothing is served show nothing")
  }

  #if SQLite
    @Test("do the same over a file", arguments: [DomainPolicy.Proof.ownRecord, .providersWord])
    func randomWorldsInFiles(proof: DomainPolicy.Proof) async throws {
      let folder = FileManager.default.temporaryDirectory.appendingPathComponent("saas-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      var served = 0
      for seed in UInt64(1_000)..<1_006 {
        let store = try await SQLiteStore(path: folder.appendingPathComponent("\(seed).sqlite").path)
        served += try await live(DomainWorld(seed: seed, proof: proof, store: store), seed: seed)
        await store.close()
      }
      #expect(served > 5, "worlds in which nothing is served show nothing")
    }
  #endif

  /// Lets a world live and come to rest, and counts how often a host was served in it.
  private func live(_ world: DomainWorld, seed: UInt64) async throws -> Int {
    var served = 0
    for number in 0..<60 {
      try await world.step()
      try await world.check("seed \(seed), step \(number): \(world.log.suffix(12))")
      for host in world.hosts where try await world.mappings(of: host).contains(where: \.serves) { served += 1 }
    }
    await world.settle()
    try await world.check("seed \(seed), settled")
    try await world.checkAgreement("seed \(seed), settled")
    return served
  }

  @Test("go on from a death at any call", arguments: [false, true])
  func everyCrashPoint(actingLast: Bool) async throws {
    for count in 0..<14 {
      let world = try await DomainWorld(seed: 1, proof: .ownRecord)
      guard let host = world.hosts.first, let tenant = world.members.first else { return }
      let member = try world.owner(of: tenant)
      func dying() -> DomainService {
        let process = MortalProcess(world.witness)
        process.die(afterCalls: count, actingLast: actingLast)
        return world.service(process)
      }
      _ = try? await dying().add(host.rawValue, to: tenant, as: member, ifFewerThan: 1)
      if try await world.mappings(of: host).isEmpty {
        _ = try await world.service().add(host.rawValue, to: tenant, as: member, ifFewerThan: 1)
      }
      let mapping = try #require(try await world.mappings(of: host).first)
      world.dns.publish([try #require(world.ownRecord(of: mapping))])
      world.dns.publish(.cname, DNSName(host), InMemoryDomainProvider.alias)
      _ = try? await dying().recheck(host, of: tenant, as: member)
      try await world.check("dead after \(count) calls")
      world.clock.advance(by: .seconds(3_600))
      _ = await world.service().checkDue()
      #expect(try await world.mappings(of: host).first?.state == .active, "dead after \(count) calls")

      _ = try? await dying().remove(host, of: tenant, as: member)
      world.clock.advance(by: .seconds(4_000))
      if try await world.mappings(of: host).first?.state == .active {
        _ = try await world.service().remove(host, of: tenant, as: member)
      }
      _ = await world.service().checkDue()
      let left = try await world.mappings(of: host)
      #expect(left.allSatisfy { $0.isOnlyRemembered }, "dead after \(count) calls: \(left)")
      #expect(world.provider.hosts.isEmpty, "dead after \(count) calls")
    }
  }

  @Test("leave nothing at the provider where the next owner dies before it asked for the host")
  func inheritedHost() async throws {
    let world = try await DomainWorld(seed: 1, proof: .ownRecord)
    let host = try HostName("shop.example.com")
    let service = world.service()
    func claim(_ tenant: TenantContext) async throws -> DNSRecord {
      let report = try await service.add(
        host.rawValue, to: tenant, as: try world.owner(of: tenant), ifFewerThan: nil)
      return try #require(report.records.first)
    }
    let (first, second) = (world.members[0], world.members[1])
    let record = try await claim(first)
    world.dns.publish([record])
    _ = try await service.recheck(host, of: first, as: try world.owner(of: first))
    world.dns.withdraw([record])
    _ = try await service.recheck(host, of: first, as: try world.owner(of: first))
    #expect(world.provider.hosts == [host], "kept for a while, in case the record was lost by mistake")

    world.dns.publish([try await claim(second)])
    let process = MortalProcess(world.witness)
    // Reads the store (once for the member, once for the check) and the DNS, stores the proof, and is gone.
    process.die(afterCalls: 4, actingLast: false)
    _ = try? await world.service(process).recheck(host, of: second, as: try world.owner(of: second))
    let proven = try #require(try await world.mappings(of: host).first { $0.tenantID == second.tenantID })
    #expect(proven.state == .verified)
    #expect(proven.claim?.addedAt == nil)

    world.clock.advance(by: .days(2))
    _ = try await service.recheck(host, of: first, as: try world.owner(of: first))
    #expect(world.provider.hosts == [host], "the former owner leaves it to the new one")
    _ = try await service.remove(host, of: second, as: try world.owner(of: second))
    #expect(world.provider.hosts.isEmpty)
  }
}
