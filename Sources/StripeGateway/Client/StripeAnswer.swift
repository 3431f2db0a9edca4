internal import BillingKit
internal import SaaSCore

/// A successful answer of Stripe's.
struct StripeAnswer: Sendable {
  let root: JSONValue
  /// Stripe's name of the request.
  let requestID: String?
  /// The whole second by Stripe's clock that is not after the moment the request arrived; nil where it told no time.
  let serverTimeAtStart: Timestamp?

  /// What the answer says, with the instant that it is at least as new as.
  func read<Value>(_ read: (StripeReader) throws(StripeReadError) -> Value) throws(GatewayError) -> GatewayRead<Value> {
    // No instant of ours stands in for Stripe's: it might be later.
    guard let asOf = serverTimeAtStart else {
      throw GatewayError(.unreadable, "the answer has no Date header", requestID: requestID)
    }
    return GatewayRead(try value(read), asOf: asOf)
  }

  /// What the answer says.
  func value<Value>(_ read: (StripeReader) throws(StripeReadError) -> Value) throws(GatewayError) -> Value {
    do {
      return try read(StripeReader(root))
    } catch {
      throw GatewayError(.unreadable, "the answer cannot be read: \(error.description)", requestID: requestID)
    }
  }
}
