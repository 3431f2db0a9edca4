public import BillingKit
public import SaaSCore
public import SaaSTesting
internal import StripeGateway
internal import URLSessionTransport

/// The payment provider: Stripe where there are keys for it, else a fake one that lives in this process.
public struct Payments: Sendable {
  /// The calls.
  public let gateway: any PaymentGateway
  /// The calls that report metered usage.
  public let meters: any MeteredUsageGateway
  /// What checks and reads webhooks.
  public let verifier: any WebhookVerifier
  /// Whose webhooks these are.
  public let scope: WebhookScope
  /// The fake provider, where it is one.
  public let fake: FakePaymentGateway?

  /// Stripe with these settings, or a fake provider that sells the catalogue's plans from now on.
  /// - Throws: ``ConfigurationFault`` where a setting is not what it should be.
  public init(_ stripe: StripeSettings?, selling catalog: PlanCatalog, at now: Timestamp) throws(ConfigurationFault) {
    guard let stripe else {
      let fake = FakePaymentGateway(catalog: catalog, startingAt: now)
      self.fake = fake
      gateway = fake
      meters = fake
      verifier = fake
      scope = WebhookScope(isLive: false)
      return
    }
    guard let key = StripeAPIKey(stripe.secretKey) else { throw ConfigurationFault("STRIPE_SECRET_KEY is not a key") }
    let secrets = stripe.webhookSecrets.compactMap { StripeWebhookSecret($0) }
    guard !secrets.isEmpty else { throw ConfigurationFault("STRIPE_WEBHOOK_SECRET is not a secret") }
    var baseURL: HTTPURL?
    if let text = stripe.baseURL {
      guard let url = try? HTTPURL(text) else { throw ConfigurationFault("--stripe-base-url is not a URL: \(text)") }
      baseURL = url
    }
    let transport = URLSessionTransport()
    let client = StripeConfiguration(baseURL: baseURL)
    fake = nil
    gateway = StripeGateway(key: key, transport: transport, configuration: client)
    meters = StripeMeters(key: key, transport: transport, configuration: client)
    verifier = StripeWebhooks(secrets: secrets)
    scope = WebhookScope(isLive: stripe.secretKey.contains("_live_"))
  }
}

/// Why the server cannot start as it was told to.
public struct ConfigurationFault: Error, Sendable, CustomStringConvertible {
  /// The reason, without any secret.
  public let description: String

  init(_ description: String) { self.description = description }
}
