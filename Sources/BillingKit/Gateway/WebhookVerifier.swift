public import SaaSCore

/// Verifies and reads a webhook of the payment provider.
///
/// StripeGateway implements it, and the fake gateway in SaaSTesting. The signature is checked over the raw bytes before
/// anything in them is read.
public protocol WebhookVerifier: Sendable {
  /// The event that a webhook's body tells of.
  ///
  /// A type that billing does not use is ``ProviderEvent/Payload/unused``, not an error; so is what an event of a used
  /// type tells of a thing that billing does not use (an invoice without a subscription has none).
  /// - Parameters:
  ///   - body: the raw bytes, as they arrived.
  ///   - signature: the value of the provider's signature header, or nil where there was none.
  ///   - now: the instant by which the signature's age is judged.
  func event(body: [UInt8], signature: String?, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent
}

/// Why a webhook is not believed or not understood.
public enum WebhookRefusal: Error, Sendable, Hashable {
  /// There is no signature header, or it does not have the provider's form.
  case malformedSignature
  /// No signature in the header fits the body under any of the secrets.
  case signatureMismatch
  /// The signature was made too long ago or too far ahead.
  case outsideTolerance(signedAt: Timestamp)
  /// The body is larger than a webhook may be.
  case bodyTooLarge
  /// The signature is good, and the body could not be read; the text says where.
  case unreadable(String)
}
