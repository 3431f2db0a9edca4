/// SHA-256 in plain Swift (FIPS 180-4 §6.2), used where the system has none that Swift can import.
///
/// Tested on every platform, also where the system's is used.
package struct PortableSHA256: Sendable {
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
  /// The bytes that do not fill a block yet, in their places.
  private var pending = SIMD64<UInt8>()
  private var total: UInt64 = 0

  /// A hash of nothing yet.
  package init() {}

  private var pendingCount: Int { Int(truncatingIfNeeded: total & 63) }

  /// Adds bytes.
  package mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBytes { buffer in
      guard var start = buffer.baseAddress else { return }
      var left = buffer.count
      var filled = pendingCount
      // Only the length's lowest 64 bits in bits are hashed; no message is that long.
      total &+= UInt64(truncatingIfNeeded: left)
      if filled > 0 {
        while filled < 64 && left > 0 {
          pending[filled] = start.load(as: UInt8.self)
          filled += 1
          left -= 1
          start += 1
        }
        guard filled == 64 else { return }
        compressPending()
      }
      let blocks = left / 64
      SHA256Compression.compress(&state, blocks: start, count: blocks)
      start += blocks * 64
      left -= blocks * 64
      for index in 0..<left { pending[index] = start.load(fromByteOffset: index, as: UInt8.self) }
    }
  }

  private mutating func compressPending() {
    withUnsafeBytes(of: pending) { buffer in
      if let start = buffer.baseAddress { SHA256Compression.compress(&state, blocks: start, count: 1) }
    }
  }

  /// The hash of the bytes so far; more may be added afterwards.
  package func digest() -> SHA256Digest {
    var last = self
    // FIPS 180-4 §5.1.1: a one bit, zeros, and the length in bits in the last eight bytes.
    let count = pendingCount
    let bits = (total << 3).bigEndian
    withUnsafeMutableBytes(of: &last.pending) { bytes in
      bytes[count] = 0x80
      for index in count + 1..<64 { bytes[index] = 0 }
    }
    if count >= 56 {
      last.compressPending()
      last.pending = SIMD64()
    }
    withUnsafeMutableBytes(of: &last.pending) { $0.storeBytes(of: bits, toByteOffset: 56, as: UInt64.self) }
    last.compressPending()
    return SHA256Digest(words: last.state)
  }
}
