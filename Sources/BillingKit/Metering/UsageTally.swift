public import SaaSCore

/// What was reported to the provider of one meter's usage in one billing period.
public struct UsageTally: Sendable, Hashable, Codable {
  /// Names the tally; the reports' identifiers begin with it.
  public let key: String
  /// Whose usage it is.
  public let organizationID: OrgID
  /// The customer that it was reported for.
  public let customerID: CustomerID
  /// What is billed, and how it is counted: as the catalogue had it when the period was first looked at, so that another
  /// plan or another catalogue prices no period that it found.
  public let price: MeteredPrice
  /// The item of the subscription that bills it, the latest one that did within the period.
  public internal(set) var itemID: SubscriptionItemID
  /// The items that billed it within the period before that one, and may have been reported for.
  public internal(set) var formerItems: [SubscriptionItemID]
  /// The billing period, as it was when it was last looked at; its start never changes.
  public internal(set) var period: Period
  /// The times within the period whose usage is billed, in order: all of it, unless the price came or went meanwhile.
  public internal(set) var billed: [Period]
  /// Whether the period turned out to begin elsewhere: another period's tally answers for this one's usage, and counts
  /// what was reported under this one's names. It begins no report any more.
  public internal(set) var isMoved: Bool
  /// How many units were reported under the names of tallies that this one answers for.
  public internal(set) var movedIn: Int64
  /// How many of them were accepted before the period's invoice was final.
  public internal(set) var movedInTime: Int64
  /// Raised by one with every change that is saved; 0 for one that was never saved.
  public internal(set) var version: Int64
  /// How many units the provider accepted.
  public internal(set) var delivered: Int64
  /// How many of them it accepted before the period's invoice was final.
  public internal(set) var deliveredInTime: Int64
  /// How many units were sent of which nothing tells yet whether the provider counted them; they are not sent again
  /// before its sum of the whole period tells that it did not.
  public internal(set) var unconfirmed: Int64
  /// How many of them are on the period's invoice if the provider counted them.
  public internal(set) var unconfirmedInTime: Int64
  /// How many units too many were reported of the periods before, which this one pays back.
  public internal(set) var carriedIn: Int64
  /// How many units the ledger says at the latest look, without what the plan includes.
  public internal(set) var target: Int64
  /// The report that was begun and not settled yet.
  public internal(set) var pending: Pending?
  /// How many reports were begun.
  public internal(set) var reports: Int64
  /// The latest instant that a report was stamped with; nil before any.
  public internal(set) var lastStamp: Timestamp?
  /// The reports that were accepted within the last days, for what the provider tells of them later.
  public internal(set) var recent: [Delivered]
  /// What the provider's sum was when the period was compared; nil before.
  public internal(set) var counted: Int64?
  /// How many units could not be billed, as it was last told to the outbox.
  public internal(set) var toldUnbilled: Int64
  /// The provider's words where it refused the latest report.
  public internal(set) var refusal: String?

  /// A tally of a period of which nothing was reported.
  package init(
    key: String, organizationID: OrgID, customerID: CustomerID, price: MeteredPrice, itemID: SubscriptionItemID,
    period: Period
  ) {
    self.key = key
    self.organizationID = organizationID
    self.customerID = customerID
    self.price = price
    self.itemID = itemID
    formerItems = []
    self.period = period
    billed = [period]
    isMoved = false
    movedIn = 0
    movedInTime = 0
    version = 0
    delivered = 0
    deliveredInTime = 0
    unconfirmed = 0
    unconfirmedInTime = 0
    carriedIn = 0
    target = 0
    reports = 0
    recent = []
    toldUnbilled = 0
  }

  /// The meter's name.
  public var meter: String { price.meter.name }

  /// A report that was begun, stored before it is sent.
  public struct Pending: Sendable, Hashable, Encodable {
    /// The report's identifier.
    public let identifier: String
    /// The item that it names, also where another bills the period by now.
    public let itemID: SubscriptionItemID
    /// How many units.
    public let value: Int64
    /// When they are counted.
    public let timestamp: Timestamp
    /// When it was begun, after which it may have been sent at any time.
    public let begunAt: Timestamp
    /// When it was first to be sent after the period's invoice was final, stored before that; nil while it was sent before
    /// only, so that it is on the invoice if the provider counted it.
    public internal(set) var lateSince: Timestamp?
  }

  /// A report that was accepted.
  public struct Delivered: Sendable, Hashable, Codable {
    /// The report's identifier.
    public let identifier: String
    /// How many units.
    public let value: Int64
    /// When it was accepted.
    public let at: Timestamp
    /// Whether that was before the period's invoice was final.
    public let inTime: Bool
  }
}

extension UsageTally {
  /// Reads a stored tally, also of a release that kept no items and did not tell which unconfirmed units came in time.
  /// Those are taken to be late, so that they are rather shown as unbilled than left out.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    key = try fields.decode(String.self, forKey: .key)
    organizationID = try fields.decode(OrgID.self, forKey: .organizationID)
    customerID = try fields.decode(CustomerID.self, forKey: .customerID)
    price = try fields.decode(MeteredPrice.self, forKey: .price)
    let itemID = try fields.decode(SubscriptionItemID.self, forKey: .itemID)
    self.itemID = itemID
    formerItems = try fields.decodeIfPresent([SubscriptionItemID].self, forKey: .formerItems) ?? []
    period = try fields.decode(Period.self, forKey: .period)
    billed = try fields.decode([Period].self, forKey: .billed)
    isMoved = try fields.decode(Bool.self, forKey: .isMoved)
    movedIn = try fields.decode(Int64.self, forKey: .movedIn)
    movedInTime = try fields.decode(Int64.self, forKey: .movedInTime)
    version = try fields.decode(Int64.self, forKey: .version)
    delivered = try fields.decode(Int64.self, forKey: .delivered)
    deliveredInTime = try fields.decode(Int64.self, forKey: .deliveredInTime)
    unconfirmed = try fields.decode(Int64.self, forKey: .unconfirmed)
    unconfirmedInTime = try fields.decodeIfPresent(Int64.self, forKey: .unconfirmedInTime) ?? 0
    carriedIn = try fields.decode(Int64.self, forKey: .carriedIn)
    target = try fields.decode(Int64.self, forKey: .target)
    pending = try fields.decodeIfPresent(StoredPending.self, forKey: .pending)?.pending(of: itemID)
    reports = try fields.decode(Int64.self, forKey: .reports)
    lastStamp = try fields.decodeIfPresent(Timestamp.self, forKey: .lastStamp)
    recent = try fields.decode([Delivered].self, forKey: .recent)
    counted = try fields.decodeIfPresent(Int64.self, forKey: .counted)
    toldUnbilled = try fields.decode(Int64.self, forKey: .toldUnbilled)
    refusal = try fields.decodeIfPresent(String.self, forKey: .refusal)
  }
}

/// A pending report as it is stored; one that was stored without its item was sent to its tally's.
private struct StoredPending: Decodable {
  let identifier: String
  let itemID: SubscriptionItemID?
  let value: Int64
  let timestamp: Timestamp
  let begunAt: Timestamp
  let lateSince: Timestamp?

  func pending(of item: SubscriptionItemID) -> UsageTally.Pending {
    UsageTally.Pending(
      identifier: identifier, itemID: itemID ?? item, value: value, timestamp: timestamp, begunAt: begunAt,
      lateSince: lateSince)
  }
}
