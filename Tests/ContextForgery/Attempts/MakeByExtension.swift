// expect: 'let' property 'tenantID' may not be initialized directly; use "self.init(...)" or "self = ..." instead
import SaaSCore
import TenancyKit

extension TenantContext {
  init(forged tenant: Tenant) {
    self.tenantID = tenant.id
    self.organizationID = tenant.organizationID
    self.slug = tenant.slug
  }
}
