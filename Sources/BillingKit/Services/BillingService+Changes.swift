public import SaaSCore
public import TenancyKit

extension BillingService {
  /// Gives the organisation's subscription another number of seats, the included ones counted.
  /// - Throws: ``BillingError``: `noSubscription`, `noSeats`, `seatsOutOfRange` among others.
  @discardableResult
  public func changeSeats(
    to seats: Int64, for tenant: TenantContext, as actor: Membership,
    proration: SubscriptionChange.Proration = .onNextInvoice, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    try await change(tenant, as: actor, at: now) { (snapshot, catalog) throws(BillingError) in
      guard let bought = catalog.plan(of: snapshot) else { throw .noSubscription }
      guard bought.plan.seats != nil else { throw .noSeats(bought.plan.id) }
      let lines = try bought.plan.lines(for: bought.interval, seats: seats)
      // Only the seats: a base price that is not sold any more stays, and so do metered ones.
      let changes = catalog.changes(of: snapshot, to: lines).filter { change in
        switch change {
        case .set(_, let price, _), .add(let price, _): catalog.price(price)?.price.role == .seat
        case .remove(let item):
          snapshot.items.first { $0.id == item }.flatMap { catalog.price($0.priceID) }?.price.role == .seat
        }
      }
      return changes.isEmpty ? nil : .items(changes, proration: proration)
    }
  }

  /// Moves the organisation's subscription to another plan, interval, or both. Items of other prices than the catalogue's
  /// stay as they are.
  ///
  /// Where a metered price goes, what was used of it is reported before, while the provider still bills it; what was used
  /// before and becomes known later is reported stamped before the change. The new plan's metered prices bill what is used
  /// from the change on; on the same meter the period ends by the terms that it began with.
  /// - Parameter seats: how many seats, the included ones counted; nil for as many as there are, or the plan's minimum.
  /// - Throws: ``BillingError``: `noSubscription`, `unknownPlan`, `notForSale`, `seatsOutOfRange` among others.
  @discardableResult
  public func changePlan(
    to planID: PlanID, every interval: BillingInterval = .month, seats: Int64? = nil, for tenant: TenantContext,
    as actor: Membership, proration: SubscriptionChange.Proration = .onNextInvoice, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    try await change(tenant, as: actor, at: now) { (snapshot, catalog) throws(BillingError) in
      guard let plan = catalog.plan(planID) else { throw .unknownPlan(planID) }
      let present = catalog.plan(of: snapshot)?.seats ?? 1
      let rule = plan.seats
      let count = seats ?? min(max(present, rule?.minimum ?? 1), rule?.maximum ?? 1)
      let changes = catalog.changes(of: snapshot, to: try plan.lines(for: interval, seats: count))
      return changes.isEmpty ? nil : .items(changes, proration: proration)
    }
  }

  /// Ends the organisation's subscription with its current period.
  /// - Throws: ``BillingError``: `noSubscription` among others.
  @discardableResult
  public func cancelAtPeriodEnd(for tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    try await change(tenant, as: actor, at: now) { (snapshot, _) throws(BillingError) in
      snapshot.scheduledCancellation == .atPeriodEnd ? nil : .cancelAtPeriodEnd
    }
  }

  /// Lets a subscription go on that was to end, whether with its period or at an instant.
  /// - Throws: ``BillingError``: `noSubscription`, `notCancelling` among others.
  @discardableResult
  public func keepSubscription(for tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    try await change(tenant, as: actor, at: now) { (snapshot, _) throws(BillingError) in
      guard let scheduled = snapshot.scheduledCancellation else { throw .notCancelling }
      return .undo(scheduled)
    }
  }

