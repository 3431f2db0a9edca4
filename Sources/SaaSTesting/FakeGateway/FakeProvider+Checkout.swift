package import BillingKit
internal import SaaSCore

extension FakeProvider {
  package mutating func createCustomer(_ request: NewCustomer) -> ProviderCustomer {
    let id: CustomerID = makeID("cus")
    customers[id] = Customer(id: id, request: request, createdAt: now)
    return ProviderCustomer(id: id, metadata: Self.metadata(of: request))
  }

  package static func metadata(of request: NewCustomer) -> [String: String] {
    ["orgId": request.organizationID.rawValue, "installation": request.installation.rawValue]
  }

  package mutating func createSession(_ request: NewCheckoutSession) throws(GatewayError) -> CheckoutSession {
    guard let customer = customers[request.customerID], customer.deletedAt == nil else {
      throw GatewayError(
        .notFound, "No such customer", code: "resource_missing", parameter: "customer", requestID: "req_fake")
    }
    for line in request.lines {
      guard let price = prices[line.priceID] else {
        throw GatewayError(.notFound, "No such price", code: "resource_missing", parameter: "line_items[0][price]")
      }
      if price.usageType == .metered, line.quantity != nil {
        throw GatewayError(.refused, "Quantity should not be specified where usage_type is `metered`")
      }
    }
    let id: CheckoutSessionID = makeID("cs")
    let session = CheckoutSession(
      id: id, url: "https://checkout.example/\(id)", status: .open, paymentStatus: "unpaid",
      customerID: request.customerID, clientReference: request.clientReference, metadata: request.metadata,
      createdAt: now, expiresAt: request.expiresAt ?? now + .seconds(86_400))
    sessions[id] = Session(value: session, request: request)
    return session
  }

  package mutating func expireSession(_ id: CheckoutSessionID) throws(GatewayError) {
    guard var session = sessions[id] else { throw GatewayError(.notFound, "No such checkout session") }
    guard session.value.status == .open else {
      throw GatewayError(.refused, "Only Checkout Sessions with a status in [\"open\"] can be expired.")
    }
    session.value.status = .expired
    session.value.url = nil
    sessions[id] = session
    tell(session.value, "expired")
  }

  /// The buyer pays: the subscription begins, and the session is complete.
  package mutating func complete(_ id: CheckoutSessionID) -> SubscriptionID? {
    guard var session = sessions[id], session.value.status == .open, now < session.value.expiresAt ?? .distantFuture
    else { return nil }
    let subscription = subscribe(
      session.request.customerID, lines: session.request.lines, metadata: session.request.metadata,
      trialDays: session.request.trialDays ?? 0, firstPaymentSucceeds: true)
    session.value.status = .complete
    session.value.url = nil
    session.value.subscriptionID = subscription
    session.value.paymentStatus = session.request.trialDays == nil ? "paid" : "no_payment_required"
    sessions[id] = session
    tell(session.value, "completed")
    return subscription
  }

  /// A subscription begins, as a checkout or the provider's own interface begins one.
  package mutating func subscribe(
    _ customer: CustomerID, lines: [CheckoutLine], metadata: [String: String], trialDays: Int,
    firstPaymentSucceeds: Bool
  ) -> SubscriptionID {
    let id: SubscriptionID = makeID("sub")
    let months = lines.compactMap { prices[$0.priceID]?.months }.max() ?? 1
    let trialEnd = trialDays > 0 ? now + .seconds(86_400 * Int64(trialDays)) : nil
    let end = trialEnd ?? CalendarMonths(anchor: now, step: months).boundary(1)
    let period = Period(start: now, end: end)
    let items = lines.map { line in
      SubscriptionItem(
        id: makeID("si"), priceID: line.priceID, quantity: line.quantity,
        usageType: prices[line.priceID]?.usageType ?? .licensed, currentPeriod: period)
    }
    let value = SubscriptionSnapshot(
      id: id, customerID: customer, status: trialEnd == nil ? .incomplete : .trialing, items: items, createdAt: now,
      startedAt: now, trialStart: trialEnd == nil ? nil : now, trialEnd: trialEnd, metadata: metadata)
    subscriptions[id] = Subscription(value: value, anchor: trialEnd ?? now, months: months)
    let invoice = makeInvoice(for: id, reason: "subscription_create", chargedAt: now)
    tell(.created, id)
    if trialEnd != nil {
      settle(invoice, paid: true)
    } else if firstPaymentSucceeds {
      subscriptions[id]?.value.status = .active
      tell(.updated, id)
      settle(invoice, paid: true)
    } else {
      settle(invoice, paid: false)
      // An incomplete subscription expires after 23 hours unless it is paid.
      invoices[invoice]?.nextAttempt = nil
    }
    return id
  }

  /// Pays the first invoice of an incomplete subscription, or an open one of any other.
  package mutating func pay(_ id: SubscriptionID) {
    let open = invoices.values.filter { $0.subscriptionID == id && $0.status == "open" }
    guard !open.isEmpty, let subscription = subscriptions[id], !subscription.value.status.isFinal else { return }
    for invoice in open.sorted(by: { $0.createdAt < $1.createdAt }) { settle(invoice.id, paid: true) }
    subscriptions[id]?.value.status = .active
    tell(.updated, id)
  }

  package mutating func deleteCustomer(_ id: CustomerID) {
    guard customers[id]?.deletedAt == nil else { return }
    customers[id]?.deletedAt = now
    for (subscription, value) in subscriptions.sorted(by: { $0.key < $1.key }) where value.value.customerID == id {
      end(subscription)
    }
    tell("customer.deleted", .customerDeleted(id), detail: .customer)
  }
}
