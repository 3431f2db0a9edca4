#if canImport(CryptoKit)
  internal import CryptoKit
#endif

/// SHA-256 (FIPS 180-4), fed piece by piece: the system's on Apple's platforms, this package's own elsewhere.
///
/// The system's uses the processor's SHA instructions. Ours cannot: Swift reaches them on Linux through the compiler's
/// own intrinsics module, but a Swift function cannot be compiled for an instruction set that its whole module is not,
/// and raising that takes unsafe build flags, which a package that others depend on may not have. A call for each
/// instruction through a function compiled elsewhere costs more than it gains.
public struct SHA256: Sendable {
  #if canImport(CryptoKit)
    private var system = CryptoKit.SHA256()

    /// A hash of nothing yet.
    public init() {}

    /// Adds bytes.
    /// - Complexity: O(count)
    public mutating func update(_ bytes: Span<UInt8>) {
      bytes.withUnsafeBytes { system.update(bufferPointer: $0) }
    }

    /// The hash of the bytes so far; more may be added afterwards.
    public func digest() -> SHA256Digest {
      var words = SIMD8<UInt32>()
      for (index, byte) in system.finalize().enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
      return SHA256Digest(words: words)
    }
  #else
    private var portable = PortableSHA256()

    /// A hash of nothing yet.
    public init() {}

    /// Adds bytes.
    /// - Complexity: O(count)
    public mutating func update(_ bytes: Span<UInt8>) { portable.update(bytes) }

    /// The hash of the bytes so far; more may be added afterwards.
    public func digest() -> SHA256Digest { portable.digest() }
  #endif

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  /// The hash of some bytes.
  public static func hash(_ bytes: [UInt8]) -> SHA256Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.digest()
  }
}
