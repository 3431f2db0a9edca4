/// What a Host header's value asks of an index's table.
struct HostQuery {
  /// The hash of the key.
  let hash: UInt64
  /// The whole name; the key is its front. Capitals are as they were received.
  let name: UnsafeRawPointer
  /// How many bytes the key has, at most ``KeyBytes/longest``.
  let count: UInt8
  /// How many bytes the whole name has.
  let whole: UInt8
  /// How many bytes the whole value has.
  let value: UInt8
  /// 1 where the key is a label under a platform domain, 0 where it is the whole host.
  let label: UInt8
  /// The platform domain of a label.
  let platform: UInt16

  /// ``label`` as a word.
  @inline(__always)
  var isLabel: UInt64 { UInt64(label) }
}
