/// The secret by which one in-memory table spreads texts, so that nobody can choose texts that collide in it.
///
/// The hash is NH (Black et al., "UMAC: Fast and Secure Message Authentication", CRYPTO 1999) over the words of an inline
/// text; a longer text goes through the standard library's seeded hasher. Equal texts have equal hashes.
@usableFromInline
package struct TextHashSecret: Sendable {
  // Usable from inline, so that a text is hashed where it lies.
  @usableFromInline let k0, k1, k2, k3, k4, k5: UInt64

  /// A secret drawn from a generator.
  package init(using generator: inout some RandomNumberGenerator) {
    k0 = generator.next()
    k1 = generator.next()
    k2 = generator.next()
    k3 = generator.next()
    k4 = generator.next()
    k5 = generator.next() | 1
  }

  /// A secret drawn from the system.
  package init() {
    var generator = SystemRandomNumberGenerator()
    self.init(using: &generator)
  }

  /// The hash of a text; all bits are spread alike.
  @inlinable
  package func hash(_ text: InlineText) -> UInt64 { hashIfInline(text) ?? Self.hashOfBox(text) }

  /// The hash of a text that lies inline, or nil: calls nothing, so that whoever asks for it need not retain the text.
  @inlinable @inline(__always)
  package func hashIfInline(_ text: InlineText) -> UInt64? {
    if text.w4 >> 56 == 0xff { return nil }
    let first = (text.w0 &+ k0).multipliedFullWidth(by: text.w1 &+ k1)
    let second = (text.w2 &+ k2).multipliedFullWidth(by: text.w3 &+ k3)
    let third = (text.w4 &+ k4).multipliedFullWidth(by: k5)
    let low = first.low &+ second.low &+ third.low
    let high = first.high &+ second.high &+ third.high
    let mixed = (low ^ k1).multipliedFullWidth(by: high ^ k4 | 1)
    return mixed.low ^ mixed.high
  }

  @usableFromInline
  static func hashOfBox(_ text: InlineText) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(text.box?.bytes)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }
}
