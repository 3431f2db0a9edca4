package import BillingKit
internal import SaaSCore

extension FakeProvider {
  /// Changes a subscription as the provider's interface does.
  package mutating func update(_ id: SubscriptionID, _ change: SubscriptionChange) throws(GatewayError) {
    guard var subscription = subscriptions[id] else { throw GatewayError(.notFound, "No such subscription") }
    guard !subscription.value.status.isFinal else {
      throw GatewayError(.refused, "A canceled subscription can only update its cancellation_details and metadata.")
    }
    let before = subscription.value
    switch change {
    case .items(let changes, let proration):
      for change in changes { try apply(change, to: &subscription.value) }
      subscriptions[id] = subscription
      if before == subscription.value { return }
      if proration == .now {
        let invoice = makeInvoice(for: id, reason: "subscription_update", chargedAt: now)
        invoices[invoice]?.nextAttempt = nil
        let works = customers[subscription.value.customerID]?.paymentWorks == true
        if !works { subscriptions[id]?.value.status = .pastDue }
        tell(.updated, id)
        settle(invoice, paid: works)
        return
      }
    case .cancelAtPeriodEnd:
      subscription.value.cancelAtPeriodEnd = true
      subscription.value.cancelAt = subscription.value.currentPeriod?.end
      subscription.value.canceledAt = now
    case .undo:
      subscription.value.cancelAtPeriodEnd = false
      subscription.value.cancelAt = nil
      subscription.value.canceledAt = nil
    case .nothing: return
    }
    subscriptions[id] = subscription
    if before != subscription.value { tell(.updated, id) }
  }

  private mutating func apply(_ change: SubscriptionChange.ItemChange, to value: inout SubscriptionSnapshot)
    throws(GatewayError)
  {
    switch change {
    case .set(let item, let price, let quantity):
      guard let index = value.items.firstIndex(where: { $0.id == item }) else {
        throw GatewayError(.notFound, "No such subscription item", code: "resource_missing", parameter: "items[0][id]")
      }
      try check(price, quantity)
      value.items[index].priceID = price
      value.items[index].quantity = quantity
      value.items[index].usageType = prices[price]?.usageType ?? .licensed
    case .add(let price, let quantity):
      try check(price, quantity)
      value.items.append(
        SubscriptionItem(
          id: makeID("si"), priceID: price, quantity: quantity, usageType: prices[price]?.usageType ?? .licensed,
          currentPeriod: value.currentPeriod))
    case .remove(let item):
      value.items.removeAll { $0.id == item }
    }
  }

  private func check(_ price: PriceID, _ quantity: Int64?) throws(GatewayError) {
    guard let known = prices[price] else {
      throw GatewayError(.notFound, "No such price", code: "resource_missing", parameter: "items[0][price]")
    }
    guard known.usageType == .licensed || quantity == nil else {
      throw GatewayError(.refused, "Quantity should not be specified where usage_type is `metered`")
    }
  }

  /// Periods begin anew now, and are counted from here on; what is owed is billed.
  package mutating func resetAnchor(_ id: SubscriptionID) {
    guard let subscription = subscriptions[id], !subscription.value.status.isFinal else { return }
    subscriptions[id]?.anchor = now
    let period = CalendarMonths(anchor: now, step: subscription.months).period(containing: now)
    for index in subscription.value.items.indices {
      subscriptions[id]?.value.items[index].currentPeriod = period
    }
    makeInvoice(for: id, reason: "subscription_update", chargedAt: now + Self.invoiceDelay)
    tell(.updated, id)
  }

  /// The customer ends its subscription on the portal's page.
  package mutating func cancelInPortal(_ id: SubscriptionID) {
    guard let value = subscriptions[id]?.value, !value.status.isFinal else { return }
    subscriptions[id]?.value.cancelAt = value.currentPeriod?.end
    subscriptions[id]?.value.cancelAtPeriodEnd = !portalSetsCancelAt
    subscriptions[id]?.value.canceledAt = now
    tell(.updated, id)
  }

  /// Pauses a subscription, as the end of a trial without a way to pay does, or lets it go on.
  package mutating func setPaused(_ isPaused: Bool, _ id: SubscriptionID) {
    guard let value = subscriptions[id]?.value, !value.status.isFinal else { return }
    subscriptions[id]?.value.status = isPaused ? .paused : .active
    tell(isPaused ? .paused : .resumed, id)
    tell(.updated, id)
  }
}
