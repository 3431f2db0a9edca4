import AdminReports
import SaaSCore
import SaaSTesting
import Testing

@Suite struct AccessTests {
  @Test("a member, and an owner of another organisation, get nothing from any call")
  func refusals() async throws {
    var usage = try await RandomUsage(seed: 3)
    try await usage.record(10)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let other = try await usage.tenants.context("team-b")
    let refused: [(Membership, AccessRefusal)] = [
      (try usage.tenants.member(of: usage.tenant, as: .member), .roleTooLow(needed: [.owner, .admin])),
      (try usage.tenants.member(of: other, as: .owner), .notAMember),
    ]
    let tenant = usage.tenant
    let query = try await dashboard.usage(.last7Days, for: tenant, as: usage.owner, at: RandomUsage.now).total.runs
      .audit
    for (member, refusal) in refused {
      let error = ReportError.refused(refusal)
      await #expect(throws: error) {
        try await dashboard.usage(.last7Days, for: tenant, as: member, at: RandomUsage.now)
      }
      await #expect(throws: error) {
        try await dashboard.costs(.last7Days, for: tenant, as: member, at: RandomUsage.now)
      }
      await #expect(throws: error) { try await dashboard.billing(for: tenant, as: member, at: RandomUsage.now) }
      await #expect(throws: error) { try await dashboard.domains(for: tenant, as: member, at: RandomUsage.now) }
      await #expect(throws: error) { try await dashboard.audit(query, for: tenant, as: member) }
      await #expect(throws: error) {
        try await dashboard.page(.last7Days, for: tenant, as: member, at: RandomUsage.now)
      }
    }
    let admin = try usage.tenants.member(of: tenant, as: .admin)
    _ = try await dashboard.page(.last7Days, for: tenant, as: admin, at: RandomUsage.now)
  }
}
