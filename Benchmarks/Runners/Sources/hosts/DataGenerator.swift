import Foundation

/// Writes a directory of hosts and requests for them, the same bytes for the same seed.
///
/// The files, with every length one byte and every number little-endian:
/// - `tenants.bin`: per tenant slug, tenant's ID, organisation's ID, each with its length before it;
/// - `customs.bin`: per custom domain the host with its length, and the tenant's place (4 bytes);
/// - `zipf.bin`, `uniform.bin`: per request the Host header's value with its length.
/// - `meta.txt`: counts.
struct DataGenerator {
  static let apex = "emperor.gallery"
  private static let reserved = ["www", "admin", "api", "app", "static", "assets", "vercel"]
  private static let syllables = [
    "ar", "bel", "cor", "dan", "el", "fir", "gal", "hum", "is", "jun", "kal", "lim", "mor", "nor", "os", "pal", "qui",
    "ran", "sol", "tor", "ul", "ver", "wil", "xan", "yor", "zen", "blue", "craft", "delta", "ever", "fox", "green",
  ]
  private static let ends = ["com", "io", "de", "co.uk", "net", "org", "app", "studio"]
  private static let fronts = ["", "www.", "gallery.", "shop."]

  let tenantCount: Int
  let customCount: Int
  let requestCount: Int
  private var random: SplitMix

  init(hosts: Int, requests: Int, seed: UInt64) {
    tenantCount = hosts * 4 / 5
    customCount = hosts - hosts * 4 / 5
    requestCount = requests
    random = SplitMix(state: seed)
  }

  func write(to folder: String) throws {
    var copy = self
    try copy.writeAll(to: folder)
  }

  private mutating func writeAll(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func save(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
    }
    var tenants: [UInt8] = []
    var hosts: [UInt8] = []
    // Where each host of `hosts` ends: all slugs' hosts first, then the custom domains.
    var ends: [UInt32] = []
    func put(_ text: [UInt8], into bytes: inout [UInt8]) {
      bytes.append(UInt8(text.count))
      bytes += text
    }
    for place in 0..<tenantCount {
      let slug = slug(place)
      put(Array(slug.utf8), into: &tenants)
      let number = Self.base36(place, digits: 8)
      put(Array("tnt_".utf8) + number, into: &tenants)
      put(Array("org_".utf8) + number, into: &tenants)
      hosts += Array("\(slug).\(Self.apex)".utf8)
      ends.append(UInt32(hosts.count))
    }
    try save(tenants, "tenants.bin")
    var customs: [UInt8] = []
    for place in 0..<customCount {
      let host = Array(custom(place).utf8)
      put(host, into: &customs)
      let tenant = UInt32(random.below(tenantCount))
      for shift in stride(from: UInt32(0), to: 32, by: 8) { customs.append(UInt8(truncatingIfNeeded: tenant >> shift)) }
      hosts += host
      ends.append(UInt32(hosts.count))
    }
    try save(customs, "customs.bin")
    let ranks = RankedHosts(hosts: hosts, ends: ends, using: &random)
    for name in ["zipf", "uniform"] {
      var requests: [UInt8] = []
      for _ in 0..<requestCount { put(request(for: ranks, zipf: name == "zipf"), into: &requests) }
      try save(requests, name + ".bin")
    }
    let meta = "tenants \(tenantCount)\ncustoms \(customCount)\nrequests \(requestCount)\napex \(Self.apex)\n"
    try save(Array(meta.utf8), "meta.txt")
  }

  /// The slug of a tenant's place; no two places have the same, because each ends in its place's digits.
  private mutating func slug(_ place: Int) -> String {
    let words = (0...random.below(2)).map { _ in Self.syllables[random.below(Self.syllables.count)] }
    return words.joined() + (random.below(2) == 0 ? "-" : "") + String(decoding: Self.base36(place), as: UTF8.self)
  }

