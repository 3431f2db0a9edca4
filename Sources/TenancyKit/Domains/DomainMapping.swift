public import SaaSCore

/// A host that is, or wants to be, a tenant's besides its slug's own.
///
/// The pair of host and tenant names a mapping: several tenants may ask for one host, and at most one of them owns it.
public struct DomainMapping: Sendable, Hashable, Codable {
  /// The host, exactly; no other host of the same domain is mapped by it.
  public let host: HostName
  /// The tenant.
  public let tenantID: TenantID
  /// Who may add it and how it is proven.
  public let kind: Kind
  /// Where it stands; only `active` serves.
  public var state: State
  /// When this tenant proved that it controls the host; nil while it has not or no longer does.
  public var provenAt: Timestamp?
  /// When it was asked for.
  public let createdAt: Timestamp
  /// When its state last changed.
  public var changedAt: Timestamp
  /// What is remembered of a tenant's claim; nil for an operator's mapping.
  public var claim: DomainClaim?
  /// Grows with every write, for compare-and-set.
  public var version: Int64

  /// A mapping as a store keeps it.
  public init(
    host: HostName, tenantID: TenantID, kind: Kind, state: State, provenAt: Timestamp?, createdAt: Timestamp,
    changedAt: Timestamp, claim: DomainClaim? = nil, version: Int64 = 0
  ) {
    self.host = host
    self.tenantID = tenantID
    self.kind = kind
    self.state = state
    self.provenAt = provenAt
    self.createdAt = createdAt
    self.changedAt = changedAt
    self.claim = claim
    self.version = version
  }

  /// Who may add a mapping and how it is proven.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A host under a platform domain; only an operator adds one, and it needs no proof.
    case subdomain
    /// A customer's own host.
    case custom
  }

  /// Where a mapping stands.
  public enum State: Sendable, Hashable {
    /// Asked for; control of the name is not proven.
    case pending
    /// Control is proven; the provider does not serve the name yet.
    case verified
    /// Served.
    case active
    /// Not served for this reason, until a re-check finds it right.
    case error(Failure)
    /// Not served; kept until the provider has let the name go.
    case removing
  }

  /// Why a mapping is in error.
  public enum Failure: Sendable, Hashable {
    /// Another tenant proved the name first; which one is not told.
    case claimedElsewhere
    /// The proof did not come in time.
    case expired
    /// The proof is gone from the DNS.
    case ownershipLost
    /// The provider no longer takes the name as verified or as pointing at it.
    case notConfigured
    /// The provider refused the name with this code of its own.
    case refused(code: String)
  }

  /// Whether requests for the host are served to the tenant: it is active, and the host is the tenant's.
  public var serves: Bool { state == .active && ownsHost }

  /// Whether the name is this tenant's, so that no other tenant's mapping of it can be proven.
  public var ownsHost: Bool { provenAt != nil }

  /// Whether it is one of the domains that a tenant may have only so many of: a customer's host whose claim has not
  /// expired and was not taken back unproven.
  public var countsTowardsLimit: Bool { kind == .custom && claim?.reclaimableAt == nil }

  /// When it is to be checked next; nil where only its tenant's next step can change anything, and for operators'
  /// mappings. A customer's host that a host application stored without a claim is due from its first moment.
  public var dueAt: Timestamp? {
    if let claim { return claim.nextCheckAt }
    return kind == .custom ? createdAt : nil
  }

  /// Whether it is gone for its tenant, and kept only so that the same tenant cannot have more time for its proof by taking
  /// the claim back and making it anew.
  public var isOnlyRemembered: Bool {
    state == .removing && !ownsHost && claim?.addedAt == nil && claim?.reclaimableAt != nil
  }

  /// A new operator's mapping of a host under the platform domain: active at once.
  public static func subdomain(_ host: HostName, of tenantID: TenantID, at now: Timestamp) -> DomainMapping {
    DomainMapping(
      host: host, tenantID: tenantID, kind: .subdomain, state: .active, provenAt: now, createdAt: now, changedAt: now)
  }

  /// A new claim to a customer's host: pending.
  public static func custom(_ host: HostName, of tenantID: TenantID, claim: DomainClaim? = nil, at now: Timestamp)
    -> DomainMapping
  {
    DomainMapping(
      host: host, tenantID: tenantID, kind: .custom, state: .pending, provenAt: nil, createdAt: now, changedAt: now,
      claim: claim)
  }
}

extension DomainMapping.State {
  /// Whether only a mapping that owns its host can be in it: verified and active.
  public var needsProof: Bool { self == .verified || self == .active }

  /// The state's name: `pending verified active error removing`.
  public var name: String {
    switch self {
    case .pending: "pending"
    case .verified: "verified"
    case .active: "active"
    case .error: "error"
    case .removing: "removing"
    }
  }

  /// Why it is in error; nil in the other states.
  public var failure: DomainMapping.Failure? {
    if case .error(let failure) = self { return failure }
    return nil
  }

  /// The state by its name and, for `error`, its failure; nil where the two do not fit.
  public init?(name: String, failure: DomainMapping.Failure?) {
    switch (name, failure) {
    case ("pending", nil): self = .pending
    case ("verified", nil): self = .verified
    case ("active", nil): self = .active
    case ("removing", nil): self = .removing
    case ("error", let failure?): self = .error(failure)
    default: return nil
    }
  }
}

extension DomainMapping.Failure {
  /// The failure as a store or an answer writes it: its name, and for a refusal `refused:` and the provider's code.
  public var code: String {
    switch self {
    case .claimedElsewhere: "claimedElsewhere"
    case .expired: "expired"
    case .ownershipLost: "ownershipLost"
    case .notConfigured: "notConfigured"
    case .refused(let code): "refused:" + code
    }
  }

  /// Reads what ``code`` writes.
  public init?(code: String) {
    switch code {
    case "claimedElsewhere": self = .claimedElsewhere
    case "expired": self = .expired
    case "ownershipLost": self = .ownershipLost
    case "notConfigured": self = .notConfigured
    default:
      guard code.hasPrefix("refused:") else { return nil }
      self = .refused(code: String(code.dropFirst("refused:".count)))
    }
  }
}

extension DomainMapping.State: Codable {
  private enum CodingKeys: String, CodingKey { case name, failure }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    let code = try container.decodeIfPresent(String.self, forKey: .failure)
    guard let state = Self(name: name, failure: code.flatMap(DomainMapping.Failure.init(code:))) else {
      throw DecodingError.dataCorruptedError(forKey: .name, in: container, debugDescription: "no such state: \(name)")
    }
    self = state
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(failure?.code, forKey: .failure)
  }
}
