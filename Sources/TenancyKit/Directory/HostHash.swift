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
  /// What lies at the pointer: the secret's words, and then as many words of ones as of zeros, which mask what is short.
  static func words(of secret: HostHashSecret) -> [UInt64] {
    secret.words + Array(repeating: .max, count: maskWordCount) + Array(repeating: 0, count: maskWordCount)
  }

  private static let maskWordCount = 6
  /// Up to how many bytes ``mask(_:from:)`` masks.
  static let maskedCount = 48

  /// Where ``maskedCount`` bytes begin of which the first so many, from none to all, are ones and the others zeros.
  @inline(__always)
  static func mask(_ count: Int, from masks: UnsafeRawPointer) -> UnsafeRawPointer { masks - count }

  // Points at words that the owner of this value keeps alive and never changes.
  let secret: UnsafePointer<UInt64>

  /// What ``mask(_:from:)`` reads: ones before it, zeros from it on.
  @inline(__always)
  var masks: UnsafeRawPointer { UnsafeRawPointer(secret + (HostHashSecret.wordCount &+ Self.maskWordCount)) }

  /// The hash of a stored name, capitals read as small letters; sixteen bytes are readable in any case.
  @inline(__always)
  func hash(_ name: UnsafeRawPointer, count: Int, in space: HostKeySpace) -> UInt64 {
    if count <= KeyBytes.longest {
      return hash(KeyBytes(name, count: count, masks: masks), count: count, space: space.rawValue)
    }
    return longHash(name, count: count, kind: kind(count, space.rawValue))
  }

  /// The same of a key that was read.
  @inline(__always)
  func hash(_ key: KeyBytes, count: Int, space: UInt64) -> UInt64 {
    let product = key.product(secret)
    return mixed(low: product.low, high: product.high, kind: kind(count, space))
  }

  @inline(__always)
  private func kind(_ count: Int, _ space: UInt64) -> UInt64 { UInt64(truncatingIfNeeded: count) &<< 1 | space }

  @inline(never)
  private func longHash(_ name: UnsafeRawPointer, count: Int, kind: UInt64) -> UInt64 {
    let fold = NameWord.each(NameWord.caseBit)
    var high: UInt64 = 0
    var low: UInt64 = 0
    var offset = 0
    var key = 0
    repeat {
      // The last block overlaps the one before it.
      let place = min(offset, count &- 16)
      let first = (NameWord.at(place, of: name) | fold) &+ secret[key]
      let second = (NameWord.at(place &+ 8, of: name) | fold) &+ secret[key &+ 1]
      let product = first.multipliedFullWidth(by: second)
      let (sum, carry) = low.addingReportingOverflow(product.low)
      low = sum
      high = high &+ product.high &+ (carry ? 1 : 0)
      offset &+= 16
      key &+= 2
    } while offset < count
    return mixed(low: low, high: high, kind: kind)
  }

  @inline(__always)
  private func mixed(low: UInt64, high: UInt64, kind: UInt64) -> UInt64 {
    let product = (low ^ secret[32] ^ kind).multipliedFullWidth(by: high ^ secret[33])
    return product.high ^ product.low
  }
}
