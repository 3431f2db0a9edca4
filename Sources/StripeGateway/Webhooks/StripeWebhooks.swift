public import BillingKit
public import SaaSCore

/// Verifies and reads Stripe's webhooks.
///
/// The signature is checked over the raw bytes before any of them is read. Bodies in the shape of API versions before and
/// since basil (2025-03-31) are read alike, because a webhook has its endpoint's version; thin events are told from them.
public struct StripeWebhooks: WebhookVerifier {
  private let secrets: [StripeWebhookSecret]
  private let tolerance: Duration
  private let maximumBodyCount: Int

  /// Stripe's own recommendation: five minutes.
  public static let standardTolerance: Duration = .seconds(300)

  /// A verifier of one endpoint.
  /// - Parameters:
  ///   - secrets: the endpoint's secrets; two while one is rolled over. Without any, nothing is believed.
  ///   - tolerance: how far the signature's instant may lie from now, before or after.
  ///   - maximumBodyCount: the most bytes a body may have; Stripe's events have some thousands.
  public init(
    secrets: [StripeWebhookSecret], tolerance: Duration = standardTolerance, maximumBodyCount: Int = 1 << 20
  ) {
    self.secrets = secrets
    self.tolerance = tolerance
    self.maximumBodyCount = maximumBodyCount
  }

  public func event(body: [UInt8], signature: String?, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent {
    guard body.count <= maximumBodyCount else { throw .bodyTooLarge }
    guard let signature = signature.flatMap(StripeSignature.init(header:)) else { throw .malformedSignature }
    guard signature.fits(body, under: secrets) else { throw .signatureMismatch }
    let age = now.duration(since: signature.signedAt)
    guard age <= tolerance, age >= .zero - tolerance else { throw .outsideTolerance(signedAt: signature.signedAt) }
    do {
      // Signed bytes are Stripe's own; a name that comes twice in them is no reason to lose an event.
      let document = try JSONDocument(body, duplicateNames: .lastWins)
      return try StripeReader(document.root).event()
    } catch let error as JSONError {
      throw .unreadable(error.description)
    } catch let error as StripeReadError {
      throw .unreadable(error.description)
    } catch {
      throw .unreadable("\(error)")
    }
  }
}
