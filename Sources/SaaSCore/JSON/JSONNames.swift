/// The member names of one object, looked through for one that comes twice.
struct JSONNames {
  let bytes: UnsafePointer<UInt8>
  let tokens: UnsafeMutablePointer<JSONToken>
  /// The token of the first name.
  let first: Int
  /// The token after the last value.
  let end: Int

  /// Objects with more names than this are sorted instead of compared pair by pair.
  private static let mostCompared = 48

  @inline(__always)
  private func nextName(after name: Int) -> Int {
    let value = tokens[name &+ 1]
    return value.isContainer ? value.length : name &+ 2
  }

  /// Where the later of two equal names starts, or nil where every name is there once.
  ///
  /// A set of 64 bits, one chosen by length and last bytes of each name, tells most new names from all before.
  @inline(__always)
  func offsetOfDuplicate() -> Int? {
    var seen: UInt64 = 0
    var name = first
    var count = 0
    while name < end {
      let token = tokens[name]
      count &+= 1
      guard token.kind == .string, count <= Self.mostCompared else { return sortedDuplicate() }
      let bit = 1 << (fingerprint(token) >> 58) as UInt64
      if seen & bit != 0, isRepeated(token, at: name) { return token.start }
      seen |= bit
      name = nextName(after: name)
    }
    return nil
  }

  @inline(__always)
  private func fingerprint(_ token: JSONToken) -> UInt64 {
    let length = token.length
    let end = token.start &+ length
    var word: UInt64 = 0
    if end >= 8 {
      word = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self).littleEndian
      if length < 8 { word = length == 0 ? 0 : word >> UInt64(truncatingIfNeeded: 64 &- 8 &* length) }
    } else {
      for offset in token.start..<end {
        word |= UInt64(bytes[offset]) << UInt64(truncatingIfNeeded: 8 &* (offset &- token.start))
      }
    }
    return (word ^ UInt64(truncatingIfNeeded: length)) &* 0x9e37_79b9_7f4a_7c15
  }

  private func isRepeated(_ token: JSONToken, at name: Int) -> Bool {
    var earlier = first
    while earlier < name {
      let other = tokens[earlier]
      if other.length == token.length,
        JSONTape.areEqual(bytes + other.start, bytes + token.start, count: token.length)
      {
        return true
      }
      earlier = nextName(after: earlier)
    }
    return false
  }

  /// The same for many names, or some with escapes, in O(*n* log *n*).
  @inline(never)
  private func sortedDuplicate() -> Int? {
    var names: [(text: [UInt8], start: Int)] = []
    var name = first
    while name < end {
      names.append((JSONTape.decoded(tokens[name], of: bytes), tokens[name].start))
      name = nextName(after: name)
    }
    names.sort { left, right in
      if left.text == right.text { return left.start < right.start }
      return left.text.lexicographicallyPrecedes(right.text)
    }
    return zip(names, names.dropFirst()).filter { $0.text == $1.text }.map(\.1.start).min()
  }
}
