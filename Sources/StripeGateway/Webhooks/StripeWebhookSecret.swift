internal import SaaSCore

/// The signing secret of one webhook endpoint (`whsec_…`); no description shows it.
public struct StripeWebhookSecret: Sendable {
  let authentication: HMACSHA256

  /// Wraps a secret, whole as Stripe shows it, or gives nil for an empty one, under which anybody could sign.
  public init?(_ text: String) {
    guard !text.isEmpty else { return nil }
    authentication = HMACSHA256(key: Array(text.utf8))
  }
}

extension StripeWebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The type's name alone.
  public var description: String { "StripeWebhookSecret" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
