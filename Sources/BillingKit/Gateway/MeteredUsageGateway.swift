public import SaaSCore

/// Where the provider counts metered usage, as the plan catalogue names it.
public struct UsageMeter: Sendable, Hashable, Codable {
  /// The name that reports carry; Stripe's `event_name`, at most 100 characters.
  public let name: String
  /// The meter, where the provider needs it to tell sums.
  public let meterID: MeterID?
  /// The metered price that bills it.
  public let priceID: PriceID

  /// A meter with its name.
  public init(name: String, meterID: MeterID?, priceID: PriceID) {
    self.name = name
    self.meterID = meterID
    self.priceID = priceID
  }
}

/// A positive amount of usage to add to what the provider has counted.
public struct MeteredUsageReport: Sendable, Hashable {
  /// Names the report: the provider adds it once while it remembers the name. At most 100 ASCII characters.
  public let identifier: String
  /// Whose usage it is.
  public let customerID: CustomerID
  /// What it is added to.
  public let meter: UsageMeter
  /// The item of the customer's subscription that bills it, for providers that count by item.
  public let itemID: SubscriptionItemID?
  /// How much; at least 1.
  public let value: Int64
  /// When it is counted, in whole seconds.
  public let timestamp: Timestamp

  /// A report with the given fields.
  public init(
    identifier: String, customerID: CustomerID, meter: UsageMeter, itemID: SubscriptionItemID?, value: Int64,
    timestamp: Timestamp
  ) {
    self.identifier = identifier
    self.customerID = customerID
    self.meter = meter
    self.itemID = itemID
    self.value = value
    self.timestamp = timestamp
  }
}

/// What the provider says to a usage report.
public enum MeteredUsageAnswer: Sendable, Hashable {
  /// It was taken, and will be counted unless ``MeteredUsageGateway/meterErrors(of:)`` tells otherwise later.
  case accepted
  /// It had been taken before under the same identifier.
  case alreadyReported
}

/// What the provider could not count after it had accepted it.
public struct MeterErrorReport: Sendable, Hashable {
  /// The first instant of the reports that were looked at, where it was told.
  public let start: Timestamp?
  /// The first instant after them, where it was told.
  public let end: Timestamp?
  /// One plain sentence for an operator.
  public let summary: String
  /// How many reports were refused.
  public let count: Int64
  /// The identifiers of refused reports that were told, which may be a sample.
  public let identifiers: [String]

  /// A report of refusals.
  public init(start: Timestamp?, end: Timestamp?, summary: String, count: Int64, identifiers: [String]) {
    self.start = start
    self.end = end
    self.summary = summary
    self.count = count
    self.identifiers = identifiers
  }
}

/// Which sum of counted usage is asked for.
public struct ReportedSumQuery: Sendable, Hashable {
  /// What it was added to.
  public let meter: UsageMeter
  /// Whose usage it is.
  public let customerID: CustomerID
  /// Every item of the customer's subscriptions that reports of the period named, for providers that count by item.
  public let itemIDs: [SubscriptionItemID]
  /// When it was counted: whole minutes. A billing period whose bounds do not lie on them begins and ends with the first
  /// minutes after them.
  public let period: Period

  /// A question with the given fields.
  public init(meter: UsageMeter, customerID: CustomerID, itemIDs: [SubscriptionItemID], period: Period) {
    self.meter = meter
    self.customerID = customerID
    self.itemIDs = itemIDs
    self.period = period
  }
}

/// Takes reports of metered usage, for `MeteredUsageReporter`.
///
/// Stripe's billing meters are one implementation, its legacy usage records another, by explicit choice of the host
/// application. An implementation guarantees that a report that is sent again under its identifier, within
/// ``identifierWindow``, is counted once.
public protocol MeteredUsageGateway: Sendable {
  /// How long the provider surely remembers an identifier; a repeat after it may count twice.
  var identifierWindow: Duration { get }

  /// How far back a report's timestamp may lie.
  var reportingWindow: Duration { get }

  /// Adds a report to what is counted.
  /// - Throws: ``GatewayError``; `refused` where the provider will never take it.
  func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer

  /// The sum of what was counted for a customer in a period, or nil where the provider cannot tell. It may lag behind what
  /// was accepted, never run ahead of it.
  func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64?

  /// Reads what an event of kind ``ProviderEvent/Payload/meterErrors`` tells of, or gives nil where reports are counted
  /// when they are accepted, so that such events are of another meter.
  func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport?
}
