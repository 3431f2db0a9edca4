public import SaaSCore

/// What one pass over the domains that were due did.
public struct DomainPass: Sendable, Hashable {
  /// What was done for each, in order.
  public let reports: [DomainReport]
  /// The domains that were due and could not be checked; the others were checked all the same.
  public let failures: [Failure]
  /// Why it ended.
  public let end: End

  init(reports: [DomainReport], failures: [Failure] = [], end: End) {
    self.reports = reports
    self.failures = failures
    self.end = end
  }

  /// A domain that was due and could not be checked.
  public struct Failure: Sendable, Hashable {
    /// The host as it is stored.
    public let host: String
    /// The tenant's identifier as it is stored.
    public let tenantID: String
    /// Why not: `store(.corrupt)` where it cannot be read.
    public let error: TenantStoreError
  }

  /// Why a pass ended.
  public enum End: Sendable, Hashable {
    /// Every domain that was due was checked.
    case finished
    /// More may be due.
    case moreDue
    /// The provider and the resolver both want to be left alone, at least until this instant.
    case rateLimited(until: Timestamp)
    /// The store cannot answer; the domain at which it did not is still due.
    case storeFailed(TenantStoreError)
    /// Another process is at it.
    case heldElsewhere
    /// The lease went to another process meanwhile.
    case leaseLost
  }
}
