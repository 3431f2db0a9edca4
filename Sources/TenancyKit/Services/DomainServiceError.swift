public import SaaSCore

/// Why nothing was done for a domain.
public enum DomainServiceError: Error, Sendable, Equatable {
  /// The acting member may not do it.
  case refused(AccessRefusal)
  /// The text is no domain.
  case invalidName(DomainNameError)
  /// No tenant may claim this host.
  case notClaimable(DomainRefusal)
  /// The tenant has no such domain.
  case noSuchDomain(HostName)
  /// The host is an operator's mapping, which only an operator takes away.
  case operatorsMapping(HostName)
  /// All that a look at the domain would ask wants to be left alone until this instant; it is checked afterwards by itself.
  case heldBack(until: Timestamp)
  /// The domain was looked at just now; a member may have it looked at again from this instant.
  case checkedJustNow(until: Timestamp)
  /// The store refused the change by a rule (``TenantStoreError/mappingExists(_:)``,
  /// ``TenantStoreError/claimPaused(_:until:)``, ``TenantStoreError/domainLimitReached(_:)`` or
  /// ``TenantStoreError/closed(_:)`` among them), or failed.
  case store(TenantStoreError)
}
