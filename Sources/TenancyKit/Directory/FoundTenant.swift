/// What a directory found for a host: the verdict, and the names of its tenant's context where they need no box.
///
/// A context handed over whole would be copied in larger pieces than it is written in, and a processor that reads what it is
/// still writing waits for it. Its words are handed over instead, and the context is put together where it is used.
@usableFromInline
struct FoundTenant: Sendable {
  /// Whether there are names.
  @usableFromInline
  enum Presence: UInt8, Sendable {
    /// None: the host is served no tenant.
    case none
    /// All three are here.
    case here
    /// They need a box, and so they are not here.
    case boxed
  }

  @usableFromInline let verdict: HostVerdict
  @usableFromInline let presence: Presence
  @usableFromInline let slugCount: Int
  @usableFromInline let front: SIMD4<UInt64>
  @usableFromInline let middle: SIMD4<UInt64>
  @usableFromInline let back: SIMD4<UInt64>

  /// The verdict with its record; nil for one that serves no tenant.
  @inline(__always)
  init(_ verdict: HostVerdict, _ record: HostEntry.Record?, masks: UnsafeRawPointer) {
    self.verdict = verdict
    guard let record, ContextNames.fits(slugCount: record.slugCount, record.idCount, record.organizationCount) else {
      presence = record == nil ? .none : .boxed
      slugCount = 0
      (front, middle, back) = (SIMD4(), SIMD4(), SIMD4())
      return
    }
    presence = .here
    slugCount = record.slugCount
    // Forty-eight bytes are readable past any entry's end, and what is read last begins before it.
    let count = record.namesCount
    let first = min(count, HostHasher.maskedCount)
    let firstMask = HostHasher.mask(first, from: masks)
    front = Self.words(record.slug, firstMask)
    let third: SIMD2<UInt64> = Self.words(record.slug + 32, firstMask + 32)
    guard count > first else {
      middle = SIMD4(lowHalf: third, highHalf: SIMD2())
      back = SIMD4()
      return
    }
    let rest = record.slug + first
    let mask = HostHasher.mask(count &- first, from: masks)
    middle = SIMD4(lowHalf: third, highHalf: Self.words(rest, mask))
    back = Self.words(rest + 16, mask + 16)
  }

  /// What lies at a pointer where a mask has ones.
  @inline(__always)
  private static func words<Words: SIMD>(_ start: UnsafeRawPointer, _ mask: UnsafeRawPointer) -> Words
  where Words.Scalar == UInt64 {
    start.loadUnaligned(as: Words.self) & mask.loadUnaligned(as: Words.self)
  }

  /// The context, if its names are here.
  @inlinable
  var context: TenantContext? {
    guard presence == .here else { return nil }
    return TenantContext(names: ContextNames(front: front, middle: middle, back: back, slugCount: slugCount))
  }
}
