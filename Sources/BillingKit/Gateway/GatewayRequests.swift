public import SaaSCore

/// A key under which the provider does a write once, however often it is sent.
///
/// The services derive one from what the write is for, never from chance, so that a repeat after a crash has the same.
public struct IdempotencyKey: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Something that was read from the provider, with the instant that it is at least as new as.
public struct GatewayRead<Value: Sendable>: Sendable {
  /// What was read.
  public let value: Value
  /// An instant by the provider's clock that is not after the start of the request: what happened before it is in the
  /// value, what happens from it on may not be.
  public let asOf: Timestamp

  /// A value and the instant that it is at least as new as.
  public init(_ value: Value, asOf: Timestamp) {
    self.value = value
    self.asOf = asOf
  }
}

extension GatewayRead: Equatable where Value: Equatable {}

/// A customer to be created.
public struct NewCustomer: Sendable, Hashable {
  /// The organisation, by which ``PaymentGateway/findCustomer(organization:installation:)`` finds it.
  public let organizationID: OrgID
  /// The installation that the organisation is of.
  public let installation: InstallationID
  /// Where the provider sends receipts.
  public var email: String?
  /// The name on invoices.
  public var name: String?

  /// A customer for an organisation.
  public init(organizationID: OrgID, installation: InstallationID, email: String? = nil, name: String? = nil) {
    self.organizationID = organizationID
    self.installation = installation
    self.email = email
    self.name = name
  }
}

/// A price in a checkout, and how many of it.
public struct CheckoutLine: Sendable, Hashable, Codable {
  /// The price.
  public let priceID: PriceID
  /// How many; nil on a metered price, on which providers refuse one.
  public let quantity: Int64?

  /// A line of a checkout.
  public init(priceID: PriceID, quantity: Int64?) {
    self.priceID = priceID
    self.quantity = quantity
  }
}

/// A checkout session to be created for a subscription.
public struct NewCheckoutSession: Sendable, Hashable {
  /// Who buys.
  public let customerID: CustomerID
  /// What is bought, in order.
  public let lines: [CheckoutLine]
  /// Where the buyer comes back to; `{CHECKOUT_SESSION_ID}` in it becomes the session's ID.
  public let successURL: String
  /// Where the buyer comes back to without having paid.
  public let cancelURL: String
  /// The host application's own reference.
  public let clientReference: String
  /// What to attach, to the session and to its subscription alike.
  public let metadata: [String: String]
  /// How many days of trial come first; nil for none.
  public let trialDays: Int?
  /// When nobody can pay any more; nil for the provider's own limit.
  public let expiresAt: Timestamp?
  /// Whether the buyer may enter a promotion code.
  public let allowsPromotionCodes: Bool
  /// Whether the provider works out taxes.
  public let automaticTax: Bool

  /// A session with the given fields.
  public init(
    customerID: CustomerID, lines: [CheckoutLine], successURL: String, cancelURL: String, clientReference: String,
    metadata: [String: String], trialDays: Int? = nil, expiresAt: Timestamp? = nil,
    allowsPromotionCodes: Bool = false, automaticTax: Bool = false
  ) {
    self.customerID = customerID
    self.lines = lines
    self.successURL = successURL
    self.cancelURL = cancelURL
    self.clientReference = clientReference
    self.metadata = metadata
    self.trialDays = trialDays
    self.expiresAt = expiresAt
    self.allowsPromotionCodes = allowsPromotionCodes
    self.automaticTax = automaticTax
  }
}

/// A session of the provider's customer portal.
public struct PortalSession: Sendable, Hashable {
  /// Where the customer is sent; short-lived and personal.
  public let url: String

  /// A session at an address.
  public init(url: String) { self.url = url }
}

/// A change to a subscription that has not ended.
public enum SubscriptionChange: Sendable, Hashable, Codable {
  /// Other prices or quantities; items that are not named stay as they are.
  case items([ItemChange], proration: Proration)
  /// Ends with the current period.
  case cancelAtPeriodEnd
  /// Goes on after all: clears whichever cancellation lies ahead, an end with the period or an instant.
  case undo(SubscriptionSnapshot.ScheduledCancellation)
  /// Nothing: it only uses its key up, so that the provider refuses any other request under it.
  case nothing

  /// A change to one item.
  public enum ItemChange: Sendable, Hashable, Codable {
    /// Gives an item a price and a quantity, which is nil on a metered price.
    ///
    /// The quantity is always said, because providers take a new price without one for a quantity of 1.
    case set(SubscriptionItemID, priceID: PriceID, quantity: Int64?)
    /// Adds an item.
    case add(priceID: PriceID, quantity: Int64?)
    /// Removes an item.
    case remove(SubscriptionItemID)
  }

  /// What happens to the money for the rest of the period.
  public enum Proration: String, Sendable, Hashable, Codable {
    /// The difference is on the next invoice.
    case onNextInvoice
    /// The difference is invoiced at once.
    case now
    /// No difference is billed.
    case none
  }
}

/// How a subscription is ended at once.
public struct ImmediateCancellation: Sendable, Hashable {
  /// Whether what is still owed, metered usage for one, is invoiced at once.
  public let invoicesNow: Bool
  /// Whether unused time is credited.
  public let prorates: Bool

  /// An end with its settlement.
  public init(invoicesNow: Bool = false, prorates: Bool = false) {
    self.invoicesNow = invoicesNow
    self.prorates = prorates
  }
}
