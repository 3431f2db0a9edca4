public import SaaSCore

/// A secret or restricted API key (`sk_…`, `rk_…`); no description shows it.
public struct StripeAPIKey: Sendable, Hashable {
  let text: String

  /// Wraps a key, or gives nil for a text that no header could carry: empty, or with spaces or other than visible ASCII.
  public init?(_ text: String) {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    self.text = text
  }
}

extension StripeAPIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The type's name alone.
  public var description: String { "StripeAPIKey" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// How Stripe is spoken to.
public struct StripeConfiguration: Sendable, Hashable {
  /// The version of Stripe's API that this package was written for and is tested against.
  public static let pinnedVersion = "2026-10-28.endive"

  /// The version that answers are asked in; the host application may ask for another at its own risk.
  public var apiVersion: String
  /// Where Stripe is; a test or a proxy may be elsewhere.
  public var baseURL: HTTPURL
  /// How long one attempt may take.
  public var timeout: Duration
  /// How often and how long calls are repeated where Stripe says that it is safe. Every repeat of a write carries the same
  /// idempotency key.
  public var retryPolicy: RetryPolicy
  /// The portal configuration (`bpc_…`) that customers see; nil for the account's default.
  public var portalConfiguration: String?

  /// Stripe itself, in the pinned version, three attempts of 30 seconds within 80 seconds.
  public init(
    apiVersion: String = pinnedVersion, baseURL: HTTPURL? = nil, timeout: Duration = .seconds(30),
    retryPolicy: RetryPolicy = RetryPolicy(), portalConfiguration: String? = nil
  ) {
    self.apiVersion = apiVersion
    self.baseURL = baseURL ?? HTTPURL(trustedHost: "api.stripe.com")
    self.timeout = timeout
    self.retryPolicy = retryPolicy
    self.portalConfiguration = portalConfiguration
  }
}
