/// The secret by which one index spreads names over its table.
///
/// Tenants choose their names, so a fixed hash would let them choose names that collide. This one is NH (Black et al.,
/// "UMAC: Fast and Secure Message Authentication", CRYPTO 1999) over 64-bit words: for a random secret, any two names
/// have the same 128-bit sum with a chance of at most 2⁻⁶⁴, whatever the names are.
struct HostHashSecret: Sendable {
  /// One word for each of the 32 words that 253 bytes can have, and two for the last step.
  static let wordCount = 34

  let words: [UInt64]

  /// A secret drawn from a generator.
  init(using generator: inout some RandomNumberGenerator) {
    var words: [UInt64] = []
    for _ in 0..<Self.wordCount { words.append(generator.next()) }
    self.words = words
  }

  /// This process's own secret, drawn once from the system.
  static let ofProcess: HostHashSecret = {
    var generator = SystemRandomNumberGenerator()
    return HostHashSecret(using: &generator)
  }()
}

/// What a name is in the table; a label and a whole host with the same bytes are different keys.
enum HostKeySpace: UInt64, Sendable {
  /// One label under any platform domain.
  case label = 0
  /// A whole host.
  case host = 1
}

/// Hashes names with a secret whose words lie at a pointer.
struct HostHasher {
  // Points at HostHashSecret.wordCount words that the owner of this value keeps alive and never changes.
  let secret: UnsafePointer<UInt64>

  /// The hash of `count` bytes, with at least fifteen readable bytes after them.
  @inline(__always)
  func hash(_ name: UnsafeRawPointer, count: Int, in space: HostKeySpace) -> UInt64 {
    @inline(__always) func word(at offset: Int) -> UInt64 {
      let word = UInt64(littleEndian: name.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let rest = count &- offset
      if rest >= 8 { return word }
      return rest <= 0 ? 0 : word & (1 << (8 &* UInt64(truncatingIfNeeded: rest)) &- 1)
    }
    var high: UInt64 = 0
    var low: UInt64 = 0
    var offset = 0
    var key = 0
    repeat {
      let first = word(at: offset) &+ secret[key]
      let second = word(at: offset &+ 8) &+ secret[key &+ 1]
      let product = first.multipliedFullWidth(by: second)
      let (sum, carry) = low.addingReportingOverflow(product.low)
      low = sum
      high = high &+ product.high &+ (carry ? 1 : 0)
      offset &+= 16
      key &+= 2
    } while offset < count
    let kind = UInt64(truncatingIfNeeded: count) << 1 | space.rawValue
    let mixed = (low ^ secret[32] ^ kind).multipliedFullWidth(by: high ^ secret[33])
    return mixed.high ^ mixed.low
  }
}
