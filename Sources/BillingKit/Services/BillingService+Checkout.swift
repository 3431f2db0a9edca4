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
      var next = account
      next.checkoutAttempts = account.checkoutAttempts.following
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
        let outcome = try await writer.update(.tenant(tenant), cause: .member(actor.userID), at: now) { account in
          if account.checkout?.attempt == intent.attempt { account.checkout?.sessionID = session.id }
        }
        // Given up by another request meanwhile: what this one made, nobody is to pay.
        guard outcome.account?.checkout?.attempt == intent.attempt else {
          _ = try await expire(session.id, in: tenant, at: now)
          return nil
        }
      }
      return session
    case .open, .unknown:
      // One that was completed in this moment is refused, and the next round sees its subscription.
      guard try await expire(session.id, in: tenant, at: now) else {
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
    if intent.sessionID == nil { try await expireStraySessions(before: intent, in: tenant, at: now) }
    do throws(GatewayError) {
      if let id = intent.sessionID { return try await gateway.checkoutSession(id).value }
      guard now < intent.begunAt + options.safeKeyAge else { return nil }
      let request = intent.request
      let session = NewCheckoutSession(
        customerID: request.customerID, lines: request.lines, successURL: request.urls.success,
        cancelURL: request.urls.cancel, clientReference: tenant.organizationID.rawValue,
        metadata: [
          "orgId": tenant.organizationID.rawValue, "installation": installation.rawValue,
          Self.attemptField: String(intent.attempt),
        ],
        trialDays: request.trialDays, expiresAt: request.expiresAt,
        allowsPromotionCodes: request.allowsPromotionCodes, automaticTax: request.automaticTax)
      let key = key("checkout", tenant, String(intent.attempt))
      let made = try await gateway.createCheckoutSession(session, key: key)
      // Under the same key the first answer comes again, also where the session is not open any more.
      return intent.begunAt == now ? made : try await gateway.checkoutSession(made.id).value
    } catch {
      // A provider that failed at first gives that answer to the key for as long as it remembers it. Where the intent's
      // session is among the open ones it is taken; else the intent makes way for one with another key. Nobody was told
      // the address of a session that appears all the same: the next intent expires it.
      if error.kind == .unavailable, intent.begunAt < now, intent.sessionID == nil {
        return try await openSessions(of: intent, in: tenant).first { $0.attempt == intent.attempt }?.session
      }
      if error.isRetryable { throw .gateway(error) }
      // What the provider will not make stands in the way of no other checkout; what it objects to is told once.
      if intent.begunAt == now, intent.sessionID == nil {
        try await clear(intent, in: tenant, as: nil, at: now)
        throw .gateway(error)
      }
      return nil
    }
  }

  /// The name of the metadata field that tells which of the organisation's checkouts a session is of.
  private static let attemptField = "checkout"

  private func clear(_ intent: CheckoutIntent, in tenant: TenantContext, as actor: Membership?, at now: Timestamp)
    async throws(BillingError)
  {
    let cause = actor.map { BillingCause.member($0.userID) } ?? .reconciliation
    _ = try await writer.update(.tenant(tenant), cause: cause, at: now) { account in
      if account.checkout?.attempt == intent.attempt { account.checkout = nil }
    }
  }

  /// Expires a session; false where it is not open any more.
  private func expire(_ id: CheckoutSessionID, in tenant: TenantContext, at now: Timestamp) async throws(BillingError)
    -> Bool
  {
    do throws(GatewayError) {
      // A session expires once, under whatever key; so no failure that a key is remembered with stands in the way.
      try await gateway.expireCheckoutSession(id, key: key("expire", tenant, id.rawValue, String(now.microseconds)))
      return true
    } catch {
      guard error.kind == .refused || error.kind == .notFound else { throw .gateway(error) }
      return false
    }
  }

  /// Expires this installation's open sessions of earlier checkouts than an intent that is saved. One of a later checkout
  /// is another request's, and so is that of the intent itself.
  private func expireStraySessions(before intent: CheckoutIntent, in tenant: TenantContext, at now: Timestamp)
    async throws(BillingError)
  {
    for (session, attempt) in try await openSessions(of: intent, in: tenant) where attempt ?? 0 < intent.attempt {
      _ = try await expire(session.id, in: tenant, at: now)
    }
  }

  /// This installation's open sessions of an intent's customer, with which checkouts they are of.
  private func openSessions(of intent: CheckoutIntent, in tenant: TenantContext) async throws(BillingError)
    -> [(session: CheckoutSession, attempt: Int64?)]
  {
    let open = try await gatewayCall { () async throws(GatewayError) in
      try await gateway.openCheckoutSessions(of: intent.request.customerID)
    }
    return open.filter { $0.metadata["installation"] == installation.rawValue }
      .map { ($0, $0.metadata[Self.attemptField].flatMap { Int64($0) }) }
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
