extension InlineText {
  /// Writes the bytes to memory that has room for them.
  package func copy(to memory: UnsafeMutableRawPointer) {
    if let box {
      box.bytes.withUnsafeBytes { bytes in
        if let start = bytes.baseAddress { memory.copyMemory(from: start, byteCount: bytes.count) }
      }
      return
    }
    let count = count
    Self.put(w0, count, memory)
    if count > 8 { Self.put(w1, count &- 8, memory + 8) }
    if count > 16 { Self.put(w2, count &- 16, memory + 16) }
    if count > 24 { Self.put(w3, count &- 24, memory + 24) }
    if count > 32 { Self.put(w4, count &- 32, memory + 32) }
  }

  /// Writes as many bytes of a word as there are, eight at most.
  @inline(__always)
  private static func put(_ word: UInt64, _ count: Int, _ memory: UnsafeMutableRawPointer) {
    if count >= 8 {
      memory.storeBytes(of: word.littleEndian, as: UInt64.self)
      return
    }
    var word = word
    var memory = memory
    if count & 4 != 0 {
      memory.storeBytes(of: UInt32(truncatingIfNeeded: word).littleEndian, as: UInt32.self)
      word >>= 32
      memory += 4
    }
    if count & 2 != 0 {
      memory.storeBytes(of: UInt16(truncatingIfNeeded: word).littleEndian, as: UInt16.self)
      word >>= 16
      memory += 2
    }
    if count & 1 != 0 { memory.storeBytes(of: UInt8(truncatingIfNeeded: word), as: UInt8.self) }
  }
}
