public import SaaSCore
public import TenancyKit

extension BillingService {
  /// Begins a checkout: the page of the provider's where the buyer pays for a plan.
  ///
  /// An open session for the same offer is given again, one for another offer is expired first. An organisation that has
  /// a subscription, by what the provider says now, changes it instead.
  /// - Parameters:
  ///   - seats: how many seats, the included ones counted; nil for the plan's minimum, ignored on a plan without.
  ///   - contact: what a new customer is created with.
  /// - Throws: ``BillingError``; `alreadySubscribed`, `unknownPlan`, `notForSale` and `seatsOutOfRange` among others.
  public func checkout(
    _ planID: PlanID, every interval: BillingInterval = .month, seats: Int64? = nil, for tenant: TenantContext,
    as actor: Membership, returningTo urls: ReturnURLs, contact: CustomerContact = CustomerContact(),
    at now: Timestamp
  ) async throws(BillingError) -> CheckoutSession {
    let account = try await authorize(actor, for: tenant)
    guard let plan = catalog.plan(planID) else { throw .unknownPlan(planID) }
    let offer = CheckoutIntent.Offer(
      planID: planID, interval: interval, seats: plan.seats == nil ? 1 : seats ?? plan.seats?.minimum ?? 1)
    let lines = try plan.lines(for: interval, seats: offer.seats)
    if let live = account.liveSubscription { throw .alreadySubscribed(live.id) }
    let customer = try await ensureCustomer(for: tenant, as: actor, contact: contact, at: now)
    try await refreshSubscriptions(of: customer, in: tenant, cause: .member(actor.userID), at: now)
    for _ in 0..<32 {
      let account = try await writer.load(.tenant(tenant))
      if let live = account.liveSubscription { throw .alreadySubscribed(live.id) }
      if let intent = account.checkout {
        if let session = try await resume(intent, offer: offer, urls: urls, in: tenant, as: actor, at: now) {
          return session
        }
        continue
      }
      try await expireStraySessions(of: customer, in: tenant)
      var next = account
      next.checkoutAttempts = account.checkoutAttempts == .max ? .max : account.checkoutAttempts + 1
      next.checkout = CheckoutIntent(
        attempt: next.checkoutAttempts, offer: offer,
        request: CheckoutIntent.Request(
          customerID: customer, lines: lines, urls: urls,
          trialDays: plan.trialDays > 0 && !account.hasSubscribedBefore ? plan.trialDays : nil,
          expiresAt: now.flooredToSecond + options.lifetime, allowsPromotionCodes: options.allowsPromotionCodes,
          automaticTax: options.automaticTax),
        begunAt: now)
      // Whether this saved or another did, the next round finds an intent.
      _ = try await writer.commit(BillingCommit(claim: nil, account: next, events: []), at: now)
    }
    throw .contended
  }

  /// Takes a buyer's return from a checkout: reads the session and its subscription and applies them as a webhook would,
  /// so that both may come in any order.
  /// - Returns: what the tenant may do now; the plan is the old one where the session is not complete yet.
  /// - Throws: ``BillingError``: `foreignSession` where the session is not of this organisation's customer.
  @discardableResult
  public func completeCheckout(
    _ id: CheckoutSessionID, for tenant: TenantContext, as actor: Membership, at now: Timestamp
  ) async throws(BillingError) -> Entitlements {
    let account = try await authorize(actor, for: tenant)
    let read: GatewayRead<CheckoutSession>
    do throws(GatewayError) {
      read = try await gateway.checkoutSession(id)
    } catch {
      guard error.kind == .notFound else { throw .gateway(error) }
      throw .foreignSession(id)
    }
    guard let customer = read.value.customerID, account.has(customer) else { throw .foreignSession(id) }
    let outcome = try await writer.update(.tenant(tenant), cause: .checkoutReturn(id), at: now) { account in
      account.apply(read.value, at: read.asOf)
    }
    return writer.rules.entitlements(of: outcome.account ?? account, at: now)
  }

  /// Goes on with a checkout that was begun: gives its session where it sells the same and is open, else clears it away
  /// and gives nil.
  private func resume(
    _ intent: CheckoutIntent, offer: CheckoutIntent.Offer, urls: ReturnURLs, in tenant: TenantContext,
    as actor: Membership, at now: Timestamp
  ) async throws(BillingError) -> CheckoutSession? {
    guard let session = try await session(of: intent, in: tenant, at: now) else {
      try await clear(intent, in: tenant, as: actor, at: now)
      return nil
    }
    switch session.status {
    case .open
    where intent.offer == offer && intent.request.urls == urls
      && now + .seconds(300) < session.expiresAt ?? .distantFuture:
      if intent.sessionID == nil {
        _ = try await writer.update(.tenant(tenant), cause: .member(actor.userID), at: now) { account in
          if account.checkout?.attempt == intent.attempt { account.checkout?.sessionID = session.id }
        }
      }
      return session
    case .open, .unknown:
      // One that was completed in this moment is refused, and the next round sees its subscription.
      guard try await expire(session.id, in: tenant) else {
        _ = try await completeCheckout(session.id, for: tenant, as: actor, at: now)
        return nil
      }
      try await clear(intent, in: tenant, as: actor, at: now)
    case .complete:
      _ = try await completeCheckout(session.id, for: tenant, as: actor, at: now)
      try await clear(intent, in: tenant, as: actor, at: now)
    case .expired:
      try await clear(intent, in: tenant, as: actor, at: now)
    }
    return nil
  }

