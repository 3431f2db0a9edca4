public import SaaSCore

extension EntitlementRules {
  /// What changed between two values of one account, for its store to append to the outbox; nothing where the two are
  /// alike in everything that can be seen.
  ///
  /// The plan is held against what was told last, ``BillingAccount/toldPlan``, so that it tells too what the passing of time
  /// brought about since; all else is a difference between the two.
  public func events(from old: BillingAccount, to new: BillingAccount, cause: BillingCause, at now: Timestamp)
    -> [BillingEvent]
  {
    var events: [BillingEvent] = []
    for record in new.subscriptions {
      let before = old.subscription(record.id)
      events += Self.events(from: before, to: record, cause: cause)
      if let prices = newlyUnresolved(from: before, to: record) {
        events.append(.unresolvedPrices(record.id, prices))
      }
    }
    let before = told(of: old)
    let after = standing(of: new, at: now).summary
    if before != after {
      let isByTime = standing(of: old, at: now).summary == after
      events.append(.planChanged(from: before, to: after, cause: isByTime ? .time : cause))
    }
    // Most have one, and need not be put in order.
    if new.subscriptions.count > 1 {
      let paying = new.payingSubscriptions.map(\.id)
      if paying.count > 1, Set(paying) != Set(old.payingSubscriptions.map(\.id)) {
        events.append(.duplicateSubscriptions(paying.sorted()))
      }
    }
    for link in new.customers where link.deletedAt != nil {
      if old.customers.first(where: { $0.id == link.id })?.deletedAt == nil { events.append(.customerDeleted(link.id)) }
    }
    return events
  }

  /// Takes note in an account that is to be saved of what does not follow from an input: which plans the catalogue knows
  /// its prices to be of by now, and that the outbox is told its plan with it.
  func takeNote(in account: inout BillingAccount, at now: Timestamp) {
    account.resolve(in: catalog)
    // An account of no organisation tells nothing.
    guard account.organizationID != nil else { return }
    let plan = standing(of: account, at: now).summary
    if plan != told(of: account) { account.toldPlan = plan }
  }

  /// Whether there is something to take note of in an account.
  func owesNote(in account: BillingAccount, at now: Timestamp) -> Bool {
    var noted = account
    takeNote(in: &noted, at: now)
    return noted != account
  }

  private func told(of account: BillingAccount) -> PlanStanding {
    account.toldPlan ?? PlanStanding(planID: catalog.defaultPlan.id, seats: 1)
  }

  private static func events(from old: SubscriptionRecord?, to new: SubscriptionRecord, cause: BillingCause)
    -> [BillingEvent]
  {
    var events: [BillingEvent] = []
    if new.snapshot != nil, old?.snapshot == nil || old?.posture != new.posture {
      let before = old.flatMap { $0.snapshot == nil ? nil : $0.posture }
      events.append(.postureChanged(new.id, from: before, to: new.posture, cause: cause))
    }
    for invoice in new.invoices {
      let before = old?.invoices.first { $0.id == invoice.id }?.latest
      guard let latest = invoice.latest, latest != before else { continue }
      switch latest.kind {
      case .paid: events.append(.paymentSucceeded(new.id, invoice: invoice.id, amount: latest.amount))
      case .failed:
        events.append(
          .paymentFailed(
            new.id, invoice: invoice.id, attempt: latest.attemptCount, nextAttemptAt: latest.nextAttemptAt))
      case .actionRequired: events.append(.paymentActionRequired(new.id, invoice: invoice.id))
      }
    }
    if let end = new.announcedTrialEnd, end != old?.announcedTrialEnd, !new.isFinal {
      events.append(.trialEnding(new.id, endsAt: end))
    }
    if !new.isFinal, old?.scheduledEnd != new.scheduledEnd {
      events.append(.cancellationChanged(new.id, endsAt: new.scheduledEnd))
    }
    return events
  }

  private func newlyUnresolved(from old: SubscriptionRecord?, to new: SubscriptionRecord) -> [PriceID]? {
    guard let snapshot = new.snapshot, !new.isFinal else { return nil }
    let prices = catalog.unresolvedPrices(of: snapshot)
    if prices.isEmpty { return nil }
    let before = old?.snapshot.map { catalog.unresolvedPrices(of: $0) } ?? []
    return Set(prices).isSubset(of: before) ? nil : prices
  }
}

extension EntitlementRules.Standing {
  var summary: PlanStanding { PlanStanding(planID: plan.id, seats: seats) }
}

extension SubscriptionRecord {
  /// When a scheduled cancellation ends the subscription; nil where none lies ahead.
  public var scheduledEnd: Timestamp? {
    switch snapshot?.scheduledCancellation {
    case .atPeriodEnd: snapshot?.currentPeriod?.end ?? snapshot?.cancelAt ?? .distantFuture
    case .at(let instant): instant
    case nil: nil
    }
  }
}
