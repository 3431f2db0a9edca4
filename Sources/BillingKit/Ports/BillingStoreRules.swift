package import SaaSCore

/// The decisions of a ``BillingStore``, as pure functions over what the store has read in its transaction.
///
/// A store reads the facts, asks here, and writes what it is told; so every store decides alike.
package enum BillingStoreRules {
  /// The account as it is to be saved, or why it may not be.
  ///
  /// - Parameters:
  ///   - storedVersion: the version of the account's owner that is stored, 0 where there is none.
  ///   - owners: for each of the account's customers whose it is; customers that nobody knows are left out.
  ///   - adoptedVersion: the stored version of the adopted customer's own account, 0 where there is none.
  package static func saving(
    _ commit: BillingCommit, storedVersion: Int64, owners: [CustomerID: BillingAccount.Owner], adoptedVersion: Int64
  ) throws(BillingStoreError) -> BillingAccount {
    var account = commit.account
    for link in account.customers {
      guard let owner = owners[link.id], owner != account.owner else { continue }
      switch (account.owner, owner) {
      case (.organization, .organization): throw .customerTaken(link.id)
      case (.customer, _): throw .store(.conflict("customer \(link.id) was linked to an organisation"))
      case (.organization, .customer):
        guard commit.adopting?.customerID == link.id else {
          throw .store(.conflict("customer \(link.id) has an account of its own"))
        }
      }
    }
    guard storedVersion == account.version else {
      throw .store(.conflict("the account has version \(storedVersion), not \(account.version)"))
    }
    if let adopting = commit.adopting, adopting.version != adoptedVersion {
      throw .store(
        .conflict("the account of \(adopting.customerID) has version \(adoptedVersion), not \(adopting.version)"))
    }
    account.version = storedVersion.following
    return account
  }

  /// The subscriptions that wait for a read once this account is saved; none where no organisation is linked, since nobody's
  /// plan rests on them.
  package static func unsettled(in account: BillingAccount) -> Set<SubscriptionID> {
    account.organizationID == nil ? [] : Set(account.unsettled)
  }

  /// The tally as it is to be saved, or why it may not be.
  package static func saving(_ tally: UsageTally, storedVersion: Int64) throws(StoreError) -> UsageTally {
    guard storedVersion == tally.version else {
      throw .conflict("the tally \(tally.key) has version \(storedVersion), not \(tally.version)")
    }
    var saved = tally
    saved.version = storedVersion.following
    return saved
  }

  /// What a store appends to the outbox for a tally's new version.
  package static func drafts(of events: [BillingEvent], for tally: UsageTally, at now: Timestamp) -> [OutboxDraft] {
    events.enumerated().map { index, event in
      event.draft(of: tally.organizationID, place: "\(tally.key)/\(tally.version)/\(index)", at: now)
    }
  }
}

extension BillingAccount {
  /// The account with these subscriptions, for stores that keep them in rows of their own; they must be in the order of
  /// identifiers.
  package func with(subscriptions: [SubscriptionRecord]) -> BillingAccount {
    var account = self
    account.subscriptions = subscriptions
    return account
  }
}

extension BillingAccount {
  /// Fills in what events do not tell, so that a store can be checked with every field.
  package mutating func fill(
    customerAttempts: Int64, checkout: CheckoutIntent?, operations: Int64, billingAdmin: UserID?, grants: [Grant]
  ) {
    self.customerAttempts = customerAttempts
    self.checkout = checkout
    checkoutAttempts = checkout?.attempt ?? checkoutAttempts
    self.operations = operations
    self.billingAdmin = billingAdmin
    self.grants = grants
    change = checkout.flatMap { checkout in
      subscriptions.first.map { record in
        ChangeIntent(
          attempt: operations, key: StableName.key("change", String(operations)), subscriptionID: record.id,
          wish: .plan(.pro, every: .year, seats: nil, proration: .now),
          request: .items(
            checkout.request.lines.map { .add(priceID: $0.priceID, quantity: $0.quantity) }, proration: .now),
          begunAt: checkout.begunAt)
      }
    }
    pendingCustomer = checkout.map {
      PendingCustomer(attempt: customerAttempts, begunAt: $0.begunAt, email: "a@b", name: nil)
    }
  }
}
