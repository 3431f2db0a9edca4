public import SaaSCore

/// One event that the payment provider told of, verified and read, neutral as to the provider's format.
public struct ProviderEvent: Sendable, Hashable {
  /// The event; a repeated delivery has the same one.
  public let id: ProviderEventID
  /// When the change happened by the provider's clock, often in whole seconds only, so that ties are common.
  public let createdAt: Timestamp
  /// Whether it is of the live mode and not of a test mode; nil where the format does not say.
  public let isLive: Bool?
  /// The connected account that it is of; nil for the account that receives it.
  public let accountID: ProviderAccountID?
  /// The provider's own name of the event's type, `customer.subscription.updated` for one.
  public let type: String
  /// What it tells.
  public let payload: Payload

  /// An event with the given fields.
  public init(
    id: ProviderEventID, createdAt: Timestamp, isLive: Bool?, accountID: ProviderAccountID? = nil, type: String,
    payload: Payload
  ) {
    self.id = id
    self.createdAt = createdAt
    self.isLive = isLive
    self.accountID = accountID
    self.type = type
    self.payload = payload
  }

  /// What an event tells.
  public enum Payload: Sendable, Hashable {
    /// A subscription as it was when the event was made.
    case subscription(SubscriptionSnapshot, SubscriptionChangeKind)
    /// A subscription as it was when the event was made, without items that did not fit; only a read tells it whole.
    case partialSubscription(SubscriptionSnapshot, SubscriptionChangeKind)
    /// A checkout was completed or expired.
    case checkout(CheckoutSession)
    /// An invoice was paid, or could not be.
    case invoice(InvoiceSnapshot, InvoiceChangeKind)
    /// A customer was deleted, and with it all its subscriptions.
    case customerDeleted(CustomerID)
    /// Reported usage was refused after the fact; what exactly is read through ``MeteredUsageGateway/meterErrors(of:)``.
    case meterErrors
    /// A type that billing does not use.
    case unused
  }

  /// What happened to a subscription.
  public enum SubscriptionChangeKind: String, Sendable, Hashable {
    /// It was created.
    case created
    /// Some field changed.
    case updated
    /// It ended.
    case deleted
    /// It was paused.
    case paused
    /// It goes on after a pause.
    case resumed
    /// Its trial ends in a few days.
    case trialWillEnd
  }

  /// What happened to an invoice.
  public enum InvoiceChangeKind: String, Sendable, Hashable {
    /// It was paid, by a payment or otherwise.
    case paid
    /// A payment of it failed.
    case paymentFailed
    /// The buyer has to do something for its payment.
    case paymentActionRequired
  }
}
