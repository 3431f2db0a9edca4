internal import SaaSCore

/// The value of a `Stripe-Signature` header: `t=<Unix seconds>,v1=<hexadecimal>[,v1=…][,v0=…]`.
///
/// Several `v1` appear while a secret is rolled over. `v0` is for Stripe's own tests and proves nothing; it and schemes
/// that are not known are passed over (https://docs.stripe.com/webhooks#verify-manually).
struct StripeSignature {
  /// The instant as the header has it, which is what was signed.
  let signedText: String
  let signedAt: Timestamp
  /// The well-formed signatures.
  let digests: [SHA256Digest]

  /// How many bytes and signatures a header may have; Stripe's have a handful.
  private static let longestHeader = 4_096
  private static let mostSignatures = 16

  /// Reads a header, or gives nil where it has no instant, several, or no `v1`.
  init?(header: String) {
    guard header.utf8.count <= Self.longestHeader else { return nil }
    var instant: String?
    var candidates: [Substring] = []
    for element in header.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = element.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      switch parts[0].drop(while: { $0 == " " }) {
      case "t":
        guard instant == nil else { return nil }
        instant = String(parts[1])
      case "v1": candidates.append(parts[1])
      default: break
      }
    }
    guard let instant, !candidates.isEmpty, candidates.count <= Self.mostSignatures,
      (1...12).contains(instant.utf8.count), instant.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let seconds = Int64(instant)
    else { return nil }
    signedText = instant
    signedAt = Timestamp(seconds: seconds)
    // One that is not 64 digits fits no body.
    digests = candidates.compactMap { SHA256Digest(hexadecimal: $0) }
  }

  /// Whether one of the signatures is the body's under one of the secrets. Every signature is compared with every code, in
  /// a time that does not depend on them.
  func fits(_ body: [UInt8], under secrets: [StripeWebhookSecret]) -> Bool {
    let prefix = Array((signedText + ".").utf8)
    var fits = false
    for secret in secrets {
      let code = secret.authentication.code { hash in
        hash.update(prefix)
        hash.update(body)
      }
      for digest in digests where digest == code { fits = true }
    }
    return fits
  }
}
