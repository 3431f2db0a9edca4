public import BillingKit
public import SaaSCore

/// Metered usage over Stripe's billing meters.
///
/// Stripe tells reports apart by their identifier for at least a day, takes those of the past 35 days, and counts
/// asynchronously: what it could not count comes later, as thin events.
public struct StripeMeters: MeteredUsageGateway {
  private let client: StripeClient
  private let clock: any WallClock

  /// The meters of the account that a key belongs to.
  public init(
    key: StripeAPIKey, transport: any HTTPTransport, configuration: StripeConfiguration = StripeConfiguration(),
    clock: any WallClock = SystemWallClock(), random: RandomSource = .system
  ) {
    client = StripeClient(
      key: key, configuration: configuration, transport: transport, clock: clock, random: random)
    self.clock = clock
  }

  public var identifierWindow: Duration { .seconds(86_400) }
  public var reportingWindow: Duration { .seconds(35 * 86_400) }

  public func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
    let form = StripeForm([
      ("event_name", .text(report.meter.name)),
      ("identifier", .text(report.identifier)),
      (
        "payload",
        .fields([
          ("stripe_customer_id", .text(report.customerID.rawValue)), ("value", .text("\(report.value)")),
        ])
      ),
      ("timestamp", .instant(report.timestamp)),
    ])
    // The identifier keeps a report from counting twice. The key, stable across this call's attempts, is another for the
    // next call, which would else be given this one's failure again.
    let key = "\(report.identifier)/\(clock.now().microseconds)"
    do {
      _ = try await client.post(["v1", "billing", "meter_events"], form, key: key)
      return .accepted
    } catch {
      if Self.isRepeat(error) { return .alreadyReported }
      throw error
    }
  }

  /// Stripe refuses an identifier that it knows, and has no code of its own for that.
  private static func isRepeat(_ error: GatewayError) -> Bool {
    guard error.kind == .refused else { return false }
    let message = error.message.lowercased()
    return message.contains("already exists") && message.contains("identifier")
  }

  public func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
    guard let meterID = query.meter.meterID else { return nil }
    let summaries = StripePages { [client] cursor throws(GatewayError) in
      var form = StripeForm([
        ("customer", .text(query.customerID.rawValue)), ("start_time", .instant(query.period.start)),
        ("end_time", .instant(query.period.end)), ("limit", .number(100)),
      ])
      if let cursor { form.append("starting_after", .text(cursor)) }
      let answer = try await client.get(
        ["v1", "billing", "meters", meterID.rawValue, "event_summaries"], form)
      return try StripeGateway.part(answer) { element throws(StripeReadError) in
        guard let sum = element["aggregated_value"].flatMap(Self.wholeNumber) else {
          throw element.failure("no whole number 'aggregated_value'")
        }
        return sum
      }
    }
    var total: Int64 = 0
    for sum in try await summaries.all() {
      let (next, overflow) = total.addingReportingOverflow(sum)
      guard !overflow else { throw GatewayError(.unreadable, "the summaries' sum is out of range") }
      total = next
    }
    return total
  }

  /// A whole number that may be written with a fraction of zeros, as Stripe's sums are.
  static func wholeNumber(_ value: JSONValue) -> Int64? {
    if let number = value.int64 { return number }
    guard let text = value.decimalText else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].allSatisfy({ $0 == "0" }) else { return nil }
    return Int64(parts[0])
  }

  public func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? {
    let answer = try await client.get(["v2", "core", "events", event.rawValue])
    return try answer.value { root throws(StripeReadError) in
      guard let data = root.object("data") else { throw root.failure("no object 'data'") }
      let reason = data.object("reason")
      let types = reason?.list("error_types") ?? []
      let samples = types.flatMap { $0.list("sample_errors") }
      return MeterErrorReport(
        start: data.text("validation_start").flatMap { try? Timestamp(iso8601: $0) },
        end: data.text("validation_end").flatMap { try? Timestamp(iso8601: $0) },
        summary: data.text("developer_message_summary") ?? types.compactMap { $0.text("code") }.joined(separator: ", "),
        count: reason?.number("error_count") ?? Int64(samples.count),
        identifiers: samples.compactMap { $0.object("request")?.text("identifier") })
    }
  }
}
