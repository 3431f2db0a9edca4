public import SaaSCore

/// The service that receives the visitors of customers' domains and holds their certificates.
///
/// A host application implements it over its own proxy or platform, or uses the VercelDomains module; ``DomainService``
/// calls it. A host is on the platform's account there or it is not, whichever tenant wants it; which tenant that is, is
/// for this library to know.
///
/// An implementation guarantees:
/// - ``add(_:)`` and ``remove(_:)`` may be repeated: adding what is there and removing what is not are success. After an
///   answer that was lost they find out by reading.
/// - A refusal is ``DomainProviderError/refused(code:)`` only where the provider answered so for this host. What concerns
///   the platform's own access, plan or rate is told apart, since no tenant can do anything about it.
/// - Each call ends within ``DomainPolicy/providerDeadline``, whatever it tried again on the way, and has no effect later.
public protocol DomainProvider: Sendable {
  /// Puts a host on the account, and tells how it stands.
  /// - Throws: ``DomainProviderError``, never `notFound`.
  func add(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain

  /// How a host on the account stands.
  /// - Throws: ``DomainProviderError``, which is `notFound` where it is not on the account.
  func domain(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain

  /// Asks the provider to look at its challenges now, and tells how the host stands then; that they are not met yet is an
  /// answer and no error.
  /// - Throws: ``DomainProviderError``, which is `notFound` where the host is not on the account.
  func verify(_ host: HostName) async throws(DomainProviderError) -> ProviderDomain

  /// Whether a host's DNS leads to the provider, and the records by which it would. The host need not be on the account.
  /// - Throws: ``DomainProviderError``
  func routing(of host: HostName) async throws(DomainProviderError) -> ProviderRouting

  /// Takes a host off the account.
  /// - Throws: ``DomainProviderError``, never `notFound`.
  func remove(_ host: HostName) async throws(DomainProviderError)
}

/// How a host on the provider's account stands.
public struct ProviderDomain: Sendable, Hashable {
  /// Whether the provider takes the account for entitled to the host.
  public let isVerified: Bool
  /// What the provider wants to see in the DNS before it does; empty where it wants nothing.
  public let challenges: [DNSRecord]

  /// How a host stands.
  public init(isVerified: Bool, challenges: [DNSRecord]) {
    self.isVerified = isVerified
    self.challenges = challenges
  }
}

/// Where a host's DNS leads, and how it would lead to the provider.
public struct ProviderRouting: Sendable, Hashable {
  /// Whether it leads to the provider, so that the provider can serve it.
  public let isConfigured: Bool
  /// The IPv4 addresses to point a host at that is the top of a domain, the best first.
  public let addresses: [String]
  /// The name that any other host is made an alias of; nil where the provider has none.
  public let alias: DNSName?

  /// Where a host's DNS leads.
  public init(isConfigured: Bool, addresses: [String], alias: DNSName?) {
    self.isConfigured = isConfigured
    self.addresses = addresses
    self.alias = alias
  }
}

/// Why the provider did not do what it was asked.
public enum DomainProviderError: Error, Sendable, Hashable {
  /// The provider does not take this host, with its own code: it is another account's or another project's, or is none.
  case refused(code: String)
  /// The host is not on the account.
  case notFound
  /// The provider refuses the platform: its access is not valid, or its plan is used up. The code is the provider's.
  case platformRefused(code: String)
  /// The provider wants no more calls for now, perhaps until an instant.
  case rateLimited(until: Timestamp?)
  /// The provider could not be reached, failed, or sent what cannot be read; whether it acted is not known. The text is
  /// for the operator's log and holds no secret.
  case unavailable(String)
}
