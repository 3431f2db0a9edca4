public import SaaSCore

/// Applies the payment provider's webhooks, each event once, in whatever order and as often as they come.
///
/// The signature is verified over the raw bytes before anything is read from them. Then the account is read from the
/// store, the event is folded in, what a payload cannot settle is read from the provider, and everything is saved in one
/// transaction with the claim of the event; where another process saved first, it begins again. So a delivery that fails
/// at any step leaves nothing behind, and its repeat applies the event.
///
/// ```swift
/// let answer = await webhooks.process(body: rawBytes, signature: request.headers["Stripe-Signature"], at: now)
/// return Response(status: answer.httpStatus)
/// ```
public struct WebhookProcessor: Sendable {
  private let verifier: any WebhookVerifier
  private let scope: WebhookScope
  private let writer: AccountWriter
  private let meteredUsage: MeteredUsageReporter?
  private let observer: any ServiceObserver

  /// A processor of the webhooks of one endpoint.
  /// - Parameters:
  ///   - scope: the mode and account whose events count; others are answered and change nothing.
  ///   - meteredUsage: takes what the provider tells of reports that it could not count; nil where none are made.
  public init(
    verifier: any WebhookVerifier, scope: WebhookScope, store: any BillingStore, gateway: any PaymentGateway,
    rules: EntitlementRules, meteredUsage: MeteredUsageReporter? = nil,
    observer: any ServiceObserver = SilentObserver()
  ) {
    self.verifier = verifier
    self.scope = scope
    writer = AccountWriter(store: store, gateway: gateway, rules: rules)
    self.meteredUsage = meteredUsage
    self.observer = observer
  }

  /// Verifies and applies one webhook.
  /// - Parameters:
  ///   - body: the raw bytes, as they arrived.
  ///   - signature: the value of the provider's signature header, or nil where there was none.
  public func process(body: [UInt8], signature: String?, at now: Timestamp) async -> WebhookAnswer {
    let answer: WebhookAnswer
    do throws(WebhookRefusal) {
      answer = await process(try verifier.event(body: body, signature: signature, at: now), at: now)
    } catch {
      answer = .refused(error)
    }
    report(answer)
    return answer
  }

  /// Applies an event that was verified already, from a queue for example.
  public func process(_ event: ProviderEvent, at now: Timestamp) async -> WebhookAnswer {
    if let isLive = event.isLive, isLive != scope.isLive { return .ignored(event.id, .otherMode) }
    guard event.accountID == scope.accountID else { return .ignored(event.id, .otherAccount(event.accountID)) }
    do throws(BillingError) {
      if case .meterErrors = event.payload { return try await applyMeterErrors(event, at: now) }
      guard event.tellsOfSubscription else { return .ignored(event.id, .unused(type: event.type)) }
      if try await isClaimed(event.id) { return .duplicate(event.id) }
      guard let customer = try await customer(of: event) else {
        return .ignored(event.id, .unused(type: event.type))
      }
      let outcome = try await writer.update(
        .customer(customer), claim: event.id, cause: .providerEvent(event.id, type: event.type), at: now
      ) { account in
        account.apply(event, catalog: writer.rules.catalog)
      }
      guard let account = outcome.account else { return .duplicate(event.id) }
      return account.organizationID == nil ? .unlinked(event.id, customer) : .applied(event.id)
    } catch {
      return .failed(event.id, error)
    }
  }

  private func isClaimed(_ event: ProviderEventID) async throws(BillingError) -> Bool {
    do throws(StoreError) {
      return try await writer.store.isClaimed(event)
    } catch {
      throw .store(error)
    }
  }

  /// The customer that an event is of. An invoice that does not tell it has a subscription that does.
  private func customer(of event: ProviderEvent) async throws(BillingError) -> CustomerID? {
    if let customer = event.customerID { return customer }
    guard case .invoice(let invoice, _) = event.payload, let id = invoice.subscriptionID else { return nil }
    do throws(StoreError) {
      if let known = try await writer.store.account(subscription: id)?.subscription(id) { return known.customerID }
    } catch {
      throw .store(error)
    }
    do throws(GatewayError) {
      return try await writer.gateway.subscription(id).value.customerID
    } catch {
      if error.kind == .notFound { return nil }
      throw .gateway(error)
    }
  }

  private func applyMeterErrors(_ event: ProviderEvent, at now: Timestamp) async throws(BillingError) -> WebhookAnswer {
    guard let meteredUsage else { return .ignored(event.id, .unused(type: event.type)) }
    return try await meteredUsage.takeErrors(of: event.id, at: now)
      ? .applied(event.id) : .ignored(event.id, .noMeterErrors)
  }

  private func report(_ answer: WebhookAnswer) {
    let outcome: String
    switch answer {
    case .applied: outcome = "applied"
    case .unlinked: outcome = "unlinked"
    case .duplicate: outcome = "duplicate"
    case .ignored: outcome = "ignored"
    case .refused(let refusal):
      outcome = "refused"
      observer.notice(Notice(.warning, "billing.webhook.refused", "a webhook was refused: \(refusal)"))
    case .failed(let event, let error):
      outcome = "failed"
      observer.notice(Notice(.warning, "billing.webhook.failed", "event \(event) could not be applied: \(error)"))
    }
    observer.count("billing.webhook", by: 1, labels: ["outcome": outcome])
  }
}

extension ProviderEvent {
  /// Whether the event tells anything that an account keeps.
  fileprivate var tellsOfSubscription: Bool {
    switch payload {
    case .subscription, .partialSubscription, .customerDeleted: true
    case .invoice(let invoice, _): invoice.subscriptionID != nil
    // A checkout of another kind, or by somebody who is no customer, makes no subscription.
    case .checkout(let session): session.customerID != nil
    case .meterErrors, .unused: false
    }
  }

  /// The customer that the event is of, where it tells.
  fileprivate var customerID: CustomerID? {
    switch payload {
    case .subscription(let snapshot, _), .partialSubscription(let snapshot, _): snapshot.customerID
    case .customerDeleted(let customer): customer
    case .invoice(let invoice, _): invoice.customerID
    case .checkout(let session): session.customerID
    case .meterErrors, .unused: nil
    }
  }
}
