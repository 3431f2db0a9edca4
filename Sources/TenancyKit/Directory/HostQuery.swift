/// What a Host header's value asks of an index's table.
struct HostQuery {
  /// The hash of the key.
  let hash: UInt64
  /// The whole name; the key is its front. Capitals are as they were received.
  let name: UnsafeRawPointer
  // A name has at most 253 bytes. Small numbers let a query be passed in registers.
  private let keyCount: UInt8
  private let nameCount: UInt8
  /// The platform domain of a label.
  let platform: UInt16
  /// Whether the key is a label under a platform domain, and not the whole host.
  let isLabel: Bool

  @inline(__always)
  init(hash: UInt64, name: UnsafeRawPointer, count: Int, whole: Int, isLabel: Bool, platform: UInt16) {
    self.hash = hash
    self.name = name
    keyCount = UInt8(truncatingIfNeeded: count)
    nameCount = UInt8(truncatingIfNeeded: whole)
    self.isLabel = isLabel
    self.platform = platform
  }

  /// How many bytes the key has.
  @inline(__always)
  var count: Int { Int(keyCount) }

  /// How many bytes the whole name has.
  @inline(__always)
  var whole: Int { Int(nameCount) }
}
