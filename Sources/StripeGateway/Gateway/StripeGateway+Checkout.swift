public import BillingKit
internal import SaaSCore

extension StripeGateway {
  /// Creates a checkout session for a subscription.
  ///
  /// The host application's reference is sent where Stripe takes it: at most 200 letters, digits, hyphens and underscores.
  public func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  {
    var form = StripeForm([
      ("mode", .text("subscription")),
      ("customer", .text(session.customerID.rawValue)),
      (
        "line_items",
        .list(
          session.lines.map { line in
            .fields(
              [("price", .text(line.priceID.rawValue))] + (line.quantity.map { [("quantity", .number($0))] } ?? []))
          })
      ),
      ("success_url", .text(session.successURL)),
      ("cancel_url", .text(session.cancelURL)),
      ("metadata", .metadata(session.metadata)),
    ])
    if Self.isReference(session.clientReference) { form.append("client_reference_id", .text(session.clientReference)) }
    form.append("subscription_data[metadata]", .metadata(session.metadata))
    if let days = session.trialDays {
      form.append("subscription_data[trial_period_days]", .number(Int64(days)))
    }
    if let expiresAt = session.expiresAt { form.append("expires_at", .instant(expiresAt)) }
    if session.allowsPromotionCodes { form.append("allow_promotion_codes", .flag(true)) }
    if session.automaticTax {
      form.append("automatic_tax[enabled]", .flag(true))
      // Taxes need an address, which a customer of ours has only from an earlier checkout.
      form.append("customer_update[address]", .text("auto"))
    }
    let answer = try await client.post(["v1", "checkout", "sessions"], form, key: key.rawValue)
    return try answer.value { root throws(StripeReadError) in try root.checkoutSession() }
  }

  private static func isReference(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
        default: false
        }
      }
  }

  public func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    let answer = try await client.get(["v1", "checkout", "sessions", id.rawValue])
    return try answer.read { root throws(StripeReadError) in try root.checkoutSession() }
  }

  public func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    let sessions = pages(
      ["v1", "checkout", "sessions"], [("customer", .text(customer.rawValue)), ("status", .text("open"))]
    ) { element throws(StripeReadError) in try element.checkoutSession() }
    return try await sessions.all()
  }

  public func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    _ = try await client.post(
      ["v1", "checkout", "sessions", id.rawValue, "expire"], StripeForm(), key: key.rawValue)
  }

  public func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  {
    var form = StripeForm([("customer", .text(customer.rawValue)), ("return_url", .text(returnURL))])
    if let configuration = client.configuration.portalConfiguration {
      form.append("configuration", .text(configuration))
    }
    let answer = try await client.post(["v1", "billing_portal", "sessions"], form, key: key.rawValue)
    return try answer.value { root throws(StripeReadError) in
      guard let url = root.text("url") else { throw root.failure("no text 'url'") }
      return PortalSession(url: url)
    }
  }
}