  private mutating func custom(_ place: Int) -> String {
    let words = (0...random.below(2)).map { _ in Self.syllables[random.below(Self.syllables.count)] }
    let digits = String(decoding: Self.base36(place), as: UTF8.self)
    return Self.fronts[random.below(Self.fronts.count)] + words.joined() + digits + "."
      + Self.ends[random.below(Self.ends.count)]
  }

  private static func base36(_ number: Int, digits: Int = 1) -> [UInt8] {
    var text = Array(String(number, radix: 36).utf8)
    if text.count < digits { text = Array(repeating: UInt8(ascii: "0"), count: digits - text.count) + text }
    return text
  }

  /// 85% hosts of the directory, 10% unknown ones, 5% malformed or reserved; a fifth with mixed case or a port.
  private mutating func request(for ranks: RankedHosts, zipf: Bool) -> [UInt8] {
    let kind = random.below(100)
    var name: [UInt8]
    switch kind {
    case 0..<85: name = ranks.pick(zipf: zipf, using: &random)
    case 85..<95: name = unknown()
    default: name = odd()
    }
    switch random.below(10) {
    case 0:
      for index in name.indices where random.below(2) == 0 && (97...122).contains(name[index]) { name[index] -= 32 }
    case 1: name += Array(":\([443, 80, 8080, 3000][random.below(4)])".utf8)
    default: break
    }
    return name
  }

  private mutating func unknown() -> [UInt8] {
    // Directories' own slugs and domains have letters before their digits; these end in letters that no digits follow.
    let name = slug(random.below(1 << 24)) + "-q"
    if random.below(2) == 0 { return Array("\(name).\(Self.apex)".utf8) }
    return Array("\(name).\(Self.ends[random.below(Self.ends.count)])".utf8)
  }

  private mutating func odd() -> [UInt8] {
    let slug = slug(random.below(tenantCount))
    let text =
      switch random.below(12) {
      case 0: "\(slug)_x.\(Self.apex)"
      case 1: "-\(slug).\(Self.apex)"
      case 2: "\(slug)..\(Self.apex)"
      case 3: "\(slug).\(Self.apex):70000"
      case 4: "192.168.\(random.below(256)).\(random.below(256))"
      case 5: "\(slug)%20.\(Self.apex)"
      case 6: "\(slug).\(Self.apex)/"
      case 7: "a.\(slug).\(Self.apex)"
      case 8: Self.apex
      default: "\(Self.reserved[random.below(Self.reserved.count)]).\(Self.apex)"
      }
    return Array(text.utf8)
  }
}

/// The hosts of a directory in an order of popularity that has nothing to do with their place.
private struct RankedHosts {
  private let hosts: [UInt8]
  private let ends: [UInt32]
  private let order: [UInt32]
  /// The sum of 1/k up to each rank.
  private let weights: [Double]

  init(hosts: [UInt8], ends: [UInt32], using random: inout SplitMix) {
    self.hosts = hosts
    self.ends = ends
    var order = ends.indices.map { UInt32($0) }
    for index in order.indices.reversed() { order.swapAt(index, random.below(index + 1)) }
    self.order = order
    var weights: [Double] = []
    weights.reserveCapacity(ends.count)
    var sum = 0.0
    for rank in ends.indices {
      sum += 1 / Double(rank + 1)
      weights.append(sum)
    }
    self.weights = weights
  }

  func pick(zipf: Bool, using random: inout SplitMix) -> [UInt8] {
    var rank = random.below(order.count)
    if zipf, let sum = weights.last {
      let point = Double(random.next() >> 11) / Double(1 << 53) * sum
      var low = 0
      var high = weights.count - 1
      while low < high {
        let middle = (low + high) / 2
        if weights[middle] < point { low = middle + 1 } else { high = middle }
      }
      rank = low
    }
    let place = Int(order[rank])
    let start = place == 0 ? 0 : Int(ends[place - 1])
    return Array(hosts[start..<Int(ends[place])])
  }
}

/// Steele, Lea and Flood's SplitMix64.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
