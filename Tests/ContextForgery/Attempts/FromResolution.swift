// expect: 'owned' is inaccessible due to 'package' protection level
import TenancyKit

func attempt(_ victim: Tenant) -> TenantContext? {
  HostResolution.owned(by: victim).context
}
