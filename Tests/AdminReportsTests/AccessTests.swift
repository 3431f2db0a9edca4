import AdminReports
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite struct AccessTests {
  /// Everything that a dashboard can be asked.
  enum Call: CaseIterable {
    case usage, costs, billing, domains, audit, auditNextPage, page
  }

  /// Who asks, and what is said to them.
  enum Asker: CaseIterable {
    case owner, admin, member, otherOwner, otherAdmin, otherMember, ownerOfNothing

    var refusal: AccessRefusal? {
      switch self {
      case .owner, .admin: nil
      case .member: .roleTooLow(needed: [.owner, .admin])
      case .otherOwner, .otherAdmin, .otherMember, .ownerOfNothing: .notAMember
      }
    }
  }

  @Test(
    "owners and admins get an answer to every call; a member, and whoever belongs to another organisation, nothing",
    arguments: Call.allCases, Asker.allCases)
  func calls(call: Call, asker: Asker) async throws {
    var usage = try await RandomUsage(seed: 3)
    try await usage.record(30)
    let (tenant, now) = (usage.tenant, RandomUsage.now)
    let dashboard = AdminDashboard(tenants: usage.tenants.store, usage: usage.store)
    let query = try await dashboard.usage(.last30Days, for: tenant, as: usage.owner, at: now).total.runs.audit
    let cursor = try #require(
      try await dashboard.audit(query, limit: PageLimit(3), for: tenant, as: usage.owner).next)
    let other = try await usage.tenants.context("team-b")
    let member =
      switch asker {
      case .owner: try usage.tenants.member(of: tenant)
      case .admin: try usage.tenants.member(of: tenant, as: .admin)
      case .member: try usage.tenants.member(of: tenant, as: .member)
      case .otherOwner: try usage.tenants.member(of: other)
      case .otherAdmin: try usage.tenants.member(of: other, as: .admin)
      case .otherMember: try usage.tenants.member(of: other, as: .member)
      // An organisation whose identifier begins as the tenant's does.
      case .ownerOfNothing:
        Membership(userID: try UserID("u"), organizationID: try OrgID("org-team-"), role: .owner)
      }
    func ask() async throws {
      switch call {
      case .usage: _ = try await dashboard.usage(.last7Days, for: tenant, as: member, at: now)
      case .costs: _ = try await dashboard.costs(.last7Days, for: tenant, as: member, at: now)
      case .billing: _ = try await dashboard.billing(for: tenant, as: member, at: now)
      case .domains: _ = try await dashboard.domains(for: tenant, as: member, at: now)
      case .audit: _ = try await dashboard.audit(query, for: tenant, as: member)
      case .auditNextPage: _ = try await dashboard.audit(query, after: cursor, for: tenant, as: member)
      case .page: _ = try await dashboard.page(.last7Days, for: tenant, as: member, at: now)
      }
    }
    if let refusal = asker.refusal {
      await #expect(throws: ReportError.refused(refusal)) { try await ask() }
    } else {
      try await ask()
    }
  }
}
