import SaaSCore
import TenancyKit

/// What a run of look-ups found; peers print the same line for the same data.
struct Tally {
  var tenants = 0
  var platform = 0
  var reserved = 0
  var notFound = 0
  /// The sum of the FNV-1a hashes of the tenants' identifiers, once per look-up.
  var identifiers: UInt64 = 0

  init(_ requests: Requests, in index: HostIndex) {
    let now = Timestamp(microseconds: 0)
    var start = 0
    for end in requests.ends {
      let verdict = index.verdict(forHost: requests.bytes.span.extracting(start..<end), at: now)
      start = end
      switch verdict.kind {
      case .tenant: tenants += 1
      case .platform: platform += 1
      case .reserved: reserved += 1
      case .notFound, .moved, .suspended: notFound += 1
      }
      if let id = index.tenantID(for: verdict) { identifiers &+= Self.hash("\(id)") }
    }
  }

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  var line: String {
    "tenants=\(tenants),platform=\(platform),reserved=\(reserved),notFound=\(notFound),ids=\(identifiers)"
  }
}
