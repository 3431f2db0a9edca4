import SaaSCore
import TenancyKit

/// Does one kind of look-up a number of times and nothing else, for a tool that counts instructions or calls.
///
/// What the program does besides is the same for `none`, which is taken off.
struct Counting {
  let data: DirectoryData

  func run(_ what: String, lookups: Int) throws {
    let index = try HostIndex(platform: data.platform, tenants: try data.tenants())
    let range = 0..<min(lookups, data.zipf.count)
    switch what {
    case "one": keep(LookUps.one(data.zipf, range, in: index))
    default: keep(range.count)
    }
    print("lookups \(range.count)")
  }
}
