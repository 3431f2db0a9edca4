public import BillingKit
public import SaaSCore

/// A webhook as the provider sends it: raw bytes and the signature over them.
public struct FakeWebhook: Sendable, Hashable {
  /// The event that the body tells of.
  public let eventID: ProviderEventID
  /// The event's type, `customer.subscription.updated` for one.
  public let type: String
  /// The raw bytes.
  public let body: [UInt8]
  /// The value of the `Stripe-Signature` header.
  public let signature: String
}

extension FakePaymentGateway {
  /// The webhooks that were not taken yet, in the order in which their events happened, signed now.
  public func takeWebhooks() -> [FakeWebhook] {
    let told = takeTold()
    return told.map { webhook(of: $0, signedAt: now) }
  }

  /// What has not been taken yet, delivered as an unreliable network would: some twice, some never, in any order.
  ///
  /// - Parameters:
  ///   - repeats: how many deliveries come a second time.
  ///   - drops: how many events are never delivered.
  public func takeWebhooks(
    shuffledBy generator: inout some RandomNumberGenerator, repeating repeats: Int = 0, dropping drops: Int = 0
  ) -> [FakeWebhook] {
    var webhooks = takeWebhooks()
    for _ in 0..<min(max(0, drops), webhooks.count) {
      webhooks.remove(at: Int.random(in: webhooks.indices, using: &generator))
    }
    guard !webhooks.isEmpty else { return [] }
    for _ in 0..<max(0, repeats) { webhooks.append(webhooks[Int.random(in: webhooks.indices, using: &generator)]) }
    webhooks.shuffle(using: &generator)
    return webhooks
  }

  /// Keeps what has not been taken yet for a later ``takeWebhooks()``, but for the first so many: the rest is delayed.
  public func takeWebhooks(first count: Int) -> [FakeWebhook] {
    let told: [FakeProvider.Event] = state.withLock { state in
      let fresh = Array(state.provider.events.dropFirst(state.told).prefix(max(0, count)))
      state.told += fresh.count
      return fresh
    }
    return told.map { webhook(of: $0, signedAt: now) }
  }

  /// A webhook that was sent before, sent again with a fresh signature.
  public func resend(_ webhook: FakeWebhook) -> FakeWebhook {
    FakeWebhook(
      eventID: webhook.eventID, type: webhook.type, body: webhook.body,
      signature: Self.signature(of: webhook.body, secret: webhookSecret, at: now))
  }

  func webhook(of event: FakeProvider.Event, signedAt now: Timestamp) -> FakeWebhook {
    let body = FakeWebhookBody(event, shape: shape).json.bytes
    return FakeWebhook(
      eventID: event.value.id, type: event.value.type, body: body,
      signature: Self.signature(of: body, secret: webhookSecret, at: now))
  }

  /// The signature header that the provider would send: HMAC-SHA256 over the second, a full stop and the body.
  public static func signature(of body: [UInt8], secret: String, at instant: Timestamp) -> String {
    let second = instant.microseconds.flooredDivision(by: 1_000_000).quotient
    let code = HMACSHA256(key: Array(secret.utf8)).code(for: Array("\(second).".utf8) + body)
    return "t=\(second),v1=\(code.hexadecimal)"
  }
}

extension FakePaymentGateway: WebhookVerifier {
  /// Verifies the signature, and gives the event that was told under the body's `id`.
  public func event(body: [UInt8], signature: String?, at now: Timestamp) throws(WebhookRefusal) -> ProviderEvent {
    guard let signature, let instant = Self.signedAt(signature) else { throw .malformedSignature }
    guard Self.signature(of: body, secret: webhookSecret, at: instant) == signature else { throw .signatureMismatch }
    let age = now.duration(since: instant)
    guard age <= .seconds(300), age >= .seconds(-300) else { throw .outsideTolerance(signedAt: instant) }
    guard let document = try? JSONDocument(body), let id = document.root["id"]?.string else {
      throw .unreadable("/id")
    }
    let known = state.withLock { state in state.provider.events.first { $0.value.id.rawValue == id }?.value }
    guard let known else { throw .unreadable("no event \(id) was told") }
    return known
  }

  private static func signedAt(_ header: String) -> Timestamp? {
    guard header.hasPrefix("t="), let comma = header.firstIndex(of: ","),
      let second = Int64(header[header.index(header.startIndex, offsetBy: 2)..<comma])
    else { return nil }
    return Timestamp(seconds: second)
  }
}