  /// The session of an intent: read, or made under the intent's key; nil where it can be neither any more.
  private func session(of intent: CheckoutIntent, in tenant: TenantContext, at now: Timestamp)
    async throws(BillingError) -> CheckoutSession?
  {
    do throws(GatewayError) {
      if let id = intent.sessionID { return try await gateway.checkoutSession(id).value }
      guard now < intent.begunAt + options.safeKeyAge else { return nil }
      let request = intent.request
      let session = NewCheckoutSession(
        customerID: request.customerID, lines: request.lines, successURL: request.urls.success,
        cancelURL: request.urls.cancel, clientReference: tenant.organizationID.rawValue,
        metadata: ["orgId": tenant.organizationID.rawValue, "installation": installation.rawValue],
        trialDays: request.trialDays, expiresAt: request.expiresAt,
        allowsPromotionCodes: request.allowsPromotionCodes, automaticTax: request.automaticTax)
      let key = key("checkout", tenant, String(intent.attempt))
      let made = try await gateway.createCheckoutSession(session, key: key)
      // Under the same key the first answer comes again, also where the session is not open any more.
      return intent.begunAt == now ? made : try await gateway.checkoutSession(made.id).value
    } catch {
      if error.isRetryable { throw .gateway(error) }
      // What the provider will not make stands in the way of no other checkout; what it objects to is told once.
      if intent.begunAt == now, intent.sessionID == nil {
        try await clear(intent, in: tenant, as: nil, at: now)
        throw .gateway(error)
      }
      return nil
    }
  }

  private func clear(_ intent: CheckoutIntent, in tenant: TenantContext, as actor: Membership?, at now: Timestamp)
    async throws(BillingError)
  {
    let cause = actor.map { BillingCause.member($0.userID) } ?? .reconciliation
    _ = try await writer.update(.tenant(tenant), cause: cause, at: now) { account in
      if account.checkout?.attempt == intent.attempt { account.checkout = nil }
    }
  }

  /// Expires a session; false where it is not open any more.
  private func expire(_ id: CheckoutSessionID, in tenant: TenantContext) async throws(BillingError) -> Bool {
    do throws(GatewayError) {
      try await gateway.expireCheckoutSession(id, key: key("expire", tenant, id.rawValue))
      return true
    } catch {
      guard error.kind == .refused || error.kind == .notFound else { throw .gateway(error) }
      return false
    }
  }

  /// Expires this installation's open sessions of which no intent is known any more.
  private func expireStraySessions(of customer: CustomerID, in tenant: TenantContext) async throws(BillingError) {
    let open = try await gatewayCall { () async throws(GatewayError) in
      try await gateway.openCheckoutSessions(of: customer)
    }
    for session in open where session.metadata["installation"] == installation.rawValue {
      _ = try await expire(session.id, in: tenant)
    }
  }

  /// Reads every subscription that the provider has of a customer, so that one that was paid a moment ago is seen.
  func refreshSubscriptions(
    of customer: CustomerID, in tenant: TenantContext, cause: BillingCause, at now: Timestamp
  ) async throws(BillingError) {
    var cursor: SubscriptionID?
    repeat {
      let after = cursor
      let read = try await gatewayCall { () async throws(GatewayError) in
        try await gateway.subscriptions(of: customer, after: after, limit: .standard)
      }
      let account = try await writer.load(.tenant(tenant))
      let others = read.value.elements.filter { account.differs(from: $0) }.map(\.id)
      if !others.isEmpty {
        _ = try await writer.update(.tenant(tenant), reading: others, cause: cause, at: now) { _ in }
      }
      cursor = read.value.next
    } while cursor != nil
  }
}

extension BillingAccount {
  /// Whether what the provider says of a subscription is not what is known.
  func differs(from snapshot: SubscriptionSnapshot) -> Bool {
    guard let record = subscription(snapshot.id) else { return true }
    return record.snapshot != snapshot || needsRead(record)
  }

  /// Takes note that a customer is not there any more.
  mutating func markDeleted(_ customer: CustomerID, at instant: Timestamp) {
    guard let index = customers.firstIndex(where: { $0.id == customer }) else { return }
    customers[index].deletedAt = customers[index].deletedAt.map { min($0, instant) } ?? instant
    if checkout?.request.customerID == customer { checkout = nil }
  }
}
