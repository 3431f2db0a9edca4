extension InlineText {
  /// Copies the UTF-8 bytes to the start of a buffer and gives their number; bytes past them may be overwritten with
  /// zeros. Copies nothing where the buffer has fewer than ``maximumCount`` bytes.
  ///
  /// For stores, which pass text to C without making a `String` or an array of it.
  package func copyUTF8(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard buffer.count >= Self.maximumCount else { return 0 }
    if let box {
      buffer.copyBytes(from: box.bytes)
      return box.bytes.count
    }
    buffer.storeBytes(of: w0.littleEndian, toByteOffset: 0, as: UInt64.self)
    buffer.storeBytes(of: w1.littleEndian, toByteOffset: 8, as: UInt64.self)
    buffer.storeBytes(of: w2.littleEndian, toByteOffset: 16, as: UInt64.self)
    buffer.storeBytes(of: w3.littleEndian, toByteOffset: 24, as: UInt64.self)
    buffer.storeBytes(of: w4.littleEndian, toByteOffset: 32, as: UInt64.self)
    return count
  }

  /// Calls with each UTF-8 byte in turn.
  package func forEachByte(_ body: (UInt8) -> Void) {
    if let box {
      for byte in box.bytes { body(byte) }
      return
    }
    var left = count
    func take(_ word: UInt64) {
      var word = word
      for _ in 0..<min(left, 8) {
        body(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
      left -= min(left, 8)
    }
    take(w0)
    take(w1)
    take(w2)
    take(w3)
    take(w4)
  }

  /// The sum of the first word and the last, of no use but that finding it brings an inline text near.
  @inlinable
  package var edges: UInt64 { w0 &+ w4 }
}
