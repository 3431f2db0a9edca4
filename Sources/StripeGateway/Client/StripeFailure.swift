internal import BillingKit
internal import SaaSCore

/// What Stripe's failures mean (https://docs.stripe.com/api/errors).
enum StripeFailure {
  /// The longest message that is passed on.
  private static let longestMessage = 500

  /// The error that an unsuccessful answer stands for; `secret` is taken out of its texts, should Stripe repeat it.
  static func gatewayError(_ response: HTTPResponse, hiding secret: String, at now: Timestamp) -> GatewayError {
    let error = (try? JSONDocument(response.body))?.root["error"]
    func text(_ name: String) -> String? {
      guard let text = error?[name]?.string, !text.isEmpty else { return nil }
      return String(
        text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "…").prefix(longestMessage))
    }
    let code = text("code")
    let kind = kind(response, type: text("type"), code: code, at: now)
    return GatewayError(
      kind, text("message") ?? "Stripe answered with status \(response.status)",
      code: text("decline_code") ?? code ?? text("type"), parameter: text("param"),
      requestID: response.headers["Request-Id"])
  }

  private static func kind(
    _ response: HTTPResponse, type: String?, code: String?, at now: Timestamp
  ) -> GatewayError.Kind {
    switch (response.status, type, code) {
    case (400, "idempotency_error", _): .keyMismatch
    case (400, _, "resource_missing"), (404, _, _): .notFound
    case (401, _, _), (403, _, _): .unauthorized
    case (402, "card_error", _), (400, "card_error", _): .declined
    // Another request with the same key, or one that holds the object's lock, is under way.
    case (409, _, _), (429, _, "lock_timeout"): .unavailable
    case (429, _, _): .rateLimited(retryAfter: RetryAdvice.delay(in: response, at: now))
    case (500..., _, _): .unavailable
    case (400..<500, _, _): .refused
    default: .unreadable
    }
  }
}
