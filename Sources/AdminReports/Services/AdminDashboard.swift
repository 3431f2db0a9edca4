public import SaaSCore
public import TenancyKit
public import UsageKit

/// What owners and admins of an organisation see of it: usage, costs, billing, domains, and the rows behind every figure.
///
/// Every call first compares the member's organisation and role with the tenant's and refuses all but its owners and
/// admins, before anything is read. Nothing is ever changed.
public struct AdminDashboard: Sendable {
  let tenants: any TenantStore
  let usageStore: any UsageStore
  let billing: Billing?

  /// A dashboard over a host application's stores.
  /// - Parameter billing: where billing is read from; nil for a host application that has none.
  public init(tenants: any TenantStore, usage: any UsageStore, billing: Billing? = nil) {
    self.tenants = tenants
    usageStore = usage
    self.billing = billing
  }

  /// Runs by day, user and workflow, beside those of as many days before.
  /// - Complexity: in proportion to the groups × days of the window, not to its events.
  public func usage(
    _ window: ReportWindow, for tenant: TenantContext, as member: Membership, at now: Timestamp
  ) async throws(ReportError) -> UsageSection {
    try authorize(member, for: tenant)
    let (present, before) = try await readings(of: try window.days(at: now), for: tenant)
    return UsageSection(present, before: before, at: now)
  }

  /// Events, tokens and costs by model, day, user and workflow, beside those of as many days before.
  /// - Complexity: in proportion to the groups × days of the window, not to its events.
  public func costs(
    _ window: ReportWindow, for tenant: TenantContext, as member: Membership, at now: Timestamp
  ) async throws(ReportError) -> CostSection {
    try authorize(member, for: tenant)
    let (present, before) = try await readings(of: try window.days(at: now), for: tenant)
    return CostSection(present, before: before, at: now)
  }

  /// One page of the rows of which a figure is made.
  ///
  /// Followed from page to page, the rows add up to the figure, whatever was recorded since; where one of them has changed
  /// since, ``AuditReport/changedSince`` says so.
  /// - Parameter cursor: the ``AuditReport/next`` of the page before; nil for the first.
  /// - Throws: ``ReportError``; `deletedBefore` where retention has deleted rows of the query's period.
  public func audit(
    _ query: AuditQuery, after cursor: AuditCursor? = nil, limit: PageLimit = .standard, for tenant: TenantContext,
    as member: Membership
  ) async throws(ReportError) -> AuditReport {
    try authorize(member, for: tenant)
    let place = try cursor?.content(for: tenant.organizationID, query)
    switch query.subject {
    case .runs(let runs):
      let answer = try await reading { () async throws(UsageStoreError) in
        try await usageStore.runs(matching: runs, at: query.revision, after: place?.run, limit: limit, of: tenant)
      }
      let next = try answer.page.next.map { cursor throws(ReportError) in
        try AuditCursor(
          AuditCursor.Content(organization: tenant.organizationID, query: query, run: cursor, event: nil))
      }
      return AuditReport(
        query: query, changedSince: answer.changedSince, runs: answer.page.elements.map { AuditedRun($0.run) },
        events: [], next: next)
    case .events(let events):
      let answer = try await reading { () async throws(UsageStoreError) in
        try await usageStore.events(matching: events, at: query.revision, after: place?.event, limit: limit, of: tenant)
      }
      let next = try answer.page.next.map { cursor throws(ReportError) in
        try AuditCursor(
          AuditCursor.Content(organization: tenant.organizationID, query: query, run: nil, event: cursor))
      }
      return AuditReport(
        query: query, changedSince: answer.changedSince, runs: [],
        events: answer.page.elements.map(AuditedEvent.init), next: next)
    }
  }

  func authorize(_ member: Membership, for tenant: TenantContext) throws(ReportError) {
    do { try member.require([.owner, .admin], in: tenant.organizationID) } catch { throw .refused(error) }
  }

  func readings(of window: DayWindow, for tenant: TenantContext) async throws(ReportError)
    -> (present: UsageReading<UsageReport>, before: UsageReading<UsageReport>)
  {
    do {
      return (
        try await usageStore.report(for: window, of: tenant),
        try await usageStore.report(for: window.previous, of: tenant)
      )
    } catch {
      throw .store(error)
    }
  }

  func reading<Answer>(_ read: () async throws(UsageStoreError) -> Answer) async throws(ReportError) -> Answer {
    do {
      return try await read()
    } catch {
      switch error {
      case .deletedBefore(let instant): throw .deletedBefore(instant)
      case .store(let error): throw .store(error)
      }
    }
  }
}
