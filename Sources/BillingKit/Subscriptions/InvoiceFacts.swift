public import SaaSCore

/// What events told of one invoice of a subscription.
public struct InvoiceFacts: Sendable, Hashable, Codable {
  /// The invoice.
  public let id: InvoiceID
  /// When the provider created it, or, where it did not say, when the first event told of it.
  public internal(set) var createdAt: Timestamp
  /// Whether it bills a renewal, and not a change within a period.
  public internal(set) var isRenewal: Bool
  /// The period that it pays for.
  public internal(set) var period: Period?
  /// When it was first told that it was paid.
  public internal(set) var paidAt: Timestamp?
  /// When it was first told that a payment failed or that the buyer has to act.
  public internal(set) var firstFailedAt: Timestamp?
  /// The latest of what was told.
  public internal(set) var latest: Outcome?

  /// The latest of what was told of an invoice.
  public struct Outcome: Sendable, Hashable, Codable {
    /// What happened.
    public let kind: Kind
    /// When paying is tried next; nil where it is not.
    public let nextAttemptAt: Timestamp?
    /// How often paying was tried.
    public let attemptCount: Int64?
    /// What was paid, or is due.
    public let amount: Money?
    let place: SubscriptionRecord.Place

    /// When it happened.
    public var at: Timestamp { place.at }

    /// What happened to an invoice.
    public enum Kind: String, Sendable, Hashable, Codable {
      /// It was paid.
      case paid
      /// A payment failed.
      case failed
      /// The buyer has to do something for its payment.
      case actionRequired
    }
  }

  /// Whether a payment failed and none is known to have succeeded.
  public var isUnpaid: Bool { firstFailedAt != nil && paidAt == nil }

  // Immutable once known, so that the invoices that are forgotten do not depend on the order in which they came.
  var key: SubscriptionRecord.Place { SubscriptionRecord.Place(at: createdAt, id: id.rawValue) }

  /// What one event tells of an invoice, or nil where it names none.
  init?(_ invoice: InvoiceSnapshot, _ change: ProviderEvent.InvoiceChangeKind, at place: SubscriptionRecord.Place) {
    guard let id = invoice.id else { return nil }
    self.id = id
    createdAt = invoice.createdAt ?? place.at
    isRenewal = invoice.billingReason == "subscription_cycle"
    period = invoice.linePeriod
    let kind: Outcome.Kind
    switch change {
    case .paid:
      kind = .paid
      paidAt = place.at
    case .paymentFailed:
      kind = .failed
      firstFailedAt = place.at
    case .paymentActionRequired:
      kind = .actionRequired
      firstFailedAt = place.at
    }
    latest = Outcome(
      kind: kind, nextAttemptAt: invoice.nextPaymentAttempt, attemptCount: invoice.attemptCount,
      amount: kind == .paid ? invoice.amountPaid : invoice.amountDue, place: place)
  }

  /// Joins what two events tell of one invoice; the order does not matter.
  mutating func join(_ other: InvoiceFacts) {
    createdAt = min(createdAt, other.createdAt)
    isRenewal = isRenewal || other.isRenewal
    paidAt = Self.earlier(paidAt, other.paidAt)
    firstFailedAt = Self.earlier(firstFailedAt, other.firstFailedAt)
    // Of different periods, which a provider does not tell of one invoice, the one that starts first.
    if let theirs = other.period, period.map({ ($0.start, $0.end) > (theirs.start, theirs.end) }) ?? true {
      period = theirs
    }
    // A payment that succeeded is the invoice's last word: what failed in the same second failed before it.
    if let theirs = other.latest, let ours = latest {
      if (ours.rank, ours.place) < (theirs.rank, theirs.place) { latest = theirs }
    }
  }

  private static func earlier(_ left: Timestamp?, _ right: Timestamp?) -> Timestamp? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }
}

extension InvoiceFacts.Outcome {
  fileprivate var rank: Int { kind == .paid ? 1 : 0 }
}
