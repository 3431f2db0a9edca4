public import SaaSCore

/// A domain as its tenant sees it: where it stands, what to set in the DNS, and what stands in the way.
public struct DomainStatus: Sendable, Hashable {
  /// The mapping with everything that is remembered of it.
  public let mapping: DomainMapping
  /// The host with its international labels readable.
  public let unicodeName: String
  /// What about the name may mislead a reader.
  public let flags: [DomainNameFlag]
  /// The records to set and keep; for a domain in removal, those to take out again. More may be asked for once the first
  /// are found: the provider's own proof is known only when it has the domain.
  public let records: [DNSRecord]

  /// A domain as its tenant sees it.
  init(_ mapping: DomainMapping, _ policy: DomainPolicy) {
    self.mapping = mapping
    let name = try? DomainName(mapping.host.rawValue)
    unicodeName = name?.unicode ?? mapping.host.rawValue
    flags = name?.flags ?? []
    records = DomainRules.records(for: mapping, policy)
  }

  /// The host.
  public var host: HostName { mapping.host }
  /// Where it stands.
  public var state: DomainMapping.State { mapping.state }
  /// What stood in the way at the last check; nil where nothing did.
  public var obstacle: DomainObstacle? { mapping.claim?.obstacle }
  /// Until when a claim may wait for its proof; nil where it is proven or over.
  public var expiresAt: Timestamp? {
    mapping.ownsHost || mapping.claim?.reclaimableAt != nil ? nil : mapping.claim?.expiresAt
  }
}

/// What was done for one domain, for a page to show and a job to log.
public struct DomainReport: Sendable, Hashable {
  /// The host.
  public let host: HostName
  /// The tenant.
  public let tenantID: TenantID
  /// Where it stood before; nil where it was not there.
  public let before: DomainMapping.State?
  /// The domain as it is now; nil where it is gone, be it that the store remembers its claim for a while.
  public let status: DomainStatus?
  /// What was done and found, in order.
  public let steps: [DomainStep]
  /// For a domain that goes or is gone, the records that its owner should take out of the DNS, so that they do not lead
  /// to a place that others can take; else those to set.
  public let records: [DNSRecord]
  /// Until when a resolver or the provider wants to be left alone; nil where nobody said so.
  public let holdUntil: Timestamp?

  /// Where it stands now; nil where it is gone.
  public var after: DomainMapping.State? { status?.state }
}

/// One thing that was done or found for a domain.
public enum DomainStep: Sendable, Hashable {
  /// The tenant claimed it.
  case claimed
  /// The tenant's own record was found.
  case ownershipFound
  /// The DNS answered without the tenant's own record.
  case ownershipMissing
  /// The DNS gave no answer.
  case ownershipUnknown(DNSLookupError)
  /// Another tenant has the host.
  case ownedElsewhere
  /// The provider has the host and answered how it stands.
  case providerAnswered(isVerified: Bool, isConfigured: Bool)
  /// The provider did not have the host and was asked to take it.
  case addedToProvider
  /// The provider let the host go.
  case removedFromProvider
  /// The provider did not do what it was asked.
  case providerFailed(DomainProviderError)
  /// The claim's time was over.
  case expired
  /// The mapping took a finding and was stored in a new state.
  case became(DomainMapping.State)
  /// The mapping was deleted.
  case deleted
  /// Others changed the mapping again and again meanwhile; the next check goes on.
  case contended
}
