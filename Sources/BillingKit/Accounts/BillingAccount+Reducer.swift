public import SaaSCore

// How events and reads become the state of an account. Everything is told apart by the provider's subscription, never by
// the organisation, so that an old subscription's late events cannot touch the new one.

extension BillingAccount {
  /// Folds an event in. Folding a repeated or stale one in changes nothing that can be seen.
  public mutating func apply(_ event: ProviderEvent, catalog: PlanCatalog) {
    switch event.payload {
    case .subscription(let snapshot, let change):
      update(snapshot.id, of: snapshot.customerID) { $0.apply(snapshot, change, of: event, catalog: catalog) }
    case .partialSubscription(let snapshot, let change):
      update(snapshot.id, of: snapshot.customerID) { $0.applyPart(snapshot, change, of: event) }
    case .invoice(let invoice, let change):
      guard let id = invoice.subscriptionID else { return }
      guard let customer = subscription(id)?.customerID ?? invoice.customerID else { return }
      update(id, of: customer) { $0.apply(invoice, change, of: event) }
    case .checkout(let session):
      apply(session, at: event.createdAt)
    case .customerDeleted(let id):
      markDeleted(id, at: event.createdAt)
    case .meterErrors, .unused: return
    }
  }

  /// Folds in what a checkout session tells: that it is over, and which subscription it made.
  public mutating func apply(_ session: CheckoutSession, at instant: Timestamp) {
    switch session.status {
    case .complete:
      if checkout?.sessionID == session.id { checkout = nil }
      guard let id = session.subscriptionID, let customer = session.customerID else { return }
      update(id, of: customer) { $0.call(at: instant) }
    case .expired:
      if checkout?.sessionID == session.id { checkout = nil }
    case .open, .unknown: return
    }
  }

  /// Folds in a read of a subscription that began after everything in this account was known.
  public mutating func apply(_ read: GatewayRead<SubscriptionSnapshot>, catalog: PlanCatalog) {
    update(read.value.id, of: read.value.customerID) { $0.apply(read, catalog: catalog) }
  }

  /// The subscriptions that only a read can settle, in the order of identifiers.
  public var unsettled: [SubscriptionID] { subscriptions.compactMap { needsRead($0) ? $0.id : nil } }

  /// Whether only a read can settle a subscription: by itself, or because with its customer it should have ended.
  func needsRead(_ record: SubscriptionRecord) -> Bool {
    if record.needsRead { return true }
    guard !record.isFinal, let basis = record.basis,
      let deletedAt = customers.first(where: { $0.id == record.customerID })?.deletedAt
    else { return false }
    switch basis {
    case .event(let createdAt, _): return createdAt <= deletedAt
    case .read(let asOf): return asOf < deletedAt
    }
  }

  /// Looks every subscription's prices up again, which the catalogue may know by now.
  mutating func resolve(in catalog: PlanCatalog) {
    for index in subscriptions.indices { subscriptions[index].resolve(in: catalog) }
  }

  private mutating func update(
    _ id: SubscriptionID, of customer: CustomerID, _ change: (inout SubscriptionRecord) -> Void
  ) {
    // An event of a customer that is not this account's cannot touch it.
    guard has(customer) else { return }
    let index = subscriptions.partitioningIndex { $0.id >= id }
    if index == subscriptions.count || subscriptions[index].id != id {
      subscriptions.insert(SubscriptionRecord(id: id, customerID: customer), at: index)
    }
    change(&subscriptions[index])
  }

  /// Links a customer to the organisation, with everything that was known of the customer before.
  ///
  /// - Parameter known: the account that was kept for the customer while no organisation was linked to it.
  public mutating func link(_ customer: CustomerID, adopting known: BillingAccount?, at now: Timestamp) {
    pendingCustomer = nil
    guard !has(customer) else { return }
    let deletedAt = known?.customers.first { $0.id == customer }?.deletedAt
    customers.append(CustomerLink(id: customer, linkedAt: now, deletedAt: deletedAt))
    for record in known?.subscriptions ?? [] where record.customerID == customer {
      let index = subscriptions.partitioningIndex { $0.id >= record.id }
      if index == subscriptions.count || subscriptions[index].id != record.id {
        subscriptions.insert(record, at: index)
      }
    }
  }
}
