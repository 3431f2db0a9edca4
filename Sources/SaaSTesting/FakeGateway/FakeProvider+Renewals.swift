package import BillingKit
package import SaaSCore

extension FakeProvider {
  /// How long after a renewal its invoice is charged, and final.
  package static let invoiceDelay = Duration.seconds(3_600)
  /// How long after a failed attempt the next one comes; after the last the subscription ends or stays unpaid.
  private static let retries: [Duration] = [.seconds(3 * 86_400), .seconds(5 * 86_400), .seconds(7 * 86_400)]

  /// Moves the clock to an instant, doing everything that is due on the way in its order.
  package mutating func advance(to instant: Timestamp) {
    let target = Timestamp(seconds: instant.microseconds.flooredDivision(by: 1_000_000).quotient)
    while let next = nextDue(), next.at <= target {
      now = max(now, next.at)
      perform(next.work)
    }
    now = max(now, target)
  }

  private enum Work {
    case announceTrialEnd(SubscriptionID)
    case endPeriod(SubscriptionID)
    case cancel(SubscriptionID)
    case expireIncomplete(SubscriptionID)
    case charge(InvoiceID)
    case expireSession(CheckoutSessionID)
  }

  private func nextDue() -> (at: Timestamp, work: Work)? {
    var due: [(at: Timestamp, name: String, work: Work)] = []
    for (id, subscription) in subscriptions where !subscription.value.status.isFinal {
      let value = subscription.value
      if value.status == .incomplete {
        due.append((value.createdAt + .seconds(23 * 3_600), id.rawValue, .expireIncomplete(id)))
        continue
      }
      if let end = value.trialEnd, value.status == .trialing, !subscription.trialEndAnnounced {
        due.append((max(value.createdAt, end - .seconds(3 * 86_400)), id.rawValue, .announceTrialEnd(id)))
      }
      if let at = value.cancelAt { due.append((at, id.rawValue, .cancel(id))) }
      if value.status != .paused, let end = value.currentPeriod?.end { due.append((end, id.rawValue, .endPeriod(id))) }
    }
    for invoice in invoices.values {
      if let at = invoice.nextAttempt { due.append((at, invoice.id.rawValue, .charge(invoice.id))) }
    }
    for session in sessions.values where session.value.status == .open {
      if let at = session.value.expiresAt {
        due.append((at, session.value.id.rawValue, .expireSession(session.value.id)))
      }
    }
    return due.min { ($0.at, $0.name) < ($1.at, $1.name) }.map { ($0.at, $0.work) }
  }

  private mutating func perform(_ work: Work) {
    switch work {
    case .announceTrialEnd(let id):
      subscriptions[id]?.trialEndAnnounced = true
      tell(.trialWillEnd, id)
    case .cancel(let id): end(id)
    case .expireIncomplete(let id):
      subscriptions[id]?.value.status = .incompleteExpired
      subscriptions[id]?.value.endedAt = now
      for invoice in invoices.values where invoice.subscriptionID == id { invoices[invoice.id]?.status = "void" }
      tell(.updated, id)
    case .endPeriod(let id): renew(id)
    case .charge(let id): charge(id)
    case .expireSession(let id): try? expireSession(id)
    }
  }

  private mutating func renew(_ id: SubscriptionID) {
    guard let subscription = subscriptions[id] else { return }
    if subscription.value.cancelAtPeriodEnd { return end(id) }
    let trialEnded = subscription.value.status == .trialing
    let period = CalendarMonths(anchor: subscription.anchor, step: subscription.months).period(containing: now)
    if trialEnded { subscriptions[id]?.value.status = .active }
    for index in subscription.value.items.indices {
      subscriptions[id]?.value.items[index].currentPeriod = period
    }
    makeInvoice(for: id, reason: "subscription_cycle", chargedAt: now + Self.invoiceDelay)
    tell(.updated, id)
  }

  /// Ends a subscription now.
  package mutating func end(_ id: SubscriptionID) {
    guard let subscription = subscriptions[id], !subscription.value.status.isFinal else { return }
    subscriptions[id]?.value.status = .canceled
    subscriptions[id]?.value.endedAt = now
    subscriptions[id]?.value.canceledAt = subscription.value.canceledAt ?? now
    for invoice in invoices.values where invoice.subscriptionID == id && invoice.status != "paid" {
      invoices[invoice.id]?.nextAttempt = nil
      invoices[invoice.id]?.status = "void"
    }
    tell(.deleted, id)
  }

  // MARK: Invoices

  @discardableResult
  package mutating func makeInvoice(for id: SubscriptionID, reason: String, chargedAt: Timestamp) -> InvoiceID {
    let invoice: InvoiceID = makeID("in")
    guard let value = subscriptions[id]?.value, let period = value.currentPeriod else { return invoice }
    let amount = value.items.reduce(Int64(0)) { sum, item in
      sum &+ (prices[item.priceID]?.unitAmount ?? 0) &* (item.quantity ?? 0)
    }
    invoices[invoice] = Invoice(
      id: invoice, customerID: value.customerID, subscriptionID: id, reason: reason,
      amount: value.status == .trialing ? 0 : amount, createdAt: now, period: period, nextAttempt: chargedAt)
    subscriptions[id]?.value.latestInvoiceID = invoice
    return invoice
  }

  private mutating func charge(_ id: InvoiceID) {
    guard let invoice = invoices[id], let subscription = subscriptions[invoice.subscriptionID] else { return }
    if customers[invoice.customerID]?.paymentWorks == true {
      let wasPastDue = subscription.value.status == .pastDue
      settle(id, paid: true)
      if wasPastDue {
        subscriptions[invoice.subscriptionID]?.value.status = .active
        tell(.updated, invoice.subscriptionID)
      }
      return
    }
    let attempt = Int(invoice.attempts)
    if attempt < Self.retries.count {
      invoices[id]?.nextAttempt = now + Self.retries[attempt]
      if subscription.value.status == .active {
        subscriptions[invoice.subscriptionID]?.value.status = .pastDue
        tell(.updated, invoice.subscriptionID)
      }
      settle(id, paid: false)
    } else {
      invoices[id]?.nextAttempt = nil
      settle(id, paid: false)
      if cancelsAfterRetries {
        end(invoice.subscriptionID)
      } else {
        subscriptions[invoice.subscriptionID]?.value.status = .unpaid
        tell(.updated, invoice.subscriptionID)
      }
    }
  }

  /// Tells what an attempt to charge an invoice came to.
  package mutating func settle(_ id: InvoiceID, paid: Bool) {
    invoices[id]?.attempts += 1
    invoices[id]?.status = paid ? "paid" : "open"
    if paid { invoices[id]?.nextAttempt = nil }
    tell(paid ? .paid : .paymentFailed, id)
  }
}
