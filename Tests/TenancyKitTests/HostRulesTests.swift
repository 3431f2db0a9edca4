import SaaSCore
import TenancyKit
import Testing

@Suite struct HostRulesTests {
  /// The rules without index and cache: form, class, records, verdict.
  static func resolve(
    _ header: [UInt8], in tenants: [TenantHosts], on platform: Platform, at instant: Timestamp
  ) -> HostResolution {
    switch HostHeader(header.span) {
    case .malformed(let reason): .notFound(reason)
    case .name(let host):
      HostRules.resolve(
        host, as: platform.classify(host), from: tenants.records(host: host, slug: platform.classify(host).slug),
        on: platform, at: instant)
    }
  }

  @Test(arguments: HostRow.table)
  func `every row of the table is what the rules say`(row: HostRow) throws {
    let resolution = Self.resolve(
      row.header, in: try HostFixture.tenants(), on: try HostFixture.platform(), at: HostFixture.now)
    expect(resolution, is: row)
  }

  @Test func `the table has every reason and every kind, and no header twice`() {
    #expect(HostRow.table.count >= 170)
    #expect(Set(HostRow.table.compactMap(\.reason)) == Set(HostReason.allCases))
    #expect(Set(HostRow.table.map(\.kind)) == Set(HostVerdict.Kind.allCases))
    #expect(Set(HostRow.table.map(\.header)).count == HostRow.table.count)
  }

  @Test func `a hold ends by itself, at its end and not before`() throws {
    let platform = try HostFixture.platform()
    let tenants = try HostFixture.tenants()
    let header = Array("team-b-old.emperor.gallery".utf8)
    let end = HostFixture.now + .seconds(1)
    #expect(Self.resolve(header, in: tenants, on: platform, at: end - .microseconds(1)).kind == .moved)
    #expect(Self.resolve(header, in: tenants, on: platform, at: end).reason == .noSuchTenant)
  }

  @Test func `a slug taken anew is its new owner's, though a hold is still on record`() throws {
    let platform = try HostFixture.platform()
    let slug = try Slug("team-b-old")
    let tenants = try HostFixture.tenants()
    let owner = Tenant(
      id: try TenantID("new"), organizationID: try OrgID("org"), slug: slug, createdAt: HostFixture.now)
    let held = try #require(tenants.records(host: try HostName("x"), slug: slug).hold)
    let host = try HostName("team-b-old.emperor.gallery")
    let resolution = HostRules.resolve(
      host, as: platform.classify(host), from: HostRecords(mappings: [], slugOwner: owner, hold: held), on: platform,
      at: HostFixture.now)
    #expect(resolution.context?.tenantID == owner.id)
  }

  @Test func `records of another host or slug count for nothing`() throws {
    let platform = try HostFixture.platform()
    let tenants = try HostFixture.tenants()
    let foreign = tenants.records(host: try HostName("customer.com"), slug: try Slug("team-a"))
    for (name, reason) in [
      ("www.other.com", HostReason.noSuchDomain), ("team-z.localhost", .noSuchTenant),
      ("a.b.localhost", .tooManyLabels),
    ] {
      let host = try HostName(name)
      let resolution = HostRules.resolve(
        host, as: platform.classify(host), from: foreign, on: platform, at: HostFixture.now)
      #expect(resolution == .notFound(reason), "\(name)")
    }
  }

  @Test func `where the new host would be too long, the move has no target`() throws {
    let long = ["a", "b", "c"].map { String(repeating: $0, count: 63) }.joined(separator: ".")
    let platform = try Platform(domains: [long])
    let host = try HostName("old." + long)
    let slug = try Slug(HostFixture.longestLabel)
    let tenant = Tenant(
      id: try TenantID("t"), organizationID: try OrgID("o"), slug: slug, createdAt: HostFixture.now)
    let held = HostRecords.HeldSlug(
      hold: SlugHold(slug: try Slug("old"), tenantID: tenant.id, until: .distantFuture), tenant: tenant)
    let resolution = HostRules.resolve(
      host, as: platform.classify(host), from: HostRecords(mappings: [], slugOwner: nil, hold: held), on: platform,
      at: HostFixture.now)
    #expect(resolution.kind == .moved)
    #expect(resolution.movedTo == nil)
  }
}

/// Holds a resolution to a row, in all that it says.
func expect(_ resolution: HostResolution, is row: HostRow, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(resolution.kind == row.kind, "\(row)", sourceLocation: sourceLocation)
  #expect(resolution.reason == row.reason, "\(row)", sourceLocation: sourceLocation)
  #expect(resolution.tenantID?.rawValue == row.tenant, "\(row)", sourceLocation: sourceLocation)
  #expect(resolution.movedTo?.rawValue == row.movedTo, "\(row)", sourceLocation: sourceLocation)
  let served = row.kind == .tenant ? row.tenant : nil
  #expect(resolution.context?.tenantID.rawValue == served, "\(row)", sourceLocation: sourceLocation)
}
