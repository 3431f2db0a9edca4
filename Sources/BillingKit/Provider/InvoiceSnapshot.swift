public import SaaSCore

/// An invoice as an event of the payment provider carries it, as far as billing needs it.
public struct InvoiceSnapshot: Sendable, Hashable, Codable {
  /// The invoice; nil for one that is only announced.
  public let id: InvoiceID?
  /// Who owes it.
  public var customerID: CustomerID?
  /// The subscription that it bills; nil for one of another kind.
  public var subscriptionID: SubscriptionID?
  /// The provider's status text: `draft`, `open`, `paid`, `uncollectible`, `void`.
  public var status: String?
  /// Why it was made, in the provider's word: `subscription_cycle`, `subscription_create`, `subscription_update`, ….
  public var billingReason: String?
  /// How often paying was tried.
  public var attemptCount: Int64?
  /// When paying is tried next; nil where it is not.
  public var nextPaymentAttempt: Timestamp?
  /// What is due.
  public var amountDue: Money?
  /// What was paid.
  public var amountPaid: Money?
  /// When the invoice was created.
  public var createdAt: Timestamp?
  /// The end of the period that the invoice tells of itself; for a renewal that is the renewal, not what it pays for.
  public var periodEnd: Timestamp?
  /// The period that its first subscription line pays for.
  public var linePeriod: Period?

  /// An invoice with the given fields.
  public init(
    id: InvoiceID?, customerID: CustomerID? = nil, subscriptionID: SubscriptionID? = nil, status: String? = nil,
    billingReason: String? = nil, attemptCount: Int64? = nil, nextPaymentAttempt: Timestamp? = nil,
    amountDue: Money? = nil, amountPaid: Money? = nil, createdAt: Timestamp? = nil,
    periodEnd: Timestamp? = nil, linePeriod: Period? = nil
  ) {
    self.id = id
    self.customerID = customerID
    self.subscriptionID = subscriptionID
    self.status = status
    self.billingReason = billingReason
    self.attemptCount = attemptCount
    self.nextPaymentAttempt = nextPaymentAttempt
    self.amountDue = amountDue
    self.amountPaid = amountPaid
    self.createdAt = createdAt
    self.periodEnd = periodEnd
    self.linePeriod = linePeriod
  }
}
