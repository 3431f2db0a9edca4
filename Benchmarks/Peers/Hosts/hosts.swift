// Host resolution in straightforward Swift: a Dictionary<String, …>, and a name put in order with String's own calls.
// `hosts FOLDER - PASSES`
import Foundation

struct Tenant {
  let id: String
  let organization: String
}

enum Verdict {
  case tenant(Tenant)
  case platform
  case reserved
  case notFound
}

struct Directory {
  static let apex = "emperor.gallery"
  static let reserved: Set<String> = ["www", "admin", "api", "app", "static", "assets", "vercel"]

  var hosts: [String: Tenant] = [:]

  func resolve(_ header: String) -> Verdict {
    var name = Substring(header)
    if let colon = name.firstIndex(of: ":") {
      let port = name[name.index(after: colon)...]
      guard port.allSatisfy({ $0.isASCII && $0.isNumber }), port.isEmpty || (Int(port) ?? .max) <= 65_535 else {
        return .notFound
      }
      name = name[..<colon]
    }
    if name.hasSuffix(".") { name = name.dropLast() }
    let host = name.lowercased()
    guard !host.isEmpty, host.utf8.count <= 253 else { return .notFound }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    for label in labels {
      guard !label.isEmpty, label.utf8.count <= 63, !label.hasPrefix("-"), !label.hasSuffix("-"),
        label.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
      else { return .notFound }
    }
    guard let last = labels.last, !last.utf8.allSatisfy({ (48...57).contains($0) }) else { return .notFound }
    if last.hasPrefix("0x"), last.dropFirst(2).allSatisfy(\.isHexDigit) { return .notFound }
    if host == Self.apex { return .platform }
    if host.hasSuffix("." + Self.apex), labels.count == 3, Self.reserved.contains(String(labels[0])) {
      return .reserved
    }
    guard let tenant = hosts[host] else { return .notFound }
    return .tenant(tenant)
  }
}

func read(_ path: String) -> [UInt8] { Array(FileManager.default.contents(atPath: path) ?? Data()) }

let folder = CommandLine.arguments[1]
let passes = Int(CommandLine.arguments[3]) ?? 3
let clock = ContinuousClock()
let tenantBytes = read(folder + "/tenants.bin")
let customBytes = read(folder + "/customs.bin")
var directory = Directory()
let build = clock.measure {
  var tenants: [Tenant] = []
  var at = 0
  func text(_ bytes: [UInt8]) -> String {
    let size = Int(bytes[at])
    at += 1 + size
    return String(decoding: bytes[at - size..<at], as: UTF8.self)
  }
  while at < tenantBytes.count {
    let slug = text(tenantBytes)
    let tenant = Tenant(id: text(tenantBytes), organization: text(tenantBytes))
    tenants.append(tenant)
    directory.hosts["\(slug).\(Directory.apex)"] = tenant
  }
  at = 0
  while at < customBytes.count {
    let host = text(customBytes)
    let place = customBytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    at += 4
    directory.hosts[host] = tenants[place]
  }
}
print("build.ms", build / .milliseconds(1))

for name in ["zipf", "uniform"] {
  let packed = read("\(folder)/\(name).bin")
  var requests: [String] = []
  var at = 0
  while at < packed.count {
    let size = Int(packed[at])
    requests.append(String(decoding: packed[at + 1..<at + 1 + size], as: UTF8.self))
    at += 1 + size
  }
  var counts = [0, 0, 0, 0]
  var identifiers: UInt64 = 0
  for request in requests {
    switch directory.resolve(request) {
    case .tenant(let tenant):
      counts[0] += 1
      identifiers &+= tenant.id.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    case .platform: counts[1] += 1
    case .reserved: counts[2] += 1
    case .notFound: counts[3] += 1
    }
  }
  print(
    "check.\(name) tenants=\(counts[0]),platform=\(counts[1]),reserved=\(counts[2]),notFound=\(counts[3]),"
      + "ids=\(identifiers)")
  var best = Double.infinity
  for pass in 0...passes {
    var found = 0
    let time = clock.measure {
      for request in requests { if case .tenant = directory.resolve(request) { found += 1 } }
    }
    if found < 0 { print(found) }
    if pass > 0 { best = min(best, time / .nanoseconds(1) / Double(requests.count)) }
  }
  print("\(name).one", best)
}
