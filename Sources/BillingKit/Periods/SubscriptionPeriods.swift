public import SaaSCore
public import TenancyKit
public import UsageKit

/// Billing periods as they follow from organisations' subscriptions (``PeriodTimeline``), for the ledger.
public struct SubscriptionPeriods: BillingPeriods {
  private let store: any BillingStore

  /// Periods by what a store knows of subscriptions.
  public init(store: any BillingStore) { self.store = store }

  public func period(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period {
    PeriodTimeline(try await store.account(for: tenant)).period(containing: instant)
  }
}
