public import BillingKit
public import SaaSCore

extension FakePaymentGateway: PaymentGateway {
  public func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError)
    -> ProviderCustomer
  {
    try write(.createCustomer, customer, key) { (provider) throws(GatewayError) in
      provider.createCustomer(customer)
    }
  }

  public func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> {
    try read(.customer) { (provider) throws(GatewayError) in
      guard let customer = provider.customers[id] else { throw GatewayError(.notFound, "No such customer") }
      return GatewayRead(
        ProviderCustomer(
          id: id, isDeleted: customer.deletedAt != nil, metadata: FakeProvider.metadata(of: customer.request)),
        asOf: provider.now)
    }
  }

  public func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError)
    -> ProviderCustomer?
  {
    try read(.findCustomer) { (provider) throws(GatewayError) in
      provider.customers.values.filter { customer in
        customer.deletedAt == nil && customer.request.organizationID == organization
          && customer.request.installation == installation
      }.min { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }.map { customer in
        ProviderCustomer(id: customer.id, metadata: FakeProvider.metadata(of: customer.request))
      }
    }
  }

  public func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  {
    try write(.createCheckoutSession, session, key) { (provider) throws(GatewayError) in
      try provider.createSession(session)
    }
  }

  public func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    try read(.checkoutSession) { (provider) throws(GatewayError) in
      guard let session = provider.sessions[id] else { throw GatewayError(.notFound, "No such checkout session") }
      return GatewayRead(session.value, asOf: provider.now)
    }
  }

  public func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    try read(.openCheckoutSessions) { (provider) throws(GatewayError) in
      provider.sessions.values.map(\.value).filter { $0.customerID == customer && $0.status == .open }
        .sorted { ($0.createdAt ?? .distantPast, $0.id) > ($1.createdAt ?? .distantPast, $1.id) }
    }
  }

  public func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    try write(.expireCheckoutSession, id, key) { (provider) throws(GatewayError) in
      try provider.expireSession(id)
    }
  }

  public func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  {
    try write(.createPortalSession, [customer.rawValue, returnURL], key) { (provider) throws(GatewayError) in
      guard provider.customers[customer].map({ $0.deletedAt == nil }) == true else {
        throw GatewayError(.notFound, "No such customer", code: "resource_missing", parameter: "customer")
      }
      return PortalSession(url: "https://portal.example/\(customer)")
    }
  }

  public func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    try read(.subscription) { (provider) throws(GatewayError) in
      guard let value = provider.subscriptions[id]?.value else {
        throw GatewayError(.notFound, "No such subscription", code: "resource_missing")
      }
      return GatewayRead(value, asOf: provider.now)
    }
  }

  public func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    try read(.subscriptions) { (provider) throws(GatewayError) in
      let all = provider.subscriptions.values.map(\.value)
        .filter { customer == nil || $0.customerID == customer }
        .sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
      let start = cursor.flatMap { cursor in all.firstIndex { $0.id == cursor } }.map { $0 + 1 } ?? 0
      let page = Array(all[start...].prefix(limit.count))
      return GatewayRead(
        Page(page, next: start + page.count < all.count ? page.last?.id : nil), asOf: provider.now)
    }
  }

  public func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  {
    try write(.updateSubscription, SubscriptionWrite(id: id, request: change), key) { (provider) throws(GatewayError) in
      try provider.update(id, change)
    }
  }

  public func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  {
    try write(.cancelSubscription, SubscriptionWrite(id: id, request: cancellation), key) {
      (provider) throws(GatewayError) in
      guard let value = provider.subscriptions[id]?.value else { throw GatewayError(.notFound, "No such subscription") }
      guard !value.status.isFinal else {
        throw GatewayError(.notFound, "No such subscription", code: "resource_missing")
      }
      provider.end(id)
    }
  }
}

extension FakePaymentGateway: MeteredUsageGateway {
  public var identifierWindow: Duration { .seconds(86_400) }
  public var reportingWindow: Duration { .seconds(35 * 86_400) }

  /// Refuses what Stripe refuses: values below 1, instants more than 35 days back or five minutes ahead.
  public func report(_ report: MeteredUsageReport) async throws(GatewayError) -> MeteredUsageAnswer {
    let window = identifierWindow
    return try call(.report) { (state) throws(GatewayError) in
      let now = state.provider.now
      guard report.value >= 1, report.timestamp >= now - reportingWindow, report.timestamp <= now + .seconds(300) else {
        throw GatewayError(.refused, "The timestamp or value of the meter event is out of range.")
      }
      let isKnown = state.provider.meterEvents.contains { event in
        event.report.identifier == report.identifier && event.acceptedAt + window > now
      }
      // What could not be counted keeps its name.
      if isKnown || state.meterRefusals.values.contains(where: { $0.contains(report.identifier) }) {
        return .alreadyReported
      }
      state.provider.meterEvents.append(FakeMeterEvent(report: report, acceptedAt: now))
      return .accepted
    }
  }

