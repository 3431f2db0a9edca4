internal import SaaSCore

/// Names that follow from what they are for, so that a repeat after a crash has the same one.
enum StableName {
  /// 40 hexadecimal digits that follow from parts, different for different parts.
  static func digest(_ parts: String...) -> String {
    var bytes: [UInt8] = []
    for part in parts {
      // The length before each part keeps `ab`, `c` apart from `a`, `bc`.
      bytes += Array(String(part.utf8.count).utf8) + [UInt8(ascii: ":")] + Array(part.utf8)
    }
    return String(SHA256.hash(bytes).hexadecimal.prefix(40))
  }

  /// An idempotency key that follows from parts; the purpose stands in it for whoever reads the provider's log.
  static func key(_ purpose: String, _ parts: String...) -> IdempotencyKey {
    var all = purpose
    for part in parts { all += "\(part.utf8.count):\(part)" }
    let text = "saaskit-\(purpose)-\(digest(all))"
    // Far under 255 bytes of ASCII.
    return IdempotencyKey(validated: ValidIdentifierText(trusted: InlineText(text) ?? InlineText()))
  }
}
