import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A usage store in memory whose recording and rolling up a test stages: it waits, fails and listens there.
final class StagedUsageStore: ForwardingUsageStore {
  let base = InMemoryUsageStore()
  /// Called before each call that records, with the sizes of its batches.
  private let beforeRecord: @Sendable ([Int]) async throws(StoreError) -> Void
  private let beforeRollUp: @Sendable (TenantContext) async throws(StoreError) -> Void

  init(
    beforeRecord: @escaping @Sendable ([Int]) async throws(StoreError) -> Void = { _ in },
    beforeRollUp: @escaping @Sendable (TenantContext) async throws(StoreError) -> Void = { _ in }
  ) {
    self.beforeRecord = beforeRecord
    self.beforeRollUp = beforeRollUp
  }

  func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]] {
    try await beforeRecord(batches.map(\.writes.count))
    return try await base.record(batches, at: now)
  }

  func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
    try await beforeRollUp(tenant)
    return try await base.rollUp(periods, of: tenant)
  }
}
