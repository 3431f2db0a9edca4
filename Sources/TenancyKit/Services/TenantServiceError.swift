public import SaaSCore

/// Why a tenant was not created or changed; nothing was.
public enum TenantServiceError: Error, Sendable, Equatable {
  /// The acting member may not do it.
  case refused(AccessRefusal)
  /// The text cannot be a slug on this platform.
  case invalidSlug(SlugError)
  /// The text that was made for a new tenant's identifier cannot be one.
  case invalidIdentifier(IdentifierError)
  /// The text is not a host name.
  case invalidHost(HostNameError)
  /// The host is not under one of the platform's domains, is one of them, or is a reserved word under one.
  case notATenantsSubdomain(HostName)
  /// The store refused the change by a rule, or failed.
  case store(TenantStoreError)
}
