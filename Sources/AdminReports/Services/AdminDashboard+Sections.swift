public import BillingKit
public import SaaSCore
public import TenancyKit
internal import UsageKit

extension AdminDashboard {
  /// Where billing is read from.
  public struct Billing: Sendable {
    let store: any BillingStore
    let rules: EntitlementRules

    /// Billing in a store, under the rules of a catalogue.
    public init(store: any BillingStore, rules: EntitlementRules) {
      self.store = store
      self.rules = rules
    }
  }

  /// The plan, its limits with what is used of them, and warnings; nil where the dashboard has no billing.
  /// - Complexity: in proportion to the days of the limits' windows and the events of two hours of each.
  public func billing(for tenant: TenantContext, as member: Membership, at now: Timestamp) async throws(ReportError)
    -> BillingSection?
  {
    try authorize(member, for: tenant)
    guard let billing else { return nil }
    let account: BillingAccount
    do { account = try await billing.store.account(for: tenant) } catch { throw .store(error) }
    let entitlements = billing.rules.entitlements(of: account, at: now)
    let sums = try await reading { () async throws(UsageStoreError) in
      try await usageStore.sums(of: entitlements.limitPeriods, for: tenant)
    }
    let tallies: [UsageTally]
    do {
      tallies = try await billing.store.tallies(endingAfter: now - Self.unbilledMemory, for: tenant)
    } catch {
      throw .store(error)
    }
    return BillingSection(
      account, entitlements, limits: entitlements.statuses(used: sums.value), tallies: tallies, revision: sums.revision,
      at: now)
  }

  /// For how long usage that could not be billed is shown after its period.
  private static let unbilledMemory = Duration.seconds(100 * 86_400)

  /// The custom domains and where each stands.
  public func domains(for tenant: TenantContext, as member: Membership, at now: Timestamp) async throws(ReportError)
    -> DomainSection
  {
    try authorize(member, for: tenant)
    let hosts: TenantHosts?
    do {
      hosts = try await tenants.hosts(of: tenant.tenantID)
    } catch {
      if case .store(let error) = error { throw .store(error) }
      throw .store(.corrupt("a read was refused: \(error)"))
    }
    guard let hosts else { throw .store(.notFound) }
    return DomainSection(hosts, at: now)
  }

  /// Everything that the dashboard shows.
  public func page(
    _ window: ReportWindow, for tenant: TenantContext, as member: Membership, at now: Timestamp
  ) async throws(ReportError) -> DashboardPage {
    try authorize(member, for: tenant)
    let (present, before) = try await readings(of: try window.days(at: now), for: tenant)
    return DashboardPage(
      usage: UsageSection(present, before: before, at: now), costs: CostSection(present, before: before, at: now),
      billing: try await billing(for: tenant, as: member, at: now),
      domains: try await domains(for: tenant, as: member, at: now))
  }
}
