import SaaSCore
import TenancyKit

/// Does one kind of work a number of times and nothing else, for a tool that counts instructions or calls.
///
/// What the program does besides is the same for `none`, which is taken off.
struct Counting {
  let data: DirectoryData

  func run(_ what: String, lookups: Int) async throws {
    let tenants = try data.tenants()
    let index = try HostIndex(platform: data.platform, tenants: tenants)
    let directory = try await HostDirectory(platform: data.platform, store: FileTenantStore(tenants))
    let requests = data.zipf
    let range = 0..<min(lookups, requests.count)
    let strings = requests.strings(range)
    switch what {
    case "one": keep(LookUps.one(requests, range, in: index))
    case "batch": keep(LookUps.batch(requests, range, in: index, of: 256))
    case "string": keep(LookUps.strings(strings, in: index))
    case "directory": keep(LookUps.one(requests, range, in: directory))
    case "context": keep(LookUps.contexts(requests, range, in: directory))
    case "build": keep(try HostIndex(platform: data.platform, tenants: tenants).tenantCount)
    default: keep(strings.count)
    }
    print("lookups \(what == "build" ? data.hostCount : range.count)")
  }
}
