import SaaSCore
import Testing

@testable import TenancyKit

@Suite struct ContextNamesTests {
  /// The counts of a slug and two identifiers, and whether they are held without a box.
  struct Row: Sendable, CustomTestStringConvertible {
    let slug: Int
    let tenant: Int
    let organization: Int
    let isInline: Bool

    var testDescription: String { "\(slug), \(tenant), \(organization)" }
  }

  static let rows = [
    Row(slug: 1, tenant: 1, organization: 1, isInline: true),
    Row(slug: 10, tenant: 17, organization: 19, isInline: true),
    // Forty-eight bytes with the lengths, and one more.
    Row(slug: 10, tenant: 17, organization: 20, isInline: true),
    Row(slug: 22, tenant: 36, organization: 36, isInline: true),
    Row(slug: 39, tenant: 39, organization: 16, isInline: true),
    Row(slug: 39, tenant: 39, organization: 17, isInline: false),
    Row(slug: 40, tenant: 1, organization: 1, isInline: false),
    Row(slug: 1, tenant: 40, organization: 1, isInline: false),
    Row(slug: 1, tenant: 1, organization: 40, isInline: false),
    Row(slug: 63, tenant: 255, organization: 255, isInline: false),
  ]

  /// A tenant whose names have so many bytes, no two of which are the same at the same place or one place on.
  private func tenant(_ slug: Int, _ tenant: Int, _ organization: Int, from first: Int = 0) throws -> Tenant {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    func text(_ count: Int, _ start: Int) -> String {
      String((0..<count).map { letters[(first + start + 3 * $0) % letters.count] })
    }
    return try Tenant(
      id: TenantID(text(tenant, 1)), organizationID: OrgID(text(organization, 5)), slug: Slug(text(slug, 9)),
      createdAt: Timestamp(seconds: 0))
  }

  @Test(arguments: rows)
  func `a context has its tenant's names, from a tenant and from a directory`(row: Row) async throws {
    let tenant = try tenant(row.slug, row.tenant, row.organization)
    let context = TenantContext(tenant)
    #expect(names(of: context) == names(of: tenant))
    #expect((context.names.box == nil) == row.isInline)
    // Of one whose names are long, what follows it in memory is another tenant's.
    let other = try self.tenant(row.slug, row.tenant, row.organization, from: 13)
    let platform = try Platform(domains: ["emperor.gallery"])
    let mapping = DomainMapping(
      host: try HostName("www.example.com"), tenantID: tenant.id, kind: .custom, state: .active,
      provenAt: Timestamp(seconds: 0), createdAt: Timestamp(seconds: 0), changedAt: Timestamp(seconds: 0))
    for mappings in [[], [mapping]] {
      let store = FixedTenantStore(tenants: [
        TenantHosts(tenant: tenant, holds: [], mappings: mappings), TenantHosts(tenant: other, holds: [], mappings: []),
      ])
      let directory = try await HostDirectory(platform: platform, store: store)
      for host in ["\(tenant.slug).emperor.gallery", "www.example.com"].prefix(mappings.count + 1) {
        let found = directory.verdictAndContext(forHost: Array(host.utf8).span, at: Timestamp(seconds: 0)).1
        #expect(names(of: try #require(found)) == names(of: tenant))
        #expect(found == context)
        #expect(found?.hashValue == context.hashValue)
      }
    }
  }

  private func names(of context: TenantContext) -> [String] {
    [context.tenantID.rawValue, context.organizationID.rawValue, context.slug.rawValue]
  }

  private func names(of tenant: Tenant) -> [String] {
    [tenant.id.rawValue, tenant.organizationID.rawValue, tenant.slug.rawValue]
  }

  @Test(arguments: [(1, 1, 1), (10, 17, 19), (10, 17, 20), (20, 20, 22), (20, 20, 23), (22, 36, 36), (40, 50, 60)])
  func `contexts are equal where every byte of all three names is`(slug: Int, tenant: Int, organization: Int) throws {
    let all = names(of: try self.tenant(slug, tenant, organization))
    let context = try context(all)
    #expect(context == (try self.context(all)))
    for (name, text) in all.enumerated() {
      for place in 0..<text.count {
        var changed = Array(text)
        changed[place] = changed[place] == "q" ? "r" : "q"
        var others = all
        others[name] = String(changed)
        #expect(context != (try self.context(others)), "byte \(place) of name \(name)")
      }
    }
    // The same bytes, parted at another place.
    if tenant > 1 {
      let moved = [String(all[0].dropLast()), String(all[0].suffix(1)) + all[1], all[2]]
      #expect(context != (try self.context(moved)))
    }
  }

  private func context(_ names: [String]) throws -> TenantContext {
    try TenantContext(tenantID: TenantID(names[0]), organizationID: OrgID(names[1]), slug: Slug(names[2]))
  }

  @Test func `a context shows its three names and nothing else`() throws {
    let context = TenantContext(try tenant(3, 4, 5))
    let children = Mirror(reflecting: context).children
    #expect(children.map(\.label) == ["tenantID", "organizationID", "slug"])
    #expect(children.map { "\($0.value)" } == names(of: context))
  }
}
