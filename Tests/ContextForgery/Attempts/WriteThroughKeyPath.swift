// expect: to contextual type 'WritableKeyPath<TenantContext, TenantID>'
import SaaSCore
import TenancyKit

func attempt(_ mine: inout TenantContext, _ victim: TenantID) {
  let path: WritableKeyPath<TenantContext, TenantID> = \TenantContext.tenantID
  mine[keyPath: path] = victim
}
