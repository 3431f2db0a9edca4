import SaaSCore

@testable import TenancyKit

extension HostIndex {
  // No host's verdict, so that one that is left alone is seen.
  private static let none = HostVerdict(.tenant, tenant: .max, generation: .max)

  private static func joined(_ hosts: [[UInt8]]) -> (bytes: [UInt8], ends: [Int]) {
    var ends: [Int] = []
    for host in hosts { ends.append((ends.last ?? 0) + host.count) }
    return (Array(hosts.joined()), ends)
  }

  /// The verdicts of hosts that are asked about at once.
  func verdicts(ofBatch hosts: [[UInt8]], at now: Timestamp) -> [HostVerdict] {
    let (bytes, ends) = Self.joined(hosts)
    var verdicts = Array(repeating: Self.none, count: hosts.count)
    var span = verdicts.mutableSpan
    self.verdicts(forHosts: bytes.span, endingAt: ends.span, at: now, into: &span)
    return verdicts
  }

  /// The same as an index gives them that is not near, however large it is.
  func verdictsReadingAhead(ofBatch hosts: [[UInt8]], at now: Timestamp) -> [HostVerdict] {
    let (bytes, ends) = Self.joined(hosts)
    var verdicts = Array(repeating: Self.none, count: hosts.count)
    var span = verdicts.mutableSpan
    bytes.span.withUnsafeBytes { buffer in
      storage.verdictsReadingAhead(buffer, ends.span, hosts.count, at: now, into: &span)
    }
    return verdicts
  }
}
