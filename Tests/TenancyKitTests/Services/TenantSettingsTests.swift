import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("A tenant's settings")
struct TenantSettingsTests {
  private func settings(_ scene: DomainScene) -> TenantSettingsService {
    TenantSettingsService(
      tenants: TenantService(
        platform: scene.platform, store: scene.tenants.store, directories: [scene.directory],
        makeID: { "new" }),
      domains: scene.service)
  }

  @Test("show slug, holds, hosts and domains as they are after each action") func page() async throws {
    let scene = try await DomainScene()
    let settings = settings(scene)
    var acme = try await scene.tenants.context("acme")
    let owner = try scene.owner(acme)
    let subdomain = try HostName("vip.gallery.test")
    _ = try await scene.tenants.store.insert(
      .subdomain(subdomain, of: acme.tenantID, at: scene.now), label: try Slug("vip"), at: scene.now)

    var page = try await settings.settings(of: acme, as: owner, domainLimit: 1)
    #expect(page.slug.rawValue == "acme")
    #expect(page.url == "https://acme.gallery.test")
    #expect(page.operatorsHosts == [subdomain])
    #expect(page.domains == [])
    #expect(page.mayAddDomain)

    acme = try await settings.rename(acme, to: "emperor", as: owner)
    let added = try await settings.addDomain("Bücher.example", to: acme, as: owner, domainLimit: 1)
    page = try await settings.settings(of: acme, as: owner, domainLimit: 1)
    #expect(page.slug.rawValue == "emperor")
    #expect(page.url == "https://emperor.gallery.test")
    #expect(page.heldSlugs.map(\.slug.rawValue) == ["acme"])
    #expect(page.domains.map(\.unicodeName) == ["bücher.example"])
    #expect(page.domains.first?.records == added.records)
    #expect(page.countedDomains == 1)
    #expect(!page.mayAddDomain)
    await #expect(throws: DomainServiceError.store(.domainLimitReached(1))) {
      try await settings.addDomain("other.example.com", to: acme, as: owner, domainLimit: 1)
    }

    let checked = try await settings.recheckDomain(added.host, of: acme, as: owner)
    #expect(checked.status?.obstacle == .ownershipRecordMissing)
    page = try await settings.settings(of: acme, as: owner, domainLimit: 1)
    #expect(page.domains.first?.obstacle == .ownershipRecordMissing)

    #expect(try await settings.removeDomain(added.host, of: acme, as: owner).status == nil)
    page = try await settings.settings(of: acme, as: owner, domainLimit: 1)
    #expect(page.domains == [])
    #expect(page.mayAddDomain)
    scene.clock.advance(by: .days(91))
    #expect(try await settings.settings(of: acme, as: owner, domainLimit: nil).heldSlugs == [])
  }

  @Test("are refused to strangers and plain members, action by action") func access() async throws {
    let scene = try await DomainScene()
    let settings = settings(scene)
    let acme = try await scene.tenants.context("acme")
    let other = try await scene.tenants.context("other")
    _ = try await scene.add("shop.example.com", to: acme)
    let host = try HostName("shop.example.com")
    let before = try await scene.tenants.store.revision()
    for (stranger, refusal) in [
      (try scene.tenants.member(of: other), AccessRefusal.notAMember),
      (try scene.tenants.member(of: acme, as: .member), .roleTooLow(needed: [.owner, .admin])),
    ] {
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await settings.settings(of: acme, as: stranger, domainLimit: nil)
      }
      await #expect(throws: TenantServiceError.refused(refusal)) {
        try await settings.rename(acme, to: "mine", as: stranger)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await settings.addDomain("a.example.com", to: acme, as: stranger, domainLimit: nil)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await settings.recheckDomain(host, of: acme, as: stranger)
      }
      await #expect(throws: DomainServiceError.refused(refusal)) {
        try await settings.removeDomain(host, of: acme, as: stranger)
      }
    }
    #expect(try await scene.tenants.store.revision() == before)
    #expect(
      try await settings.settings(of: acme, as: try scene.tenants.member(of: acme, as: .admin), domainLimit: nil)
        .domains.count == 1)
  }
}
