/// What is left to ask of an index's table once a Host header's value was read.
enum HostQuery {
  /// Nothing: the value or the platform settles it.
  case settled(HostVerdict)
  /// The tenant of one label under a platform domain; `count` bytes of a name of `whole`.
  case label(hash: UInt64, count: Int, of: Int, isSlug: Bool, platform: UInt16)
  /// The mapping of a whole host, and the reason where there is none.
  case host(hash: UInt64, count: Int, otherwise: HostReason)

  /// Where in the table to look first; 0 where there is nothing to look for.
  @inline(__always)
  var hash: UInt64 {
    switch self {
    case .settled: 0
    case .label(let hash, _, _, _, _), .host(let hash, _, _): hash
    }
  }
}
