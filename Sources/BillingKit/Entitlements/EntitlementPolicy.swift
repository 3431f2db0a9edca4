public import SaaSCore

/// For how long which status gives an organisation its plan.
///
/// Active and trialing give it; past due gives it for a while, and never past the end of the period that is unpaid; every
/// other status gives the default plan. An unknown status counts as the last known one.
public struct EntitlementPolicy: Sendable, Hashable {
  /// How long a subscription that is past due keeps its plan.
  ///
  /// It is counted from the start of the period that is unpaid, because the provider moves the period before it bills; for
  /// a failure within a period, from the first failure. Every period that is unpaid has a grace of its own: an invoice of
  /// a period that is over takes none away, because it may have been voided, or its payment's event lost.
  public let pastDueGrace: Duration

  /// A policy; seven days of grace unless said otherwise.
  public init(pastDueGrace: Duration = .seconds(7 * 86_400)) { self.pastDueGrace = pastDueGrace }

  /// Whether a subscription gives its plan at an instant.
  public func isEntitled(_ record: SubscriptionRecord, at instant: Timestamp) -> Bool {
    switch record.status {
    case .active, .trialing: true
    case .pastDue: graceEnd(of: record).map { instant < $0 } ?? false
    default: false
    }
  }

  /// When a subscription that is past due loses its plan; nil for one that is not past due.
  public func graceEnd(of record: SubscriptionRecord) -> Timestamp? {
    guard record.status == .pastDue else { return nil }
    let current = record.snapshot?.currentPeriod
    var end: Timestamp?
    for invoice in record.invoices where invoice.isUnpaid && !isOver(invoice, by: current?.start) {
      let anchor = invoice.isRenewal ? invoice.period?.start ?? invoice.createdAt : invoice.firstFailedAt
      guard let anchor else { continue }
      let grace = min(anchor + pastDueGrace, invoice.isRenewal ? invoice.period?.end ?? .distantFuture : .distantFuture)
      end = end.map { min($0, grace) } ?? grace
    }
    guard let bounded = end ?? current.map({ $0.start + pastDueGrace }) else { return nil }
    return current.map { min(bounded, $0.end) } ?? bounded
  }

  /// Whether an invoice is of a period before the current one: a renewal that paid for it, or a change made within it.
  private func isOver(_ invoice: InvoiceFacts, by start: Timestamp?) -> Bool {
    guard let start else { return false }
    if invoice.isRenewal { return invoice.period.map { $0.end <= start } ?? false }
    return invoice.firstFailedAt.map { $0 < start } ?? false
  }
}
