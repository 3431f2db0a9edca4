package import SaaSCore

/// The order in which a well-formed host is judged, as one pure function over what a store has on it.
///
/// ``HostIndex`` answers the same from its tables; the tests hold it to this.
package enum HostRules {
  /// What a host is whose class alone decides; nil where a store has to be asked.
  package static func resolve(_ hostClass: HostClass) -> HostResolution? {
    switch hostClass {
    case .platform: .platform
    // No mapping or slug can take a reserved word, so nothing that a store has could change this.
    case .reserved: .reserved
    case .label, .deeper, .elsewhere: nil
    }
  }

  /// What a host is.
  ///
  /// - Parameters:
  ///   - hostClass: what ``Platform/classify(_:)`` of the same platform said of the host.
  ///   - records: what the store has on the host; records of other hosts and slugs count for nothing.
  /// - Complexity: O(mappings of the host)
  package static func resolve(
    _ host: HostName, as hostClass: HostClass, from records: HostRecords, on platform: Platform, at instant: Timestamp
  ) -> HostResolution {
    if let decided = resolve(hostClass) { return decided }
    let mappings = records.mappings.filter { $0.mapping.host == host }
    if let served = mappings.first(where: { $0.mapping.serves }) { return .owned(by: served.tenant) }
    switch hostClass {
    case .platform: return .platform
    case .reserved: return .reserved
    case .label(_, nil): return .notFound(.invalidSlug)
    case .label(let domain, let slug?):
      if let owner = records.slugOwner, owner.slug == slug { return .owned(by: owner) }
      if let held = records.hold, held.hold.slug == slug, held.hold.isLive(at: instant) {
        return .moved(held.tenant, to: platform.host(of: held.tenant.slug, under: domain))
      }
      return .notFound(.noSuchTenant)
    case .deeper: return .notFound(mappings.isEmpty ? .tooManyLabels : .domainNotActive)
    case .elsewhere: return .notFound(mappings.isEmpty ? .noSuchDomain : .domainNotActive)
    }
  }
}

extension HostClass {
  /// The slug that the host would be, to ask a store for.
  package var slug: Slug? {
    if case .label(_, let slug) = self { return slug }
    return nil
  }
}

extension Platform {
  /// The host of a slug under the platform domain at a place in ``domains``, or nil where it would be too long.
  package func host(of slug: Slug, under domain: Int) -> HostName? {
    domains.indices.contains(domain) ? domains[domain].prefixed(by: slug) : nil
  }
}
