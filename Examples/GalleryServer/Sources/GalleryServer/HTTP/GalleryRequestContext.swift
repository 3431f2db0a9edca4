internal import Hummingbird
internal import SaaSCore
internal import TenancyKit

/// What a request carries through the server: the tenant that its host names, and the member that its token names.
struct GalleryRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// What the host is.
  var hostKind = HostVerdict.Kind.notFound
  /// The tenant of the host; nil on the platform's own hosts.
  var tenant: TenantContext?
  /// The member; nil without a token.
  var member: Membership?

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
  }

  /// The longest body of an API request.
  var maxUploadSize: Int { 64 * 1_024 }

  /// The tenant, or 404 on the platform's own hosts.
  func requireTenant() throws(APIError) -> TenantContext {
    guard let tenant else { throw APIError(.notFound, "notATenantsHost", "This host is the platform's own.") }
    return tenant
  }

  /// The member, or 401.
  func requireMember() throws(APIError) -> Membership {
    guard let member else { throw APIError(.unauthorized, "tokenMissing", "A valid bearer token is needed.") }
    return member
  }

  /// A member of the tenant's organisation, or 401 or 403.
  func requireMembership() throws(APIError) -> (tenant: TenantContext, member: Membership) {
    let tenant = try requireTenant()
    let member = try requireMember()
    guard member.organizationID == tenant.organizationID else { throw APIError(.notAMember) }
    return (tenant, member)
  }
}
