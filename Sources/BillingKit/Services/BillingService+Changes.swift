public import SaaSCore
public import TenancyKit

extension BillingService {
  // Changes of one organisation come one after the other, also where two processes are asked at once: each is stored as a
  // ``ChangeIntent`` before the provider is asked.

  /// Gives the organisation's subscription another number of seats, the included ones counted.
  /// - Throws: ``BillingError``: `noSubscription`, `noSeats`, `seatsOutOfRange`, `unresolvedPrices`, `changeUnderWay` among
  ///   others.
  @discardableResult
  public func changeSeats(
    to seats: Int64, for tenant: TenantContext, as actor: Membership,
    proration: SubscriptionChange.Proration = .onNextInvoice, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    try await change(tenant, to: .seats(seats, proration: proration), as: actor, at: now) {
      (snapshot, catalog) throws(BillingError) in
      guard let bought = catalog.plan(of: snapshot) else {
        let unresolved = catalog.unresolvedPrices(of: snapshot)
        throw unresolved.isEmpty ? .noSubscription : .unresolvedPrices(unresolved)
      }
      guard bought.plan.seats != nil else { throw .noSeats(bought.plan.id) }
      let lines = try bought.plan.lines(for: bought.interval, seats: seats)
      // Only the seats: a base price that is not sold any more stays, and so do metered ones.
      let changes = try catalog.changes(of: snapshot, to: lines).filter { change in
        switch change {
        case .set(_, let price, _), .add(let price, _): catalog.price(price)?.price.role == .seat
        case .remove(let item):
          snapshot.items.first { $0.id == item }.flatMap { catalog.price($0.priceID) }?.price.role == .seat
        }
      }
      return changes.isEmpty ? nil : .items(changes, proration: proration)
    }
  }

  /// Moves the organisation's subscription to another plan, interval, or both.
  ///
  /// Where a metered price goes, what was used of it is reported before, while the provider still bills it; what was used
  /// before and becomes known later is reported stamped before the change. The new plan's metered prices bill what is used
  /// from the change on; on the same meter the period ends by the terms that it began with.
  /// - Parameters:
  ///   - interval: how often the plan is billed; nil for as often as the present one.
  ///   - seats: how many seats, the included ones counted; nil for as many as there are, or the plan's minimum.
  /// - Throws: ``BillingError``: `noSubscription`, `unknownPlan`, `notForSale`, `seatsOutOfRange`, `unresolvedPrices`,
  ///   `changeUnderWay` among others.
  @discardableResult
  public func changePlan(
    to planID: PlanID, every interval: BillingInterval? = nil, seats: Int64? = nil, for tenant: TenantContext,
    as actor: Membership, proration: SubscriptionChange.Proration = .onNextInvoice, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    let wish = ChangeIntent.Wish.plan(planID, every: interval, seats: seats, proration: proration)
    return try await change(tenant, to: wish, as: actor, at: now) { (snapshot, catalog) throws(BillingError) in
      guard let plan = catalog.plan(planID) else { throw .unknownPlan(planID) }
      let unresolved = catalog.unresolvedPrices(of: snapshot)
      guard unresolved.isEmpty else { throw .unresolvedPrices(unresolved) }
      let present = catalog.plan(of: snapshot)
      let rule = plan.seats
      let count = seats ?? min(max(present?.seats ?? 1, rule?.minimum ?? 1), rule?.maximum ?? 1)
      let lines = try plan.lines(for: interval ?? present?.interval ?? .month, seats: count)
      let changes = try catalog.changes(of: snapshot, to: lines)
      return changes.isEmpty ? nil : .items(changes, proration: proration)
    }
  }

  /// Ends the organisation's subscription with its current period.
  /// - Throws: ``BillingError``: `noSubscription` among others.
  @discardableResult
  public func cancelAtPeriodEnd(for tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    try await change(tenant, to: .cancelAtPeriodEnd, as: actor, at: now) { (snapshot, _) throws(BillingError) in
      snapshot.scheduledCancellation == .atPeriodEnd ? nil : .cancelAtPeriodEnd
    }
  }

  /// Lets a subscription go on that was to end, whether with its period or at an instant.
  /// - Throws: ``BillingError``: `noSubscription`, `notCancelling` among others.
  @discardableResult
  public func keepSubscription(for tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    try await change(tenant, to: .keep, as: actor, at: now) { (snapshot, _) throws(BillingError) in
      guard let scheduled = snapshot.scheduledCancellation else { throw .notCancelling }
      return .undo(scheduled)
    }
  }

  /// Ends the organisation's subscription at once. Metered usage that is owed is reported before, and invoiced.
  ///
  /// It waits for no other change and is not revoked: an end that was asked for ends the subscription whenever the provider
  /// hears of it.
  /// - Throws: ``BillingError``: `noSubscription` among others; `gateway` where the provider refuses and a read does not
  ///   tell that the subscription has ended.
  @discardableResult
  public func cancelNow(
    for tenant: TenantContext, as actor: Membership, prorating prorates: Bool = false, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    let (account, id) = try await current(tenant, as: actor, at: now) { account in
      account.operations = account.operations.following
    }
    let isMetered = account.subscription(id)?.snapshot?.items.contains { $0.usageType == .metered } ?? false
    if isMetered { try await meteredUsage?.report(for: tenant, at: now) }
    let key = key("cancel", tenant, String(account.operations))
    var refusal: GatewayError?
    do throws(GatewayError) {
      try await gateway.cancelSubscription(
        id, ImmediateCancellation(invoicesNow: isMetered, prorates: prorates), key: key)
    } catch {
      // Ended meanwhile is what was asked for; the read tells.
      guard error.kind == .notFound || error.kind == .refused else { throw .gateway(error) }
      refusal = error
    }
    let ended = try await finish(id, tenant, as: actor, at: now)
    if let refusal, ended.subscription(id)?.isFinal != true { throw .gateway(refusal) }
    return writer.rules.entitlements(of: ended, at: now)
  }

