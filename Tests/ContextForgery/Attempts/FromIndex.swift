// expect: value of type 'HostIndex' has no member 'context'
import SaaSCore
import TenancyKit

func attempt(_ platform: Platform, _ victim: TenantHosts, at now: Timestamp) throws -> TenantContext? {
  let index = try HostIndex(platform: platform, tenants: [victim])
  return index.context(for: index.verdict(forHost: "victim.localhost", at: now))
}
