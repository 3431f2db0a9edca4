internal import SaaSCore

/// A slug and the identifiers of its tenant and organisation in one piece, as they lie in a directory's entry, so that a
/// context is taken from there with a few loads.
///
/// The slug comes first, then a byte each for the identifiers' lengths, the tenant's and the organisation's. Names that have
/// more than ``capacity`` bytes so, or one more than ``InlineText/inlineCapacity``, are in a box.
@usableFromInline
struct ContextNames: Sendable {
  /// How many bytes the three may have with the two lengths.
  static let capacity = 96

  // The bytes as words, the first byte lowest; those past the names are zero.
  @usableFromInline let front: SIMD4<UInt64>
  @usableFromInline let middle: SIMD4<UInt64>
  @usableFromInline let back: SIMD4<UInt64>
  @usableFromInline let slugCount: Int
  @usableFromInline let box: Box?

  @usableFromInline
  final class Box: Sendable {
    let slug: InlineText
    let tenant: InlineText
    let organization: InlineText

    init(slug: InlineText, tenant: InlineText, organization: InlineText) {
      self.slug = slug
      self.tenant = tenant
      self.organization = organization
    }
  }

  /// Names that fit, as their words; or a box.
  @inlinable
  init(front: SIMD4<UInt64>, middle: SIMD4<UInt64>, back: SIMD4<UInt64>, slugCount: Int, box: Box? = nil) {
    self.front = front
    self.middle = middle
    self.back = back
    self.slugCount = slugCount
    self.box = box
  }

  /// Names of any length. A function, because of what an initialiser is given the references are counted.
  static func of(slug: InlineText, tenant: InlineText, organization: InlineText) -> ContextNames {
    guard fits(slugCount: slug.count, tenant.count, organization.count) else {
      let box = Box(slug: slug, tenant: tenant, organization: organization)
      return ContextNames(front: SIMD4(), middle: SIMD4(), back: SIMD4(), slugCount: 0, box: box)
    }
    var words = SIMD16<UInt64>()
    // The names fit into the first ninety-six bytes of a hundred and twenty-eight.
    withUnsafeMutableBytes(of: &words) { bytes in
      guard let start = bytes.baseAddress else { return }
      slug.copy(to: start)
      bytes[slug.count] = UInt8(truncatingIfNeeded: tenant.count)
      bytes[slug.count + 1] = UInt8(truncatingIfNeeded: organization.count)
      tenant.copy(to: start + slug.count + 2)
      organization.copy(to: start + slug.count + 2 + tenant.count)
    }
    return ContextNames(
      front: words.lowHalf.lowHalf, middle: words.lowHalf.highHalf, back: words.highHalf.lowHalf, slugCount: slug.count)
  }

  /// Whether names of so many bytes, none more than 255, need no box.
  @inline(__always)
  static func fits(slugCount: Int, _ tenantCount: Int, _ organizationCount: Int) -> Bool {
    slugCount &+ 2 &+ tenantCount &+ organizationCount <= capacity
      && max(slugCount, tenantCount, organizationCount) <= InlineText.inlineCapacity
  }

  var slug: InlineText { box?.slug ?? read { HostEntry.text($0.slug, $0.slugCount) } }
  var tenant: InlineText { box?.tenant ?? read { HostEntry.text($0.id, $0.idCount) } }
  var organization: InlineText { box?.organization ?? read { HostEntry.text($0.organization, $0.organizationCount) } }

  private func read(_ text: (HostEntry.Record) -> InlineText) -> InlineText {
    let words = SIMD16(
      lowHalf: SIMD8(lowHalf: front, highHalf: middle), highHalf: SIMD8(lowHalf: back, highHalf: SIMD4()))
    // No name ends past the ninety-sixth byte, and no more than sixteen bytes are read past where one ends.
    return withUnsafeBytes(of: words) { bytes in
      guard let start = bytes.baseAddress else { return InlineText() }
      return text(HostEntry.record(slug: start, slugCount: slugCount))
    }
  }
}

extension ContextNames: Hashable {
  @usableFromInline
  static func == (left: Self, right: Self) -> Bool {
    // Whether there is a box follows from the names.
    if let left = left.box, let right = right.box {
      return left.slug == right.slug && left.tenant == right.tenant && left.organization == right.organization
    }
    return left.slugCount == right.slugCount && left.front == right.front && left.middle == right.middle
      && left.back == right.back
  }

  @usableFromInline
  func hash(into hasher: inout Hasher) {
    hasher.combine(slug)
    hasher.combine(tenant)
    hasher.combine(organization)
  }
}
