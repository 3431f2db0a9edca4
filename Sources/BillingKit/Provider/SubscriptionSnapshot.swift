public import SaaSCore

/// A subscription as the payment provider had it at one moment: as an event carries it or a gateway reads it.
///
/// It is neutral as to the shape of the provider's API. Fields that the provider left out or that could not be read are
/// nil or empty; an adapter never makes one up.
public struct SubscriptionSnapshot: Sendable, Hashable, Codable {
  /// The subscription.
  public let id: SubscriptionID
  /// Whose it is.
  public var customerID: CustomerID
  /// The provider's status.
  public var status: ProviderStatus
  /// What is subscribed to, in the provider's order.
  public var items: [SubscriptionItem]
  /// When the subscription was created.
  public var createdAt: Timestamp
  /// When it began, which a backdated one did before it was created; nil where the provider did not say.
  public var startedAt: Timestamp?
  /// Whether it ends with its current period.
  public var cancelAtPeriodEnd: Bool
  /// When it is to end, where an instant was set. A cancellation by the customer may set only this.
  public var cancelAt: Timestamp?
  /// When somebody asked for its end, which may lie ahead.
  public var canceledAt: Timestamp?
  /// When it ended.
  public var endedAt: Timestamp?
  /// When its trial began.
  public var trialStart: Timestamp?
  /// When its trial ends or ended.
  public var trialEnd: Timestamp?
  /// Whether and how collecting payments is paused; the status goes on meanwhile.
  public var pausedCollection: PausedCollection?
  /// Its latest invoice.
  public var latestInvoiceID: InvoiceID?
  /// What was attached to it; only what our own checkout set for the same customer is trusted.
  public var metadata: [String: String]

  /// A subscription with the given fields.
  public init(
    id: SubscriptionID, customerID: CustomerID, status: ProviderStatus, items: [SubscriptionItem],
    createdAt: Timestamp, startedAt: Timestamp? = nil, cancelAtPeriodEnd: Bool = false, cancelAt: Timestamp? = nil,
    canceledAt: Timestamp? = nil, endedAt: Timestamp? = nil, trialStart: Timestamp? = nil, trialEnd: Timestamp? = nil,
    pausedCollection: PausedCollection? = nil, latestInvoiceID: InvoiceID? = nil, metadata: [String: String] = [:]
  ) {
    self.id = id
    self.customerID = customerID
    self.status = status
    self.items = items
    self.createdAt = createdAt
    self.startedAt = startedAt
    self.cancelAtPeriodEnd = cancelAtPeriodEnd
    self.cancelAt = cancelAt
    self.canceledAt = canceledAt
    self.endedAt = endedAt
    self.trialStart = trialStart
    self.trialEnd = trialEnd
    self.pausedCollection = pausedCollection
    self.latestInvoiceID = latestInvoiceID
    self.metadata = metadata
  }

  /// How collecting payments is paused.
  public struct PausedCollection: Sendable, Hashable, Codable {
    /// What happens to invoices meanwhile, in the provider's word (`keep_as_draft`, `mark_uncollectible`, `void`).
    public let behavior: String
    /// When collecting begins again by itself.
    public let resumesAt: Timestamp?

    /// A pause with its behaviour.
    public init(behavior: String, resumesAt: Timestamp?) {
      self.behavior = behavior
      self.resumesAt = resumesAt
    }
  }

  /// A cancellation that lies ahead.
  public enum ScheduledCancellation: Sendable, Hashable, Codable {
    /// With the end of the current period.
    case atPeriodEnd
    /// At an instant.
    case at(Timestamp)
  }

  /// The cancellation that lies ahead, however it was asked for; nil for a subscription that goes on or is over.
  public var scheduledCancellation: ScheduledCancellation? {
    if status.isFinal { return nil }
    if cancelAtPeriodEnd { return .atPeriodEnd }
    return cancelAt.map { .at($0) }
  }

  /// The current period: of the items' periods the one that ends first, and of those the one that began last.
  public var currentPeriod: Period? {
    items.compactMap(\.currentPeriod).min { ($0.end, $1.start) < ($1.end, $0.start) }
  }

  /// When it began: the provider's start, else its creation.
  public var start: Timestamp { startedAt ?? createdAt }
}

/// One item of a subscription: a price, and how many of it.
public struct SubscriptionItem: Sendable, Hashable, Codable {
  /// The item.
  public let id: SubscriptionItemID
  /// Its price.
  public var priceID: PriceID
  /// How many; nil on metered prices.
  public var quantity: Int64?
  /// Whether the quantity or reported usage is billed.
  public var usageType: UsageType
  /// The item's current period; an API that tells one period for the whole subscription has it on every item.
  public var currentPeriod: Period?

  /// An item with the given fields.
  public init(
    id: SubscriptionItemID, priceID: PriceID, quantity: Int64?, usageType: UsageType = .licensed,
    currentPeriod: Period? = nil
  ) {
    self.id = id
    self.priceID = priceID
    self.quantity = quantity
    self.usageType = usageType
    self.currentPeriod = currentPeriod
  }

  /// What of an item is billed.
  public enum UsageType: String, Sendable, Hashable, Codable {
    /// The quantity; also where the provider said nothing or something unknown.
    case licensed
    /// Reported usage.
    case metered
  }
}
