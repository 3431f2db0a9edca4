import SaaSCore
import SaaSTesting
import Testing

@testable import TenancyKit

/// Batches as an index reads them that is not near: groups of sixty-four, of which some go on to other lines.
@Suite struct HostBatchTests {
  private static let holdEnd = Timestamp(seconds: 100)

  /// Whose a key is.
  private enum Kind: CaseIterable {
    case active, suspended, closed, held, mapped, halted, nobody

    var isHost: Bool { self == .mapped || self == .halted }

    func expected(at now: Timestamp) -> HostVerdict.Kind {
      switch self {
      case .active, .mapped: .tenant
      case .suspended, .halted: .suspended
      case .held: now < holdEnd ? .moved : .notFound
      case .closed, .nobody: .notFound
      }
    }
  }

  /// Tenants whose keys are given in the order of their kinds, but for nobody's.
  private static func tenants(_ keys: [(kind: Kind, name: String)]) throws -> [TenantHosts] {
    try keys.enumerated().compactMap { number, key in
      guard key.kind != .nobody else { return nil }
      let isOwn = !key.kind.isHost && key.kind != .held
      var tenant = Tenant(
        id: try TenantID("t\(number)"), organizationID: try OrgID("o\(number)"),
        slug: try Slug(isOwn ? key.name : "owner-\(number)"), createdAt: .distantPast)
      switch key.kind {
      case .suspended, .halted: tenant.status = .suspended
      case .closed: tenant.status = .closed
      default: break
      }
      let holds = key.kind == .held ? [SlugHold(slug: try Slug(key.name), tenantID: tenant.id, until: holdEnd)] : []
      var mappings: [DomainMapping] = []
      if key.kind.isHost {
        var mapping = DomainMapping.custom(try HostName(key.name), of: tenant.id, at: .distantPast)
        mapping.state = .active
        mapping.provenAt = .distantPast
        mappings = [mapping]
      }
      return TenantHosts(tenant: tenant, holds: holds, mappings: mappings)
    }
  }

  @Test(arguments: [true, false])
  func `a batch finds keys of every kind in any line after their own`(isFirstLine: Bool) throws {
    var dice = SeededGenerator(seed: 12)
    let secret = HostHashSecret(using: &dice)
    let platform = try Platform(domains: ["emperor.gallery"])
    let kinds = (0..<420).map { Kind.allCases[$0 % Kind.allCases.count] }
    func name(_ number: Int, _ kind: Kind) -> String {
      // Keys of up to sixteen bytes, of up to thirty-two, and longer ones, which no group has.
      let front = "evil\(number)" + ["", "-with-more-bytes", "-with-many-more-bytes-in-it"][number % 3]
      return kind.isHost ? front + ".example" : front
    }
    let plain = try HostIndex(
      platform: platform, tenants: Self.tenants(kinds.enumerated().map { ($1, name($0, $1)) }), secret: secret)
    // The same with names that all belong in one line of as many: after the last comes the first.
    let line = isFirstLine ? 0 : plain.storage.table.lineCount - 1
    let chooser = NameChooser(platform: platform, secret: secret)
    var number = 0
    let keys = kinds.map { kind in
      while true {
        number += 1
        let name = name(number, kind)
        let hash = chooser.hash(name, in: kind.isHost ? .host : .label)
        if HostTable.line(hash, of: plain.storage.table.lineCount) == line { return (kind: kind, name: name) }
      }
    }
    let index = try HostIndex(platform: platform, tenants: Self.tenants(keys), secret: secret)
    #expect(index.storage.table.lineCount == plain.storage.table.lineCount)
    for count in [1, 9, 63, 64, 65, 128, 200, 700] {
      let asked = (0..<count).map { _ in keys[Int.random(in: 0..<keys.count, using: &dice)] }
      let hosts = asked.enumerated().map { number, key in
        let host = key.kind.isHost ? key.name : key.name + ".emperor.gallery"
        return Array((number % 5 == 0 ? host.uppercased() + ":8443" : host).utf8)
      }
      for now in [Timestamp(seconds: 99), Self.holdEnd] {
        let verdicts = index.verdictsReadingAhead(ofBatch: hosts, at: now)
        #expect(verdicts.map(\.kind) == asked.map { $0.kind.expected(at: now) })
        #expect(verdicts == hosts.map { index.verdict(forHost: $0.span, at: now) })
      }
    }
  }

  @Test func `every row of the table is what a batch of all rows says`() throws {
    // Each row is at another place of its group each time.
    let rows = Array(repeating: HostRow.table, count: 3).joined() + HostRow.table.prefix(7)
    for platform in try HostFixture.platforms() {
      let index = try HostIndex(platform: platform, tenants: HostFixture.tenants())
      let verdicts = index.verdictsReadingAhead(ofBatch: rows.map(\.header), at: HostFixture.now)
      for (row, verdict) in zip(rows, verdicts) {
        #expect(verdict.kind == row.kind, "\(row)")
        #expect(verdict.reason == row.reason, "\(row)")
        #expect(index.tenantID(for: verdict)?.rawValue == row.tenant, "\(row)")
        #expect(index.movedHost(for: verdict)?.rawValue == row.movedTo, "\(row)")
      }
    }
  }

  @Test func `an index that is large enough reads ahead by itself`() throws {
    let tenants = try (0..<30_000).map { number in
      let tenant = Tenant(
        id: try TenantID("t\(number)"), organizationID: try OrgID("o\(number)"), slug: try Slug("gallery-\(number)"),
        createdAt: .distantPast)
      return TenantHosts(tenant: tenant, holds: [], mappings: [])
    }
    let index = try HostIndex(platform: Platform(domains: ["emperor.gallery"]), tenants: tenants)
    #expect(index.storage.isLarge)
    for count in [0, 1, 7, 8, 9, 64, 65, 500] {
      let hosts = (0..<count).map { number in
        Array((number % 4 == 3 ? "nobody-\(number).emperor.gallery" : "Gallery-\(number).emperor.gallery").utf8)
      }
      let verdicts = index.verdicts(ofBatch: hosts, at: .distantPast)
      #expect(verdicts.map { index.tenantID(for: $0)?.rawValue } == (0..<count).map { $0 % 4 == 3 ? nil : "t\($0)" })
    }
  }

  @Test func `an index without entries answers a batch`() throws {
    let index = try HostIndex(platform: Platform(domains: ["emperor.gallery"]), tenants: [])
    let hosts = ["emperor.gallery", "nobody.emperor.gallery", "nobody.example", "admin.emperor.gallery"]
    let verdicts = index.verdictsReadingAhead(ofBatch: hosts.map { Array($0.utf8) }, at: .distantPast)
    #expect(verdicts == hosts.map { index.verdict(forHost: $0, at: .distantPast) })
    #expect(verdicts.map(\.kind) == [.platform, .notFound, .notFound, .reserved])
  }

  @Test func `what a batch keeps of a group fits into its room`() {
    HostBatchRoom.with { room in
      _ = HostGroup(in: &room)
      #expect(room.takenByteCount <= HostBatchRoom.byteCount)
      #expect(HostGroup.capacity % 16 == 0)
    }
  }
}
