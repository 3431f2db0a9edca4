public import SaaSCore

/// Everything that billing knows of one organisation, or of a customer that no organisation is linked to yet.
///
/// It is the unit that a ``BillingStore`` reads and writes: a change is computed from one value to the next by pure
/// functions, and saved if the stored version is still the one that was read.
public struct BillingAccount: Sendable, Hashable, Codable {
  /// Whose account it is.
  public let owner: Owner
  /// Raised by one with every change that is saved; 0 for an account that was never saved.
  public internal(set) var version: Int64
  /// The provider's customers that were or are the organisation's, in the order in which they were linked. At most one is
  /// not deleted.
  public internal(set) var customers: [CustomerLink]
  /// The creation of a customer that was begun; nil once the customer is linked.
  public internal(set) var pendingCustomer: PendingCustomer?
  /// How many creations of customers were begun.
  public internal(set) var customerAttempts: Int64
  /// Every subscription of the customers', in the order of identifiers.
  public internal(set) var subscriptions: [SubscriptionRecord]
  /// The checkout that was begun last, until it is completed, expired or replaced.
  public internal(set) var checkout: CheckoutIntent?
  /// How many checkouts were begun.
  public internal(set) var checkoutAttempts: Int64
  /// The change of a subscription that was begun last, until it is known to be done or refused.
  public internal(set) var change: ChangeIntent?
  /// How many changes to subscriptions were asked for.
  public internal(set) var operations: Int64
  /// What the operator granted, in the order of identifiers.
  public internal(set) var grants: [Grant]
  /// The member who may act for the organisation in billing beside its owner.
  public internal(set) var billingAdmin: UserID?
  /// The plan that the outbox was told last; nil while it was told none, which is the catalogue's default one.
  public internal(set) var toldPlan: PlanStanding?

  /// An account of which nothing is known yet.
  public init(owner: Owner) {
    self.owner = owner
    version = 0
    customers = []
    customerAttempts = 0
    subscriptions = []
    checkoutAttempts = 0
    operations = 0
    grants = []
    if case .customer(let id) = owner { customers = [CustomerLink(id: id, linkedAt: nil)] }
  }

  /// Whose account it is.
  public enum Owner: Sendable, Hashable, Codable {
    /// An organisation's.
    case organization(OrgID)
    /// A customer's that no organisation is linked to yet.
    case customer(CustomerID)
  }

  /// The organisation, or nil for a customer that none is linked to.
  public var organizationID: OrgID? {
    if case .organization(let id) = owner { return id }
    return nil
  }

  /// The customer with whom a checkout or portal session is made: the one that is not deleted.
  public var customer: CustomerLink? { customers.last { $0.deletedAt == nil } }

  /// Whether a customer is or was this account's.
  public func has(_ customer: CustomerID) -> Bool { customers.contains { $0.id == customer } }

  /// The record of a subscription, or nil.
  public func subscription(_ id: SubscriptionID) -> SubscriptionRecord? { subscriptions.first { $0.id == id } }
}

/// A customer at the payment provider that is an organisation's.
public struct CustomerLink: Sendable, Hashable, Codable {
  /// The customer.
  public let id: CustomerID
  /// When it was linked to the organisation; nil while it is not.
  public let linkedAt: Timestamp?
  /// When the provider deleted it.
  public internal(set) var deletedAt: Timestamp?

  init(id: CustomerID, linkedAt: Timestamp?, deletedAt: Timestamp? = nil) {
    self.id = id
    self.linkedAt = linkedAt
    self.deletedAt = deletedAt
  }
}

/// The creation of a customer that was begun, so that two requests, or one before and after a crash, make one customer.
public struct PendingCustomer: Sendable, Hashable, Codable {
  /// Counts the organisation's customers; the idempotency key is derived from it.
  public let attempt: Int64
  /// When it was begun.
  public let begunAt: Timestamp
  /// What was asked for, whole, because the same key with other parameters is refused.
  public let email: String?
  /// The name that was asked for.
  public let name: String?
}

/// A checkout that was begun, stored before the provider is asked, so that two requests make one session.
public struct CheckoutIntent: Sendable, Hashable, Codable {
  /// Counts the organisation's checkouts; the idempotency key is derived from it.
  public let attempt: Int64
  /// What is bought.
  public let offer: Offer
  /// What the provider is asked for, whole, because the same key with other parameters is refused.
  public let request: Request
  /// When it was begun.
  public let begunAt: Timestamp
  /// The session, once the provider has answered.
  public internal(set) var sessionID: CheckoutSessionID?

  package init(
    attempt: Int64, offer: Offer, request: Request, begunAt: Timestamp, sessionID: CheckoutSessionID? = nil
  ) {
    self.attempt = attempt
    self.offer = offer
    self.request = request
    self.begunAt = begunAt
    self.sessionID = sessionID
  }

  /// What a checkout sells.
  public struct Offer: Sendable, Hashable, Codable {
    /// The plan.
    public let planID: PlanID
    /// How often it is billed.
    public let interval: BillingInterval
    /// How many seats, the included ones counted; 1 on a plan without seats.
    public let seats: Int64

    /// A plan for an interval with a number of seats.
    public init(planID: PlanID, interval: BillingInterval, seats: Int64) {
      self.planID = planID
      self.interval = interval
      self.seats = seats
    }
  }

  /// The parts of a ``NewCheckoutSession`` that do not follow from the organisation.
  public struct Request: Sendable, Hashable, Codable {
    /// Who buys.
    public let customerID: CustomerID
    /// What is bought.
    public let lines: [CheckoutLine]
    /// Where the buyer comes back to.
    public let urls: ReturnURLs
    /// How many days of trial come first.
    public let trialDays: Int?
    /// When nobody can pay any more.
    public let expiresAt: Timestamp
    /// Whether the buyer may enter a promotion code.
    public let allowsPromotionCodes: Bool
    /// Whether the provider works out taxes.
    public let automaticTax: Bool

    package init(
      customerID: CustomerID, lines: [CheckoutLine], urls: ReturnURLs, trialDays: Int?, expiresAt: Timestamp,
      allowsPromotionCodes: Bool, automaticTax: Bool
    ) {
      self.customerID = customerID
      self.lines = lines
      self.urls = urls
      self.trialDays = trialDays
      self.expiresAt = expiresAt
      self.allowsPromotionCodes = allowsPromotionCodes
      self.automaticTax = automaticTax
    }
  }
}

/// Where a buyer comes back to from the provider's page.
public struct ReturnURLs: Sendable, Hashable, Codable {
  /// After paying; `{CHECKOUT_SESSION_ID}` in it becomes the session's ID, for `BillingService`'s `completeCheckout`.
  public let success: String
  /// Without having paid.
  public let cancel: String

  /// Two addresses of the host application.
  public init(success: String, cancel: String) {
    self.success = success
    self.cancel = cancel
  }
}
