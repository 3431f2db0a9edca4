public import BillingKit
public import SaaSCore

/// Metered usage over Stripe's usage records, which only accounts with metered prices from before basil (2025-03-31) have;
/// all others use ``StripeMeters``.
///
/// A report's identifier is sent as its idempotency key, so that a repeat within a day counts once and is answered as the
/// first time. No errors come later.
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

  /// Nil: Stripe tells no sum that would prove a report of usage records counted. Its usage record summaries are totals of
  /// one subscription item over the provider's own billing periods, the running one without bounds, and a customer's span
  /// may be of several items, also of removed ones. So a report that is older than its key's memory stays unconfirmed,
  /// and is never sent a second time.
  public func reportedSum(of meter: UsageMeter, customer: CustomerID, in period: Period) async throws(GatewayError)
    -> Int64?
  { nil }

  /// Nil: usage records are counted when they are taken.
  public func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? { nil }
}
