public import SaaSCore

/// For how long which status gives an organisation its plan.
///
/// Active and trialing give it; past due gives it for a while, and never past the end of the period that is unpaid; every
/// other status gives the default plan. An unknown status counts as the last known one.
public struct EntitlementPolicy: Sendable, Hashable {
  /// How long a subscription that is past due keeps its plan.
  ///
  /// It is counted from the start of the period that is unpaid, because the provider moves the period before it bills; for
  /// a failure within a period, from the first failure. Who goes on without paying has it once: of several periods that
  /// are unpaid the first counts, and a new one brings no other grace. What was unpaid before the subscription was active
  /// again takes none away, because it was paid, perhaps unheard of, or voided.
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
    for invoice in record.invoices where invoice.isUnpaid && !isSettled(invoice, of: record) {
      let anchor = invoice.isRenewal ? invoice.period?.start ?? invoice.createdAt : invoice.firstFailedAt
      guard let anchor else { continue }
      let grace = min(anchor + pastDueGrace, invoice.isRenewal ? invoice.period?.end ?? .distantFuture : .distantFuture)
      end = end.map { min($0, grace) } ?? grace
    }
    guard let bounded = end ?? current.map({ $0.start + pastDueGrace }) else { return nil }
    return current.map { min(bounded, $0.end) } ?? bounded
  }

  /// Whether an invoice of a period before the current one was settled, without its payment's being heard of: the
  /// subscription was active after it failed.
  private func isSettled(_ invoice: InvoiceFacts, of record: SubscriptionRecord) -> Bool {
    guard let start = record.snapshot?.currentPeriod?.start, let failedAt = invoice.firstFailedAt else { return false }
    let isOver = invoice.isRenewal ? invoice.period.map { $0.end <= start } ?? false : failedAt < start
    return isOver && record.paidUpAt.map { failedAt < $0 } ?? false
  }
}
