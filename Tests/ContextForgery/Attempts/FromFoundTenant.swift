// expect: 'foundTenant' is inaccessible due to 'internal' protection level
import SaaSCore
import TenancyKit

func attempt(_ hosts: HostDirectory, _ host: Span<UInt8>, at now: Timestamp) -> TenantContext {
  hosts.foundTenant(forHost: host, at: now).context
}
