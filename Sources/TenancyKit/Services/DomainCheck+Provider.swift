internal import SaaSCore

// What is asked of the provider.
extension DomainCheck {
  /// Sees to it that the provider has the host, and takes what it says.
  ///
  /// - Returns: what stands in the way; nil where nothing does.
  mutating func askProvider() async throws(Interruption) -> DomainObstacle? {
    let domain: ProviderDomain
    let routing: ProviderRouting
    switch try await providersAnswer() {
    case .success(let answer): (domain, routing) = answer
    case .failure(let error): return try await providerFailed(error)
    }
    steps.append(.providerAnswered(isVerified: domain.isVerified, isConfigured: routing.isConfigured))
    let records = DomainRules.providerRecords(
      for: host, challenges: domain.challenges, routing: routing, suffixes: service.suffixes)
    mapping.claim?.providerRecords = records
    if policy.proof == .providersWord {
      if domain.isVerified, !mapping.ownsHost {
        if let obstacle = try await takeProof() { return obstacle }
      } else if !domain.isVerified {
        try await take(.ownershipMissing)
      }
    }
    let isReady = domain.isVerified && routing.isConfigured
    try await take(isReady ? .providerReady : .providerNotReady)
    if isReady { return nil }
    return domain.isVerified ? .notPointing : .providerOwnershipMissing
  }

  private typealias Answer = Result<(ProviderDomain, ProviderRouting), DomainProviderError>

  private mutating func providersAnswer() async throws(Interruption) -> Answer {
    var domain: ProviderDomain
    if let present = await presentDomain() {
      do { domain = try present.get() } catch { return .failure(error) }
      if mapping.claim?.addedAt == nil { try await storeIntent() }
    } else {
      // What the provider does not have, it does not serve.
      try await take(.providerNotReady)
      try await storeIntent()
      do { domain = try await service.provider.add(host) } catch { return .failure(error) }
      steps.append(.addedToProvider)
    }
    do {
      if !domain.isVerified { domain = try await service.provider.verify(host) }
      return .success((domain, try await service.provider.routing(of: host)))
    } catch {
      return .failure(error)
    }
  }

  /// How the host stands with the provider, or nil where it is not there.
  private func presentDomain() async -> Result<ProviderDomain, DomainProviderError>? {
    do { return .success(try await service.provider.domain(host)) } catch {
      return error == .notFound ? nil : .failure(error)
    }
  }

  /// Stores that the provider is about to be asked to take the host, so that whatever comes, it is known to perhaps have
  /// it.
  private mutating func storeIntent() async throws(Interruption) {
    var next = mapping
    next.claim?.addedAt = service.clock.now()
    try await store(next)
  }

  mutating func providerFailed(_ error: DomainProviderError) async throws(Interruption) -> DomainObstacle? {
    steps.append(.providerFailed(error))
    switch error {
    case .refused(let code):
      try await take(.providerRefused(code: code))
      return .providerRefusesDomain
    case .platformRefused(let code):
      service.observer.count("domains.provider.refused")
      service.observer.notice(
        Notice(.error, "domains.provider.refused", "the provider refuses the platform's own calls: \(code)"))
      return .providerRefusesPlatform
    case .rateLimited(let until):
      holds.provider = until
      guard await leadsElsewhere() else { return .providerUnavailable }
      try await take(.providerNotReady)
      return .notPointing
    // The host went between two calls: the next check sees what became of it.
    case .notFound, .unavailable: return .providerUnavailable
    }
  }

  /// Whether the DNS alone says that an active host cannot lead to the provider, which itself is not to be asked: the host
  /// has neither an alias nor an address, or its aliases end elsewhere.
  ///
  /// Addresses without an alias say nothing, because a proxy that leads on to the provider has some of its own.
  private mutating func leadsElsewhere() async -> Bool {
    guard mapping.state == .active, let records = mapping.claim?.providerRecords else { return false }
    let routing = records.filter { $0.purpose == .routing }
    do {
      let addresses = try await service.dns.records(.a, at: DNSName(host)).values
      var (name, isAlias) = (DNSName(host), false)
      for _ in 0..<Self.maximumAliases {
        guard let next = try await service.dns.records(.cname, at: name).values.first.flatMap({ DNSName($0) }) else {
          let known = routing.filter { $0.kind == .a }.map(\.value)
          return isAlias ? Set(addresses).isDisjoint(with: known) : addresses.isEmpty
        }
        if routing.contains(where: { $0.kind == .cname && DNSName($0.value) == next }) { return false }
        (name, isAlias) = (next, true)
      }
      return false
    } catch {
      if case .rateLimited(let until) = error { holds.dns = until }
      return false
    }
  }

  /// How many aliases are followed from a host.
  private static let maximumAliases = 8

  /// Asks for the records that lead visitors to the provider, which are known before it has the host.
  mutating func learnRouting() async {
    do {
      let routing = try await service.provider.routing(of: host)
      let records = DomainRules.providerRecords(
        for: host, challenges: [], routing: routing, suffixes: service.suffixes)
      mapping.claim?.providerRecords = records
    } catch {
      steps.append(.providerFailed(error))
      if case .rateLimited(let until) = error { holds.provider = until }
    }
  }
}
