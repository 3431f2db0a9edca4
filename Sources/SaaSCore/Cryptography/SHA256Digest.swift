/// The 32 bytes of a SHA-256 hash or of an HMAC with it.
///
/// Two are compared in a time that does not depend on their bytes, so that an attacker who measures answers learns nothing
/// of a signature.
public struct SHA256Digest: Sendable, Hashable {
  /// The bytes as big-endian words, as FIPS 180-4 has them.
  let words: SIMD8<UInt32>

  init(words: SIMD8<UInt32>) { self.words = words }

  /// The digest that 64 hexadecimal digits of either case write, or nil for anything else.
  public init?(hexadecimal text: String) {
    var text = text
    let digest = text.withUTF8 { SHA256Digest(hexadecimal: $0.span) }
    guard let digest else { return nil }
    self = digest
  }

  /// The same of digits in ASCII.
  package init?(hexadecimal digits: Span<UInt8>) {
    guard digits.count == 64 else { return nil }
    var words = SIMD8<UInt32>()
    for lane in 0..<8 {
      var word: UInt32 = 0
      for index in 8 * lane..<8 * lane + 8 {
        guard let digit = JSONEscapes.digit(digits[index]) else { return nil }
        word = word << 4 | digit
      }
      words[lane] = word
    }
    self.words = words
  }

  /// The 32 bytes in order.
  public var bytes: [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
  }

  /// 64 hexadecimal digits in lower case.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Whether both have the same bytes; takes the same time whatever they are.
  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    var difference: UInt32 = 0
    for lane in 0..<8 { difference |= left.words[lane] ^ right.words[lane] }
    return difference == 0
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The digest in hexadecimal.
  public var description: String { hexadecimal }
}
