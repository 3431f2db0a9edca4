internal import SaaSCore

/// Until when those who are asked for domains want to be left alone, each for itself: a limit of the provider's is no reason
/// not to look at the DNS.
struct DomainHolds {
  /// Until when the provider does; nil where it may be asked.
  var provider: Timestamp?
  /// Until when a resolver does; nil where it may be asked.
  var dns: Timestamp?

  /// The later of the two ends; nil where nobody is held.
  var latest: Timestamp? { [provider, dns].compactMap(\.self).max() }

  /// From when somebody can be asked again; nil where one of them can be asked now.
  var allHeldUntil: Timestamp? {
    guard let provider, let dns else { return nil }
    return min(provider, dns)
  }

  /// From when a check of a mapping can find out anything; nil where it can now.
  func end(for mapping: DomainMapping, _ policy: DomainPolicy) -> Timestamp? {
    let isGoing = mapping.state == .removing || mapping.state == .error(.expired)
    // An active host's DNS is looked at even where only the provider's word counts, while the provider is not asked.
    let asksDNS = (policy.proof == .ownRecord && !isGoing) || mapping.state == .active
    let asksProvider = mapping.ownsHost || mapping.claim?.addedAt != nil || !asksDNS
    switch (asksProvider, asksDNS) {
    case (true, true): return allHeldUntil
    case (true, false): return provider
    case (false, _): return dns
    }
  }
}
