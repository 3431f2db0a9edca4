import SaaSCore
import TenancyKit
import UsageKit

/// Months up to an instant, then periods of 30 days.
struct CutPeriods: BillingPeriods {
  let cut: Timestamp

  func period(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period {
    let month = UTCMonthPeriods.period(containing: instant)
    if instant < cut { return Period(start: month.start, end: min(month.end, cut)) ?? month }
    let length: Int64 = 30 * 86_400_000_000
    let number = (instant.microseconds - cut.microseconds) / length
    let start = cut + .microseconds(number * length)
    return Period(start: start, end: start + .microseconds(length)) ?? month
  }
}
