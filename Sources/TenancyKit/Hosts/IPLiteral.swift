/// IP literals in brackets, as RFC 3986 §3.2.2 has them: `[IPv6]` or `[vN.…]`.
enum IPLiteral {
  /// Why `[…][:port]` is not a tenant's host: its port, or that it is an address. Nil where the brackets hold no address,
  /// so that the bracket itself is an invalid character.
  static func reason(_ bytes: Span<UInt8>) -> HostReason? {
    var close = 1
    while close < bytes.count, bytes[close] != UInt8(ascii: "]") { close += 1 }
    guard close < bytes.count else { return nil }
    let inner = bytes.extracting(1..<close)
    guard isIPv6(inner) || isFutureAddress(inner) else { return nil }
    if close + 1 == bytes.count { return .ipAddress }
    guard bytes[close + 1] == UInt8(ascii: ":") else { return nil }
    for index in close + 2..<bytes.count where !(0x21...0x7e).contains(bytes[index]) { return nil }
    return HostSyntax.isPort(bytes, from: close + 2) ? .ipAddress : .invalidPort
  }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  /// Eight groups of one to four hexadecimal digits, the last two perhaps as dotted IPv4, one run of groups perhaps
  /// left out as `::`.
  private static func isIPv6(_ bytes: Span<UInt8>) -> Bool {
    var groups = 0
    var compressed = false
    var index = 0
    if bytes.count >= 2, bytes[0] == UInt8(ascii: ":"), bytes[1] == UInt8(ascii: ":") {
      compressed = true
      index = 2
    }
    while index < bytes.count {
      var end = index
      while end < bytes.count, isHexDigit(bytes[end]) { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
        guard isIPv4(bytes.extracting(index..<bytes.count)) else { return false }
        groups += 2
        index = bytes.count
        break
      }
      guard (1...4).contains(end - index) else { return false }
      groups += 1
      guard end < bytes.count else { break }
      guard bytes[end] == UInt8(ascii: ":"), end + 1 < bytes.count else { return false }
      index = end + 1
      if bytes[index] == UInt8(ascii: ":") {
        guard !compressed else { return false }
        compressed = true
        index += 1
      }
    }
    return compressed ? groups <= 7 : groups == 8
  }

  private static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
    var parts = 0
    var digits = 0
    var value = 0
    for index in 0...bytes.count {
      if index == bytes.count || bytes[index] == UInt8(ascii: ".") {
        guard (1...3).contains(digits), value <= 255 else { return false }
        parts += 1
        digits = 0
        value = 0
      } else {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]), digits < 3 else { return false }
        value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
        digits += 1
      }
    }
    return parts == 4
  }

  /// `v`, hexadecimal digits, a dot, and at least one byte of those that a later version may use.
  private static func isFutureAddress(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= 4, HostSyntax.folded(bytes[0]) == UInt8(ascii: "v") else { return false }
    var index = 1
    while index < bytes.count, isHexDigit(bytes[index]) { index += 1 }
    guard index > 1, index + 1 < bytes.count, bytes[index] == UInt8(ascii: ".") else { return false }
    for index in index + 1..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","),
        UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: ":"):
        continue
      default: return false
      }
    }
    return true
  }
}
