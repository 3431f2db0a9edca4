public import SaaSCore

/// What is remembered of a tenant's claim to a customer's host, besides where it stands: its proof, what the provider was
/// asked and said, and when to look again.
///
/// It is kept with the mapping, so that any process can go on from where another one stopped.
public struct DomainClaim: Sendable, Hashable, Codable {
  /// The secret part of the record that proves the claim.
  public let token: DomainToken
  /// Until when a claim that was not proven may be; afterwards it expires.
  public var expiresAt: Timestamp
  /// For a claim that expired, or was taken back unproven, from when the same tenant may claim the host again with time
  /// of its own; nil for the others.
  public var reclaimableAt: Timestamp?
  /// When the provider was last about to be asked to take the host, written before it was asked; nil where it has
  /// nothing of this claim.
  public var addedAt: Timestamp?
  /// For a host that a host application stored as proven by itself, until when its word stands for the tenant's record;
  /// nil once the record was found, and for all others.
  public var vouchedUntil: Timestamp?
  /// The records that the provider asked for when it last answered.
  public var providerRecords: [DNSRecord]
  /// What stood in the way at the last check; nil where nothing did, or before the first.
  public var obstacle: DomainObstacle?
  /// When it was last checked, or a member's look at it began; nil before the first time.
  public var checkedAt: Timestamp?
  /// When it is to be checked next; nil where only its tenant's next step can change anything.
  public var nextCheckAt: Timestamp?
  /// How many checks in a row brought nothing new, from which the pause to the next one follows.
  public var fruitlessChecks: Int

  /// A claim as a store keeps it; a new one has only its token, its end and its first check.
  public init(
    token: DomainToken, expiresAt: Timestamp, reclaimableAt: Timestamp? = nil, addedAt: Timestamp? = nil,
    vouchedUntil: Timestamp? = nil, providerRecords: [DNSRecord] = [], obstacle: DomainObstacle? = nil,
    checkedAt: Timestamp? = nil, nextCheckAt: Timestamp?, fruitlessChecks: Int = 0
  ) {
    self.token = token
    self.expiresAt = expiresAt
    self.reclaimableAt = reclaimableAt
    self.addedAt = addedAt
    self.vouchedUntil = vouchedUntil
    self.providerRecords = providerRecords
    self.obstacle = obstacle
    self.checkedAt = checkedAt
    self.nextCheckAt = nextCheckAt
    self.fruitlessChecks = fruitlessChecks
  }
}

/// What stood in the way of a domain at its last check, for its tenant to read.
public enum DomainObstacle: String, Sendable, Hashable, Codable, CaseIterable {
  /// The record that proves ownership is not in the DNS.
  case ownershipRecordMissing
  /// The DNS could not be asked; nothing follows from it.
  case dnsUnavailable
  /// The provider wants its own proof of ownership first.
  case providerOwnershipMissing
  /// The domain does not point at the provider.
  case notPointing
  /// The provider could not be asked; nothing follows from it.
  case providerUnavailable
  /// The provider refused the platform itself: its access or its plan. An operator has to look.
  case providerRefusesPlatform
  /// The provider refused the domain; the mapping's failure has its code.
  case providerRefusesDomain
  /// Another tenant has the domain.
  case claimedElsewhere
  /// A newer version of the library, running beside this one, stored something that this one has no word for.
  case unknown
}
