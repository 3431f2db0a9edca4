public import SaaSCore

/// What a directory found for a host: the verdict, and the texts of its tenant's context where all of them are short.
///
/// A context has eighteen words, most of them zeros. Handed over whole it is written word by word and copied at once, and a
/// processor that reads what it is still writing waits for it. These words are handed over instead, and the context is put
/// together where it is used.
@usableFromInline
struct FoundTenant: Sendable {
  /// Which texts there are.
  @usableFromInline
  enum Texts: UInt8, Sendable {
    /// None: the host is served no tenant.
    case none
    /// Three texts of up to ``HostEntry/shortCount`` bytes.
    case short
    /// Longer ones, which are not here.
    case long
  }

  @usableFromInline let verdict: HostVerdict
  @usableFromInline let texts: Texts
  // Sixteen bytes of each text, as one: two words would be read as one, which a processor cannot do while it is still
  // writing them.
  @usableFromInline let tenant: SIMD2<UInt64>
  @usableFromInline let organization: SIMD2<UInt64>
  @usableFromInline let slug: SIMD2<UInt64>
  // How many bytes each has.
  @usableFromInline let tenantCount: UInt8
  @usableFromInline let organizationCount: UInt8
  @usableFromInline let slugCount: UInt8

  /// The verdict with its record; nil for one that serves no tenant.
  @inline(__always)
  init(_ verdict: HostVerdict, _ record: HostEntry.Record?, masks: UnsafeRawPointer) {
    self.verdict = verdict
    guard let record, max(record.slugCount, record.idCount, record.organizationCount) <= HostEntry.shortCount else {
      texts = record == nil ? .none : .long
      let nothing = SIMD2<UInt64>(0, 0)
      (tenant, organization, slug) = (nothing, nothing, nothing)
      (tenantCount, organizationCount, slugCount) = (0, 0, 0)
      return
    }
    @inline(__always) func text(_ start: UnsafeRawPointer, _ count: Int) -> SIMD2<UInt64> {
      let bytes = Bytes16(at: start) & Bytes16(at: masks + (16 &- count))
      return SIMD2(bytes.low, bytes.high)
    }
    texts = .short
    tenant = text(record.id, record.idCount)
    organization = text(record.organization, record.organizationCount)
    slug = text(record.slug, record.slugCount)
    tenantCount = UInt8(truncatingIfNeeded: record.idCount)
    organizationCount = UInt8(truncatingIfNeeded: record.organizationCount)
    slugCount = UInt8(truncatingIfNeeded: record.slugCount)
  }

  /// The context of the short texts.
  @inlinable
  var context: TenantContext {
    TenantContext(
      tenantID: TenantID(validated: ValidIdentifierText(trusted: FoundTenant.text(tenant, tenantCount))),
      organizationID: OrgID(validated: ValidIdentifierText(trusted: FoundTenant.text(organization, organizationCount))),
      slug: Slug(trusted: FoundTenant.text(slug, slugCount)))
  }

  @inlinable
  static func text(_ words: SIMD2<UInt64>, _ count: UInt8) -> InlineText {
    InlineText(w0: words[0], w1: words[1], w2: 0, w3: 0, w4: 0, inlineCount: UInt64(count))
  }
}
