// expect: 'TenantContext' initializer is inaccessible due to 'internal' protection level
import SaaSCore
import TenancyKit

func attempt() throws -> TenantContext {
  TenantContext(tenantID: try TenantID("victim"), organizationID: try OrgID("victim"), slug: try Slug("victim"))
}
