// expect: cannot assign to property: 'tenantID' is a get-only property
import SaaSCore
import TenancyKit

func attempt(_ mine: TenantContext, _ victim: TenantID) -> TenantContext {
  var copy = mine
  copy.tenantID = victim
  return copy
}
