public import SaaSCore

/// A checkout at the payment provider: the page where a buyer pays for a subscription.
public struct CheckoutSession: Sendable, Hashable, Codable {
  /// The session.
  public let id: CheckoutSessionID
  /// Where the buyer is sent; nil once the session is not open any more.
  public var url: String?
  /// How far it is.
  public var status: Status
  /// The provider's word on the payment: `paid`, `unpaid`, `no_payment_required`; nil where it did not say.
  public var paymentStatus: String?
  /// Who buys.
  public var customerID: CustomerID?
  /// What was bought, once it is complete.
  public var subscriptionID: SubscriptionID?
  /// The host application's own reference: our checkout puts the organisation there.
  public var clientReference: String?
  /// What was attached to it.
  public var metadata: [String: String]
  /// When it was created.
  public var createdAt: Timestamp?
  /// When it expires unless it is completed.
  public var expiresAt: Timestamp?

  /// A session with the given fields.
  public init(
    id: CheckoutSessionID, url: String? = nil, status: Status, paymentStatus: String? = nil,
    customerID: CustomerID? = nil, subscriptionID: SubscriptionID? = nil, clientReference: String? = nil,
    metadata: [String: String] = [:], createdAt: Timestamp? = nil, expiresAt: Timestamp? = nil
  ) {
    self.id = id
    self.url = url
    self.status = status
    self.paymentStatus = paymentStatus
    self.customerID = customerID
    self.subscriptionID = subscriptionID
    self.clientReference = clientReference
    self.metadata = metadata
    self.createdAt = createdAt
    self.expiresAt = expiresAt
  }

  /// How far a checkout is.
  public enum Status: String, Sendable, Hashable, Codable {
    /// The buyer can still pay.
    case open
    /// Completed; the subscription exists.
    case complete
    /// Nobody can pay any more.
    case expired
    /// A word of the provider's that is none of the others.
    case unknown

    /// The status that a provider's text stands for.
    public init(providerText text: String?) { self = text.flatMap(Status.init(rawValue:)) ?? .unknown }
  }
}
