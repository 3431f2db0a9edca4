/// Why a call to the payment provider failed, told apart by what the caller can do about it.
///
/// No field holds a secret.
public struct GatewayError: Error, Sendable, Hashable {
  /// What the caller can do about a failure.
  public enum Kind: Sendable, Hashable {
    /// The provider did not answer, or answered that it cannot now. A write may or may not have happened: the same call
    /// with the same key may be repeated and happens once.
    case unavailable
    /// Too many calls; the same call may be repeated, after this long where the provider said so.
    case rateLimited(retryAfter: Duration?)
    /// There is no such thing: the one that the call is about, or one that it names.
    case notFound
    /// The provider refuses what was asked; repeating it changes nothing.
    case refused
    /// The payment was declined; the customer has to act.
    case declined
    /// The key was used for another request before; nothing was done.
    case keyMismatch
    /// The gateway's credentials are wrong or do not allow the call; an operator has to look.
    case unauthorized
    /// The answer could not be read. A write may have happened.
    case unreadable
    /// The calling task was cancelled. A write may or may not have happened.
    case cancelled
  }

  /// What the caller can do about it.
  public let kind: Kind
  /// One plain sentence for an operator's log, the provider's where it gave one.
  public let message: String
  /// The provider's own code, `resource_missing` for one.
  public let code: String?
  /// The parameter that the provider objects to.
  public let parameter: String?
  /// The provider's name of the request, for its support.
  public let requestID: String?

  /// A failure with what is known of it.
  public init(
    _ kind: Kind, _ message: String, code: String? = nil, parameter: String? = nil, requestID: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.code = code
    self.parameter = parameter
    self.requestID = requestID
  }

  /// Whether the same call may succeed later without anybody repairing anything.
  public var isRetryable: Bool {
    switch kind {
    case .unavailable, .rateLimited, .cancelled: true
    case .notFound, .refused, .declined, .keyMismatch, .unauthorized, .unreadable: false
    }
  }
}
