// expect: 'HostVerdict' initializer is inaccessible due to 'package' protection level
import TenancyKit

func attempt(_ hosts: HostDirectory) -> TenantContext? {
  hosts.context(for: HostVerdict(.tenant, tenant: 7, generation: 1))
}
