public import SaaSCore

/// What a directory found for a host: the verdict, and the texts of its tenant's context where none of them is long.
///
/// A context has eighteen words. Handed over whole it is written word by word and copied at once in larger pieces, and a
/// processor that reads what it is still writing waits for it. These are handed over instead, and the context is put together
/// where it is used.
@usableFromInline
struct FoundTenant: Sendable {
  /// Which texts there are.
  @usableFromInline
  enum Texts: UInt8, Sendable {
    /// None: the host is served no tenant.
    case none
    /// All three.
    case all
    /// A slug of more than ``HostEntry/shortCount`` bytes or an identifier of more than ``InlineText/inlineCapacity`` is
    /// among them, and so they are not here.
    case long
  }

  @usableFromInline let verdict: HostVerdict
  @usableFromInline let texts: Texts
  // Sixteen bytes of a text as one: two words would be read as one, which a processor cannot do while it is still writing
  // them.
  @usableFromInline let tenant: SIMD2<UInt64>
  @usableFromInline let tenantMore: SIMD2<UInt64>
  @usableFromInline let organization: SIMD2<UInt64>
  @usableFromInline let organizationMore: SIMD2<UInt64>
  @usableFromInline let slug: SIMD2<UInt64>
  // The bytes after those, and in the top byte how many there are in all.
  @usableFromInline let tenantEnd: UInt64
  @usableFromInline let organizationEnd: UInt64
  @usableFromInline let slugEnd: UInt64

  /// The verdict with its record; nil for one that serves no tenant.
  @inline(__always)
  init(_ verdict: HostVerdict, _ record: HostEntry.Record?, masks: UnsafeRawPointer) {
    self.verdict = verdict
    let nothing = SIMD2<UInt64>(0, 0)
    guard let record, record.slugCount <= HostEntry.shortCount,
      max(record.idCount, record.organizationCount) <= InlineText.inlineCapacity
    else {
      texts = record == nil ? .none : .long
      (tenant, tenantMore, tenantEnd) = (nothing, nothing, 0)
      (organization, organizationMore, organizationEnd) = (nothing, nothing, 0)
      (slug, slugEnd) = (nothing, 0)
      return
    }
    /// Sixteen bytes from an offset on, zeros where there are fewer.
    @inline(__always) func words(_ start: UnsafeRawPointer, _ count: Int, from offset: Int = 0) -> SIMD2<UInt64> {
      let rest = min(max(count &- offset, 0), 16)
      let bytes = Bytes16(at: start + offset) & HostHasher.mask(rest, from: masks)
      return SIMD2(bytes.low, bytes.high)
    }
    @inline(__always) func counted(_ count: Int) -> UInt64 { UInt64(truncatingIfNeeded: count) &<< 56 }
    @inline(__always) func end(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
      let bits = UInt64(truncatingIfNeeded: 8 &* max(count &- 32, 0))
      return NameWord.at(32, of: start) & (1 &<< bits &- 1) | counted(count)
    }
    texts = .all
    tenant = words(record.id, record.idCount)
    organization = words(record.organization, record.organizationCount)
    slug = words(record.slug, record.slugCount)
    slugEnd = counted(record.slugCount)
    if max(record.idCount, record.organizationCount) <= HostEntry.shortCount {
      (tenantMore, tenantEnd) = (nothing, counted(record.idCount))
      (organizationMore, organizationEnd) = (nothing, counted(record.organizationCount))
    } else {
      tenantMore = words(record.id, record.idCount, from: 16)
      tenantEnd = end(record.id, record.idCount)
      organizationMore = words(record.organization, record.organizationCount, from: 16)
      organizationEnd = end(record.organization, record.organizationCount)
    }
  }

  /// The context of all three texts.
  @inlinable
  var context: TenantContext {
    TenantContext(
      tenantID: TenantID(
        validated: ValidIdentifierText(trusted: FoundTenant.text(tenant, tenantMore, tenantEnd))),
      organizationID: OrgID(
        validated: ValidIdentifierText(trusted: FoundTenant.text(organization, organizationMore, organizationEnd))),
      slug: Slug(trusted: FoundTenant.text(slug, SIMD2(0, 0), slugEnd)))
  }

  @inlinable
  static func text(_ first: SIMD2<UInt64>, _ more: SIMD2<UInt64>, _ end: UInt64) -> InlineText {
    InlineText(
      w0: first[0], w1: first[1], w2: more[0], w3: more[1], w4: end & 0x00ff_ffff_ffff_ffff, inlineCount: end &>> 56)
  }
}
