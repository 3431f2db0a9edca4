import AdminReports
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite struct DomainSectionTests {
  private static let states: [(DomainMapping.State, String)] = [
    (.pending, "waiting for proof"), (.verified, "proven, not served yet"), (.active, "served"),
    (.error(.notConfigured), "the DNS does not point here"), (.error(.expired), "the proof did not come in time"),
    (.error(.ownershipLost), "the proof is gone from the DNS"),
    (.error(.claimedElsewhere), "the name could not be proven"),
    (.error(.refused(code: "<code>")), "the provider refused it (\u{2068}&lt;code&gt;\u{2069})"),
    (.removing, "being removed"),
  ]

  @Test("every domain stands with its state in the section, the page, the CSV and the warnings, in order of names")
  func states() async throws {
    let usage = try await RandomUsage(seed: 6)
    let now = RandomUsage.now
    for (index, entry) in Self.states.enumerated() {
      let mapping = DomainMapping(
        host: try HostName("d\(9 - index).example.org"), tenantID: usage.tenant.tenantID, kind: .custom,
        state: entry.0, provenAt: entry.0.needsProof ? now : nil, createdAt: now, changedAt: now)
      _ = try await usage.tenants.store.insert(mapping, label: nil, at: now)
    }
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let section = try await dashboard.domains(for: usage.tenant, as: usage.owner, at: now)
    #expect(section.domains.map(\.host.rawValue) == (1...9).map { "d\($0).example.org" })
    #expect(section.domains.map(\.state) == Self.states.map(\.0).reversed())
    #expect(section.domains.filter(\.isServed).map(\.state) == [.active])

    let page = try await dashboard.page(.last7Days, for: usage.tenant, as: usage.owner, at: now)
    let html = page.html(PageOptions(organizationName: "A"))
    for (_, words) in Self.states { #expect(html.contains(words), "\(words)") }
    #expect(html.components(separatedBy: "is not served:").count == 6)
    let csv = try #require(section.csvTables.first?.text)
    #expect(csv.contains("d6.example.org,custom,error,notConfigured,false,"))
  }
}