  public func reportedSum(_ query: ReportedSumQuery) async throws(GatewayError) -> Int64? {
    try call(.reportedSum) { (state) throws(GatewayError) in
      let minute: Int64 = 60_000_000
      let period = query.period
      guard period.start.microseconds % minute == 0, period.end.microseconds % minute == 0 else {
        throw GatewayError(.refused, "The bounds must be aligned with minute boundaries.")
      }
      let known = state.provider.now - state.sumLag
      return state.provider.meterEvents.filter { event in
        event.report.meter.name == query.meter.name && event.report.customerID == query.customerID
          && period.contains(event.report.timestamp) && event.acceptedAt <= known
      }.reduce(0) { $0 &+ $1.report.value }
    }
  }

  public func meterErrors(of event: ProviderEventID) async throws(GatewayError) -> MeterErrorReport? {
    try call(.meterErrors) { (state) throws(GatewayError) in
      guard let identifiers = state.meterRefusals[event] else { throw GatewayError(.notFound, "No such event") }
      return MeterErrorReport(
        start: nil, end: nil, summary: "There are \(identifiers.count) invalid events.",
        count: Int64(identifiers.count), identifiers: identifiers)
    }
  }

  /// Takes reports out of what was counted, as where their asynchronous check failed, and tells so.
  public func refuseReports(_ identifiers: [String]) {
    state.withLock { state in
      state.provider.meterEvents.removeAll { identifiers.contains($0.report.identifier) }
      state.provider.tell("v1.billing.meter.error_report_triggered", .meterErrors, detail: .meterErrors)
      if let event = state.provider.events.last { state.meterRefusals[event.value.id] = identifiers }
    }
  }
}

extension FakePaymentGateway {
  private func read<Answer: Sendable>(
    _ call: FakeGatewayCall, _ body: (FakeProvider) throws(GatewayError) -> Answer
  ) throws(GatewayError) -> Answer {
    try self.call(call) { (state) throws(GatewayError) in try body(state.provider) }
  }

  private func write<Answer: Sendable>(
    _ call: FakeGatewayCall, _ request: some Hashable & Sendable, _ key: IdempotencyKey,
    _ body: (inout FakeProvider) throws(GatewayError) -> Answer
  ) throws(GatewayError) -> Answer {
    let request: any Hashable & Sendable = request
    return try self.call(call, keyed: (key, request)) { (state) throws(GatewayError) in
      state.keys.append(key)
      if let stored = state.answers[key], stored.at + .seconds(86_400) > state.provider.now {
        guard AnyHashable(stored.request) == AnyHashable(request) else {
          throw GatewayError(
            .keyMismatch, "Keys for idempotent requests can only be used with the same parameters.",
            code: "idempotency_error")
        }
        if let answer = try stored.answer.get() as? Answer { return answer }
      }
      let answer = try body(&state.provider)
      state.answers[key] = StoredAnswer(request: request, at: state.provider.now, answer: .success(answer))
      return answer
    }
  }

  private func call<Answer: Sendable>(
    _ call: FakeGatewayCall, keyed: (key: IdempotencyKey, request: any Hashable & Sendable)? = nil,
    _ body: (inout State) throws(GatewayError) -> Answer
  ) throws(GatewayError) -> Answer {
    // Asked outside the lock, so that a test's hook may look at the gateway.
    let hook = state.withLock { state in
      state.calls.append(call)
      return state.hook
    }
    let waiting: FakeGatewayFault? = state.withLock { state in
      guard let first = state.faults[call]?.first else { return nil }
      state.faults[call]?.removeFirst()
      return first
    }
    let fault = waiting ?? hook?(call)
    if let fault, !fault.isAfterwards {
      if fault.isRemembered, let (key, request) = keyed {
        state.withLock { state in
          state.answers[key] = StoredAnswer(request: request, at: state.provider.now, answer: .failure(fault.error))
        }
      }
      throw fault.error
    }
    let result: Result<Answer, GatewayError> = state.withLock { state in
      do throws(GatewayError) {
        return .success(try body(&state))
      } catch {
        return .failure(error)
      }
    }
    if let fault { throw fault.error }
    return try result.get()
  }
}

/// A write to a subscription, as the answers to keys tell them apart.
private struct SubscriptionWrite<Request: Hashable & Sendable>: Hashable, Sendable {
  let id: SubscriptionID
  let request: Request
}
