// expect: 'TenantContext' initializer is inaccessible due to 'internal' protection level
import SaaSCore
import TenancyKit

func attempt(_ tenant: Tenant) -> TenantContext {
  TenantContext(tenant)
}
