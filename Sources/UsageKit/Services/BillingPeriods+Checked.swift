internal import SaaSCore
internal import TenancyKit

extension BillingPeriods {
  /// The period that holds an instant; an answer that does not hold it is an error, because a job that follows periods
  /// from end to start would never come to an end.
  func checkedPeriod(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period {
    let period = try await period(containing: instant, for: tenant)
    guard period.contains(instant) else {
      throw .corrupt("the billing period \(period.start)–\(period.end) does not hold \(instant)")
    }
    return period
  }

  /// The periods that touch a span, in order.
  func periods(touching span: Period, for tenant: TenantContext) async throws(StoreError) -> [Period] {
    var result: [Period] = []
    var instant = span.start
    while instant < span.end {
      let period = try await checkedPeriod(containing: instant, for: tenant)
      result.append(period)
      instant = period.end
    }
    return result
  }
}