  // MARK: Steps

  /// Asks the provider for a change of the organisation's subscription, and takes over what the provider makes of it.
  ///
  /// Between the read that decides and the intent nothing else is saved, so no other change can begin there.
  /// - Parameter decide: what to ask for, by the subscription as the provider has it now; nil for nothing.
  private func change(
    _ tenant: TenantContext, to wish: ChangeIntent.Wish, as actor: Membership, at now: Timestamp,
    _ decide: (SubscriptionSnapshot, PlanCatalog) throws(BillingError) -> SubscriptionChange?
  ) async throws(BillingError) -> Entitlements {
    // Every round that saves nothing saw another's save.
    for _ in 0..<32 {
      let (account, id) = try await current(tenant, as: actor, at: now) { _ in }
      if let pending = account.change {
        if pending.subscriptionID == id, now < pending.settledAt {
          guard pending.wish == wish else { throw .changeUnderWay(until: pending.settledAt) }
          return try await carryOut(pending, tenant, as: actor, at: now)
        }
        try await writer.revoke(pending, of: .tenant(tenant), cause: .member(actor.userID), at: now)
        continue
      }
      guard let snapshot = account.subscription(id)?.snapshot, let change = try decide(snapshot, catalog) else {
        return writer.rules.entitlements(of: account, at: now)
      }
      if change.endsMetering(of: snapshot) { try await meteredUsage?.report(for: tenant, at: now) }
      var next = account
      next.operations = account.operations.following
      let intent = ChangeIntent(
        attempt: next.operations, key: key("change", tenant, String(next.operations)), subscriptionID: id, wish: wish,
        request: change, begunAt: now)
      next.change = intent
      guard try await writer.commit(BillingCommit(claim: nil, account: next, events: []), at: now) != nil else {
        continue
      }
      return try await carryOut(intent, tenant, as: actor, at: now)
    }
    throw .contended
  }

  /// Sends a change that is stored under its key. Where it is not known whether it happened it stays stored, until the
  /// same is asked for again or it is revoked.
  private func carryOut(_ intent: ChangeIntent, _ tenant: TenantContext, as actor: Membership, at now: Timestamp)
    async throws(BillingError) -> Entitlements
  {
    do throws(GatewayError) {
      try await gateway.updateSubscription(intent.subscriptionID, intent.request, key: intent.key)
    } catch {
      if error.tellsThatNothingWasMade {
        _ = try await writer.note(.tenant(tenant), cause: .member(actor.userID), at: now) { $0.end(intent) }
      }
      // Revoked meanwhile, for another change.
      throw error.kind == .keyMismatch ? BillingError.contended : .gateway(error)
    }
    let account = try await finish(intent.subscriptionID, tenant, ending: intent, as: actor, at: now)
    return writer.rules.entitlements(of: account, at: now)
  }

  /// The account with the subscription that is to be changed, which is read from the provider.
  private func current(
    _ tenant: TenantContext, as actor: Membership, at now: Timestamp, _ count: (inout BillingAccount) -> Void
  ) async throws(BillingError) -> (BillingAccount, SubscriptionID) {
    let known = try await authorize(actor, for: tenant)
    guard let id = known.liveSubscription?.id else { throw .noSubscription }
    let outcome = try await writer.update(
      .tenant(tenant), reading: [id], cause: .member(actor.userID), at: now, count)
    guard let account = outcome.account, let record = account.liveSubscription, record.id == id else {
      throw .noSubscription
    }
    // What was never a plan of ours, the operator sold by hand and ends by hand.
    let unresolved = record.snapshot.map { catalog.unresolvedPrices(of: $0) } ?? []
    guard record.hasKnownPlan || unresolved.isEmpty else { throw .unresolvedPrices(unresolved) }
    return (account, id)
  }

  /// Reads what the provider made of a change. Where that fails the change is done all the same: the account says that it
  /// is unsettled, and a webhook or reconciliation settles it.
  private func finish(
    _ id: SubscriptionID, _ tenant: TenantContext, ending intent: ChangeIntent? = nil, as actor: Membership,
    at now: Timestamp
  ) async throws(BillingError) -> BillingAccount {
    do throws(BillingError) {
      let outcome = try await writer.update(
        .tenant(tenant), reading: [id], cause: .member(actor.userID), at: now
      ) { $0.end(intent) }
      if let account = outcome.account { return account }
    } catch {
      guard case .gateway = error else { throw error }
    }
    return try await writer.note(.tenant(tenant), cause: .member(actor.userID), at: now) { account in
      account.end(intent)
      account.call(id)
    }
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
