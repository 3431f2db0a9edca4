public import SaaSCore
public import TenancyKit
public import UsageKit

/// Tells how much of its plan's limits a tenant has used, and tells the outbox at 80% and at 100%, once for each limit and
/// window however many processes see it.
///
/// A host application calls ``check(_:at:)`` after it has recorded usage, or from a job.
public struct LimitMonitor: Sendable {
  private let store: any BillingStore
  private let usage: any UsageStore
  private let rules: EntitlementRules
  private let told: Lock<Set<String>>

  /// The hundredths of a limit at which the outbox is told.
  public static let thresholds = [80, 100]

  // A process need not ask the store again for what it has told; forgetting costs a question and no more.
  private static let memory = 10_000

  /// A monitor over the stores of billing and usage.
  public init(store: any BillingStore, usage: any UsageStore, rules: EntitlementRules) {
    self.store = store
    self.usage = usage
    self.rules = rules
    told = Lock([])
  }

  /// How much of each limit of a tenant's plan is used in the window that holds an instant, in the plan's order.
  public func limits(for tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> [LimitStatus] {
    try await statuses(of: rules.entitlements(of: account(of: tenant), at: now), for: tenant)
  }

  /// How much of each limit of some entitlements is used, in their order, all read at one moment.
  public func statuses(of entitlements: Entitlements, for tenant: TenantContext) async throws(BillingError)
    -> [LimitStatus]
  {
    let periods = entitlements.limitPeriods
    guard !periods.isEmpty else { return [] }
    let sums: [UsageSums]
    do throws(UsageStoreError) {
      sums = try await usage.sums(of: periods, for: tenant).value
    } catch {
      switch error {
      case .deletedBefore(let instant):
        throw .store(.corrupt("the present window's usage before \(instant) is deleted"))
      case .store(let error): throw .store(error)
      }
    }
    return entitlements.statuses(used: sums)
  }

  /// Looks at every limit of a tenant's plan, and tells the outbox of those that crossed a threshold.
  /// - Returns: how much of each limit is used.
  @discardableResult
  public func check(_ tenant: TenantContext, at now: Timestamp) async throws(BillingError) -> [LimitStatus] {
    let statuses = try await limits(for: tenant, at: now)
    // A cap of zero says that there is none of it, and cannot be used up.
    for status in statuses where status.allowance.cap > 0 {
      for percent in Self.thresholds where status.hasReached(percent: percent) {
        try await tell(LimitAlert(status, percent: percent), tenant, at: now)
      }
    }
    return statuses
  }

  private func tell(_ alert: LimitAlert, _ tenant: TenantContext, at now: Timestamp) async throws(BillingError) {
    let name = "\(tenant.organizationID)/\(alert.name)"
    if told.withLock({ $0.contains(name) }) { return }
    do throws(StoreError) {
      _ = try await store.raise(alert, for: tenant, at: now)
    } catch {
      throw .store(error)
    }
    told.withLock { told in
      if told.count >= Self.memory { told.removeAll() }
      told.insert(name)
    }
  }

  private func account(of tenant: TenantContext) async throws(BillingError) -> BillingAccount {
    do throws(StoreError) {
      return try await store.account(for: tenant)
    } catch {
      throw .store(error)
    }
  }
}
