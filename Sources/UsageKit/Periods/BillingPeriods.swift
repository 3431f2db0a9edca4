public import SaaSCore
public import TenancyKit

/// Tells in which billing period of an organisation an instant lies.
///
/// BillingKit implements it from subscriptions; a host application without billing uses ``UTCMonthPeriods``. The ledger
/// and limits call it.
///
/// An implementation guarantees that an organisation's periods tile time: the answer holds the instant, one period ends
/// where the next begins, and an instant at a boundary lies in the later one. A period that has ended and whose
/// successor is known does not change; the present one may end earlier than was expected, where a plan starts or ends.
public protocol BillingPeriods: Sendable {
  /// The period that holds an instant.
  func period(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period
}

/// Billing periods that are the months of UTC, for every organisation.
public struct UTCMonthPeriods: BillingPeriods {
  /// The months of UTC.
  public init() {}

  public func period(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period {
    Self.period(containing: instant)
  }

  /// The month that holds an instant; everything before the year 1970 and everything after the year 9999 is one period
  /// each, because no usage lies there.
  public static func period(containing instant: Timestamp) -> Period {
    guard instant >= UsageBounds.earliest else { return Period(ordered: .distantPast, UsageBounds.earliest) }
    guard instant <= UsageBounds.latest else {
      return Period(ordered: Timestamp(microseconds: UsageBounds.latest.microseconds + 1), .distantFuture)
    }
    let day = UTCDay(containing: instant)
    let date = CivilDate(daysSince1970: day.daysSince1970)
    let first = day.advanced(by: 1 - date.day)
    return Period(ordered: first.start, first.advanced(by: CivilDate.days(inMonth: date.month, year: date.year)).start)
  }
}
