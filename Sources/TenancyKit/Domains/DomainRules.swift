internal import SaaSCore

/// What follows from a domain and what is remembered of it, without asking anybody.
enum DomainRules {
  // MARK: Claiming

  /// Why no tenant may claim a host, whoever controls it; nil where it may be claimed.
  static func refusal(of host: HostName, on platform: Platform, suffixes: PublicSuffixList?, policy: DomainPolicy)
    -> DomainRefusal?
  {
    if platform.classify(host) != .elsewhere { return .platformDomain(host) }
    // A platform domain under a customer's would give the platform's own name away with it.
    if platform.domains.contains(where: { isSubdomain($0, of: host) }) { return .platformDomain(host) }
    if !host.text.bytes.contains(UInt8(ascii: ".")) { return .singleLabel(host) }
    if suffixes?.isPublicSuffix(host) ?? false { return .publicSuffix(host) }
    if ownershipName(of: host, policy) == nil { return .tooLongForRecord(host) }
    return nil
  }

  private static func isSubdomain(_ name: HostName, of host: HostName) -> Bool {
    let (long, short) = (name.text.bytes, host.text.bytes)
    return long.count > short.count && long.suffix(short.count).elementsEqual(short)
      && long[long.count - short.count - 1] == UInt8(ascii: ".")
  }

  // MARK: Records

  /// Where a tenant's own TXT record is set.
  static func ownershipName(of host: HostName, _ policy: DomainPolicy) -> DNSName? {
    DNSName(host).prefixed(by: policy.recordLabel)
  }

  /// What a tenant's own TXT record says.
  static func ownershipValue(_ token: DomainToken, _ policy: DomainPolicy) -> String {
    policy.recordPrefix + token.rawValue
  }

  /// The records that a tenant sets for a domain, as far as they are known; none where they would change nothing.
  static func records(for mapping: DomainMapping, _ policy: DomainPolicy) -> [DNSRecord] {
    guard let claim = mapping.claim, mapping.state != .error(.expired) else { return [] }
    guard policy.proof == .ownRecord, let name = ownershipName(of: mapping.host, policy) else {
      return claim.providerRecords
    }
    let own = DNSRecord(.txt, name, ownershipValue(claim.token, policy), for: .ownership)
    return [own] + claim.providerRecords
  }

  /// What the provider's answers ask for: its challenges, and the addresses where the host is the top of a domain (which
  /// cannot be an alias, RFC 1034 §3.6.2), else the alias.
  static func providerRecords(
    for host: HostName, challenges: [DNSRecord], routing: ProviderRouting, suffixes: PublicSuffixList?
  ) -> [DNSRecord] {
    let name = DNSName(host)
    let isTop = suffixes.map { $0.registeredName(of: host) == host } ?? (host.rawValue.split(separator: ".").count == 2)
    if let alias = routing.alias, !isTop || routing.addresses.isEmpty {
      return challenges + [DNSRecord(.cname, name, alias.rawValue, for: .routing)]
    }
    return challenges + routing.addresses.map { DNSRecord(.a, name, $0, for: .routing) }
  }

  // MARK: Time

  /// Whether a claim's time for its proof is over.
  static func isExpired(_ mapping: DomainMapping, at now: Timestamp) -> Bool {
    guard !mapping.ownsHost, let claim = mapping.claim else { return false }
    return (mapping.state == .pending || mapping.state == .error(.claimedElsewhere)) && claim.expiresAt <= now
  }

  /// From when a tenant that takes a claim back may make it anew with time of its own; nil where at once.
  ///
  /// A claim that was never proven keeps its end, and the pause after it: else who takes it back and makes it anew could
  /// claim a name for ever without proving it.
  static func reclaimable(afterRemovalOf mapping: DomainMapping, _ policy: DomainPolicy) -> Timestamp? {
    guard !mapping.ownsHost, let claim = mapping.claim else { return nil }
    if let instant = claim.reclaimableAt { return instant }
    switch mapping.state {
    case .pending, .error(.claimedElsewhere), .error(.refused): return claim.expiresAt + policy.claimPause
    // Proven once, or over.
    case .verified, .active, .error, .removing: return nil
    }
  }

  /// Whether what an unproven claim left at the provider is to be taken back.
  static func isLeftover(_ mapping: DomainMapping, _ policy: DomainPolicy, at now: Timestamp) -> Bool {
    guard !mapping.ownsHost, mapping.claim?.addedAt != nil else { return false }
    switch mapping.state {
    case .error(.expired), .error(.claimedElsewhere), .error(.refused): return true
    // By the provider's word a claim is proven through the provider, and has to be there meanwhile.
    case .pending where policy.proof == .providersWord: return false
    case .error(.ownershipLost) where policy.proof == .providersWord: return false
    case .pending, .verified, .active, .error, .removing: return mapping.changedAt + policy.releaseDelay <= now
    }
  }

  /// When a mapping is to be checked again after a check that ends now; nil where no check can change anything.
  ///
  /// - Parameter hold: until when somebody who was asked wants to be left alone.
  static func nextCheck(of mapping: DomainMapping, _ policy: DomainPolicy, hold: Timestamp?, at now: Timestamp)
    -> Timestamp?
  {
    guard let claim = mapping.claim else { return nil }
    let pause: Duration
    switch mapping.state {
    case .pending, .verified, .removing: pause = backoff(policy.pendingPause, claim.fruitlessChecks)
    case .active where claim.obstacle == nil: pause = policy.activePause
    case .active: pause = min(backoff(policy.pendingPause, claim.fruitlessChecks), policy.activePause)
    case .error(.expired):
      guard claim.addedAt != nil else { return nil }
      pause = backoff(policy.errorPause, claim.fruitlessChecks)
    case .error(.refused) where !mapping.ownsHost && claim.addedAt == nil: return nil
    case .error: pause = backoff(policy.errorPause, claim.fruitlessChecks)
    }
    var next = now + spread(pause, over: mapping)
    if !mapping.ownsHost, mapping.state != .removing, claim.reclaimableAt == nil, claim.expiresAt > now {
      next = min(next, claim.expiresAt)
    }
    return hold.map { max(next, $0) } ?? next
  }

  /// The first pause, doubled for each check that brought nothing new, up to the last.
  static func backoff(_ pauses: ClosedRange<Duration>, _ fruitlessChecks: Int) -> Duration {
    var pause = pauses.lowerBound
    for _ in 0..<min(max(fruitlessChecks, 0), 40) where pause < pauses.upperBound { pause *= 2 }
    return min(pause, pauses.upperBound)
  }

  /// The pause and up to a tenth of it more, by the host's name, so that domains added together are not checked together.
  private static func spread(_ pause: Duration, over mapping: DomainMapping) -> Duration {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in mapping.host.text.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return pause + .microseconds(pause.wholeMicroseconds / 1_000 * Int64(truncatingIfNeeded: hash % 101))
  }
}

/// Why no tenant may claim a host.
public enum DomainRefusal: Sendable, Hashable {
  /// It is one of the platform's domains, under one, or above one.
  case platformDomain(HostName)
  /// It has one label, and so is no domain that can be registered.
  case singleLabel(HostName)
  /// Others than one owner register names under it.
  case publicSuffix(HostName)
  /// The name of the record that would prove it is too long for the DNS.
  case tooLongForRecord(HostName)
}
