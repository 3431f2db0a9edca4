internal import SaaSCore

/// The value of a `Stripe-Signature` header: `t=<Unix seconds>,v1=<hexadecimal>[,v1=…][,v0=…]`.
///
/// Several `v1` appear while a secret is rolled over. `v0` is for Stripe's own tests and proves nothing; it and schemes
/// that are not known are passed over (https://docs.stripe.com/webhooks#verify-manually).
struct StripeSignature {
  /// The instant as the header has it, which is what was signed.
  let signedText: [UInt8]
  let signedAt: Timestamp
  /// The well-formed signatures.
  let digests: [SHA256Digest]

  /// How many bytes and signatures a header may have; Stripe's have a handful.
  private static let longestHeader = 4_096
  private static let mostSignatures = 16

  /// Reads a header, or gives nil where it has no instant, several, or no `v1`.
  init?(header: String) {
    var header = header
    let signature = header.withUTF8 { StripeSignature($0.span) }
    guard let signature else { return nil }
    self = signature
  }

  private init?(_ header: Span<UInt8>) {
    guard header.count <= Self.longestHeader else { return nil }
    var instant: Range<Int>?
    var candidates = 0
    var digests: [SHA256Digest] = []
    var start = 0
    while start <= header.count {
      while start < header.count, header[start] == UInt8(ascii: " ") { start += 1 }
      let end = header.firstIndex(of: UInt8(ascii: ","), from: start)
      let sign = header.firstIndex(of: UInt8(ascii: "="), from: start)
      guard sign < end else { return nil }
      let value = sign + 1..<end
      if sign == start + 1, header[start] == UInt8(ascii: "t") {
        guard instant == nil else { return nil }
        instant = value
      } else if sign == start + 2, header[start] == UInt8(ascii: "v"), header[start + 1] == UInt8(ascii: "1") {
        candidates += 1
        guard candidates <= Self.mostSignatures else { return nil }
        // One that is not 64 digits fits no body.
        if let digest = SHA256Digest(hexadecimal: header.extracting(value)) { digests.append(digest) }
      }
      start = end + 1
    }
    guard let instant, candidates > 0, (1...12).contains(instant.count) else { return nil }
    var seconds: Int64 = 0
    var text: [UInt8] = []
    for index in instant {
      let digit = header[index] &- 0x30
      guard digit <= 9 else { return nil }
      // Twelve digits are far from the end of the range.
      seconds = seconds * 10 + Int64(digit)
      text.append(header[index])
    }
    signedText = text
    signedAt = Timestamp(seconds: seconds)
    self.digests = digests
  }

  /// Whether one of the signatures is the body's under one of the secrets. Every signature is compared with every code, in
  /// a time that does not depend on them.
  func fits(_ body: [UInt8], under secrets: [StripeWebhookSecret]) -> Bool {
    let prefix = signedText + [UInt8(ascii: ".")]
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

extension Span<UInt8> {
  /// The first index from `start` on that holds a byte, or the count where none does.
  fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int {
    var index = start
    while index < count, self[index] != byte { index += 1 }
    return index
  }
}
