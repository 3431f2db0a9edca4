import SaaSCore
import SaaSTesting
import TenancyKit
import UsageKit

/// A usage store as a process sees it that stops before or after it rolls up or sums.
final class CrashingUsageStore: ForwardingUsageStore {
  let base: InMemoryUsageStore
  private let point: CrashPoint

  init(_ base: InMemoryUsageStore, at point: CrashPoint) {
    self.base = base
    self.point = point
  }

  private func moment() throws(StoreError) {
    if point.isFatal() { throw .unavailable(.failed("stopped")) }
  }

  func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
    try moment()
    let rows = try await base.rollUp(periods, of: tenant)
    try moment()
    return rows
  }

  func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError) -> UsageReading<[UsageSums]>
  {
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    let sums = try await base.sums(of: periods, for: tenant)
    do throws(StoreError) { try moment() } catch { throw .store(error) }
    return sums
  }
}
