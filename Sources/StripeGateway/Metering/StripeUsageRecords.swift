public import BillingKit
public import SaaSCore

/// Metered usage over Stripe's usage records, which only accounts with metered prices from before basil (2025-03-31) have;
/// all others use ``StripeMeters``.
///
/// A report's identifier is sent as its idempotency key, so that a repeat within a day counts once and is answered as the
/// first time. No errors come later. The metered price has to add its records up (`aggregate_usage=sum`, the default).
public struct StripeUsageRecords: MeteredUsageGateway {
  /// The last version of the API that has usage records.
  public static let lastVersion = "2025-02-24.acacia"

  private let client: StripeClient

  /// The usage records of the account that a key belongs to.
  /// - Parameters:
  ///   - configuration: its version must be one that has usage records.
  public init(
    key: StripeAPIKey, transport: any HTTPTransport,
    configuration: StripeConfiguration = StripeConfiguration(apiVersion: lastVersion),
    clock: any WallClock = SystemWallClock(), random: RandomSource = .system
  ) {
    client = StripeClient(
      key: key, configuration: configuration, transport: transport, clock: clock, random: random)
  }

  public var identifierWindow: Duration { .seconds(86_400) }
  /// How far back a report's timestamp may lie. Stripe takes any instant of the item's current period; this is as much as
  /// the shortest month has.
  public var reportingWindow: Duration { .seconds(28 * 86_400) }

  public func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
    guard let itemID = report.itemID else {
      throw GatewayError(.refused, "usage records need the subscription's item", parameter: "itemID")
    }
    let form = StripeForm([
      ("quantity", .number(report.value)), ("timestamp", .instant(report.timestamp)), ("action", .text("increment")),
    ])
    _ = try await client.post(
      ["v1", "subscription_items", itemID.rawValue, "usage_records"], form, key: report.identifier)
    return .accepted
  }

  /// The total of a billing period that is over, over the items that reports of it named.
  ///
  /// Stripe summarises usage records by item and by its own billing periods, and tells no bounds of the running one, which
  /// may begin elsewhere by now than is known here. So it is nil until Stripe has summarised the very period that is asked
  /// for, of every item; what was not confirmed until then stays unconfirmed, and is not sent a second time.
  public func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
    var total: Int64 = 0
    for item in query.itemIDs {
      guard let counted = try await usage(of: item, in: query.period) else { return nil }
      let (next, overflow) = total.addingReportingOverflow(counted)
      guard !overflow else { throw GatewayError(.unreadable, "the summaries' sum is out of range") }
      total = next
    }
    return query.itemIDs.isEmpty ? nil : total
  }

  /// What Stripe counted of an item in a billing period of its own, or nil where it tells of no such item or period.
  private func usage(of item: SubscriptionItemID, in period: Period) async throws(GatewayError) -> Int64? {
    let summaries = StripePages { [client] cursor throws(GatewayError) in
      var form = StripeForm([("limit", .number(100))])
      if let cursor { form.append("starting_after", .text(cursor)) }
      let answer = try await client.get(
        ["v1", "subscription_items", item.rawValue, "usage_record_summaries"], form)
      return try StripeGateway.part(answer) { element throws(StripeReadError) in try Summary(element) }
    }
    var iterator = summaries.makeAsyncIterator()
    do throws(GatewayError) {
      while let summary = try await iterator.next() {
        guard let told = summary.period else { continue }
        if told == period { return summary.usage }
        // The latest come first.
        if told.end <= period.start { return nil }
      }
      return nil
    } catch {
      // An item that was removed.
      if error.kind == .notFound { return nil }
      throw error
    }
  }

  /// One item's usage in one of Stripe's billing periods.
  private struct Summary: Sendable {
    /// The period from the first minute to the last, as ``ReportedSumQuery/period`` has it; nil for the running one.
    let period: Period?
    let usage: Int64

    init(_ element: StripeReader) throws(StripeReadError) {
      guard let usage = element.number("total_usage") else { throw element.failure("no whole number 'total_usage'") }
      self.usage = usage
      guard let bounds = element.object("period"), let start = try bounds.instant("start"),
        let end = try bounds.instant("end")
      else {
        period = nil
        return
      }
      period = Period(start: start.ceiledToMinute, end: end.ceiledToMinute)
    }
  }

  /// Nil: usage records are counted when they are taken.
  public func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? { nil }
}