  /// Ends the organisation's subscription at once. Metered usage that is owed is reported before, and invoiced.
  /// - Throws: ``BillingError``: `noSubscription` among others.
  @discardableResult
  public func cancelNow(
    for tenant: TenantContext, as actor: Membership, prorating prorates: Bool = false, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    let (account, id) = try await begin(tenant, as: actor, at: now)
    let isMetered = account.subscription(id)?.snapshot?.items.contains { $0.usageType == .metered } ?? false
    if isMetered { try await meteredUsage?.report(for: tenant, at: now) }
    let key = key("cancel", tenant, String(account.operations))
    do throws(GatewayError) {
      try await gateway.cancelSubscription(
        id, ImmediateCancellation(invoicesNow: isMetered, prorates: prorates), key: key)
    } catch {
      // Ended meanwhile is what was asked for; the read tells.
      guard error.kind == .notFound || error.kind == .refused else { throw .gateway(error) }
    }
    return try await finish(id, tenant, as: actor, at: now)
  }

  // MARK: Steps

  /// Asks the provider for a change of the organisation's subscription, and takes over what the provider makes of it.
  /// - Parameter decide: what to ask for, by the subscription as the provider has it now; nil for nothing.
  private func change(
    _ tenant: TenantContext, as actor: Membership, at now: Timestamp,
    _ decide: (SubscriptionSnapshot, PlanCatalog) throws(BillingError) -> SubscriptionChange?
  ) async throws(BillingError) -> Entitlements {
    let (account, id) = try await begin(tenant, as: actor, at: now)
    guard let snapshot = account.subscription(id)?.snapshot, let change = try decide(snapshot, catalog) else {
      return writer.rules.entitlements(of: account, at: now)
    }
    if change.endsMetering(of: snapshot) { try await meteredUsage?.report(for: tenant, at: now) }
    let key = key("change", tenant, String(account.operations))
    try await gatewayCall { () async throws(GatewayError) in
      try await gateway.updateSubscription(id, change, key: key)
    }
    return try await finish(id, tenant, as: actor, at: now)
  }

  /// Reads the subscription that is to be changed, and counts the operation, from which its key follows.
  private func begin(_ tenant: TenantContext, as actor: Membership, at now: Timestamp) async throws(BillingError)
    -> (BillingAccount, SubscriptionID)
  {
    let known = try await authorize(actor, for: tenant)
    guard let id = known.liveSubscription?.id else { throw .noSubscription }
    let outcome = try await writer.update(
      .tenant(tenant), reading: [id], cause: .member(actor.userID), at: now
    ) { account in
      account.operations = account.operations == .max ? .max : account.operations + 1
    }
    guard let account = outcome.account, account.liveSubscription?.id == id else { throw .noSubscription }
    return (account, id)
  }

  /// Reads what the provider made of a change. Where that fails the change is done all the same: the account says that it
  /// is unsettled, and a webhook or reconciliation settles it.
  private func finish(_ id: SubscriptionID, _ tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    do throws(BillingError) {
      let outcome = try await writer.update(
        .tenant(tenant), reading: [id], cause: .member(actor.userID), at: now
      ) { _ in }
      if let account = outcome.account { return writer.rules.entitlements(of: account, at: now) }
    } catch {
      guard case .gateway = error else { throw error }
    }
    let account = try await writer.note(.tenant(tenant), cause: .member(actor.userID), at: now) { $0.call(id) }
    return writer.rules.entitlements(of: account, at: now)
  }
}

extension BillingAccount {
  /// Takes note that something happened to a subscription which only a read can tell, at the provider's last known
  /// second: a snapshot of a later one settles it.
  mutating func call(_ id: SubscriptionID) {
    guard let index = subscriptions.firstIndex(where: { $0.id == id }) else { return }
    switch subscriptions[index].basis {
    case .event(let instant, _), .read(asOf: let instant): subscriptions[index].call(at: instant)
    // Without a snapshot it needs a read anyway.
    case nil: return
    }
  }
}

extension SubscriptionChange {
  /// Whether it takes a metered price away.
  fileprivate func endsMetering(of snapshot: SubscriptionSnapshot) -> Bool {
    guard case .items(let changes, _) = self else { return false }
    return changes.contains { change in
      let (id, price): (SubscriptionItemID, PriceID?)
      switch change {
      case .set(let item, let priceID, _): (id, price) = (item, priceID)
      case .remove(let item): (id, price) = (item, nil)
      case .add: return false
      }
      return snapshot.items.contains { $0.id == id && $0.usageType == .metered && $0.priceID != price }
    }
  }
}
