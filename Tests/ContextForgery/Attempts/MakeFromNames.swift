// expect: 'names' is inaccessible due to 'internal' protection level
import SaaSCore
import TenancyKit

func attempt(_ mine: TenantContext) -> TenantContext {
  TenantContext(names: mine.names)
}
