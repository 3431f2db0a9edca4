/// What a Host header's value asks of an index's table.
struct HostQuery {
  /// The hash of the key.
  let hash: UInt64
  /// The whole name; the key is its front. Capitals are as they were received.
  // Leads into the value that was asked about, which lasts as long as the call that asks.
  let name: UnsafeRawPointer
  // One word, so that a batch puts a query down and takes it up again in three: how many bytes the key has in bits 0–7, the
  // whole name in 8–15 and the whole value in 16–23; whether the key is a label in 24; the platform domain in 32–47; and the
  // entry's head in 48–63.
  private let packed: UInt64

  /// - Parameters:
  ///   - count: how many bytes the key has, at most ``KeyBytes/longest``.
  ///   - whole: how many bytes the whole name has, at most 255.
  ///   - value: how many bytes the whole value has, at most 255.
  ///   - isLabel: 1 where the key is a label under a platform domain, 0 where it is the whole host.
  ///   - platform: the platform domain of a label.
  @inline(__always)
  init(hash: UInt64, name: UnsafeRawPointer, count: Int, whole: Int, value: Int, isLabel: UInt64, platform: UInt64) {
    self.hash = hash
    self.name = name
    let head = Self.head(count, isLabel: isLabel)
    packed =
      UInt64(truncatingIfNeeded: count | whole &<< 8 | value &<< 16) | isLabel &<< 24 | platform &<< 32 | head &<< 48
  }

  /// How many bytes the key has, at most ``KeyBytes/longest``.
  @inline(__always)
  var count: Int { Int(truncatingIfNeeded: packed & 0xff) }

  /// How many bytes the whole name has.
  @inline(__always)
  var whole: Int { Int(truncatingIfNeeded: packed &>> 8 & 0xff) }

  /// How many bytes the whole value has.
  @inline(__always)
  var value: Int { Int(truncatingIfNeeded: packed &>> 16 & 0xff) }

  /// 1 where the key is a label under a platform domain, 0 where it is the whole host.
  @inline(__always)
  var isLabel: UInt64 { packed &>> 24 & 1 }

  /// The platform domain of a label.
  @inline(__always)
  var platform: UInt16 { UInt16(truncatingIfNeeded: packed &>> 32) }

  /// The first two bytes of an entry that has the key and resolves to an active tenant, but for bits outside of
  /// ``headMask``.
  @inline(__always)
  var head: UInt64 { packed &>> 48 }

  /// ``head`` of a query that is known to be a label's, or a host's, which takes fewer steps than to unpack it.
  @inline(__always)
  static func head(_ count: Int, isLabel: UInt64) -> UInt64 {
    let length = UInt64(truncatingIfNeeded: count)
    return NameWord.choice(isLabel, length, UInt64(HostEntry.active) << 6 | length &<< 8)
  }

  /// The bits of an entry's head that are known: of a slug's its length, of an active mapping's all.
  @inline(__always)
  var headMask: UInt64 { (isLabel &- 1) | UInt64(HostEntry.slugCountMask) }
}
