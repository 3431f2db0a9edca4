import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Where a mapping goes")
struct DomainTransitionTests {
  /// One state of a mapping with what each finding makes of it: `.` for staying, else the next state, `+` for proven.
  struct Row: Sendable {
    let from: String
    let next: [String]
    var kind = DomainMapping.Kind.custom
  }

  static let findings: [DomainFinding] = [
    .ownershipProven, .ownershipMissing, .providerReady, .providerNotReady, .providerRefused(code: "taken"),
    .claimedElsewhere, .expired(reclaimableAt: Timestamp(seconds: 9)), .retried, .removalRequested, .released,
  ]

  static let refusal = "refused:taken"

  static let table: [Row] = [
    Row(
      from: "pending",
      next: ["verified+", ".", ".", ".", refusal, "claimedElsewhere", "expired", ".", "removing", "."]),
    Row(
      from: "verified+",
      next: [".", "ownershipLost", "active+", ".", refusal + "+", ".", ".", ".", "removing+", "."]),
    Row(
      from: "active+",
      next: [".", "ownershipLost", ".", "notConfigured+", refusal + "+", ".", ".", ".", "removing+", "."]),
    Row(
      from: "claimedElsewhere",
      next: ["verified+", ".", ".", ".", refusal, ".", "expired", "pending", "removing", "."]),
    Row(from: "expired", next: [".", ".", ".", ".", ".", ".", ".", ".", "removing", "."]),
    Row(
      from: "ownershipLost",
      next: ["verified+", ".", ".", ".", refusal, "claimedElsewhere", ".", "pending", "removing", "."]),
    Row(
      from: "notConfigured+",
      next: [".", "ownershipLost", "active+", ".", refusal + "+", ".", ".", "verified+", "removing+", "."]),
    Row(from: refusal, next: [".", ".", ".", ".", ".", "claimedElsewhere", ".", "pending", "removing", "."]),
    Row(
      from: refusal + "+",
      next: [".", "ownershipLost", "active+", ".", ".", ".", ".", "verified+", "removing+", "."]),
    Row(from: "removing", next: [".", ".", ".", ".", ".", ".", ".", ".", ".", "gone"]),
    Row(from: "removing+", next: [".", ".", ".", ".", ".", ".", ".", ".", ".", "gone"]),
    Row(from: "active+", next: [".", ".", ".", ".", ".", ".", ".", ".", "removing+", "."], kind: .subdomain),
    Row(from: "removing+", next: [".", ".", ".", ".", ".", ".", ".", ".", ".", "gone"], kind: .subdomain),
  ]

  @Test("follows the table, finding by finding", arguments: table)
  func transition(row: Row) throws {
    #expect(row.next.count == Self.findings.count)
    let before = Timestamp(seconds: 1)
    let now = Timestamp(seconds: 2)
    let mapping = try Self.mapping(row.from, row.kind, at: before)
    for (finding, expected) in zip(Self.findings, row.next) {
      switch mapping.transition(on: finding, at: now) {
      case .unchanged: #expect(expected == ".", "\(finding)")
      case .deleted: #expect(expected == "gone", "\(finding)")
      case .changed(let next):
        #expect(Self.text(next) == expected, "\(finding)")
        #expect(next.changedAt == now)
        #expect(next.version == mapping.version)
        #expect(next.serves == (next.state == .active))
        if next.serves { #expect(next.ownsHost) }
        let expires = next.state == .error(.expired)
        #expect(next.claim?.reclaimableAt == (expires ? Timestamp(seconds: 9) : nil))
        #expect(next.countsTowardsLimit == (row.kind == .custom && !expires))
      }
    }
  }

  @Test("covers every kind of finding") func coversFindings() {
    #expect(DomainFinding.allCases.count == Self.findings.count)
  }

  @Test("is written as text that is read back", arguments: table)
  func codes(row: Row) throws {
    let mapping = try Self.mapping(row.from, row.kind, at: Timestamp(seconds: 1))
    #expect(
      DomainMapping.State(
        name: mapping.state.name, failure: mapping.state.failure.flatMap { DomainMapping.Failure(code: $0.code) })
        == mapping.state)
  }

  private static func text(_ mapping: DomainMapping) -> String {
    (mapping.state.failure?.code ?? mapping.state.name) + (mapping.ownsHost ? "+" : "")
  }

  private static func mapping(_ text: String, _ kind: DomainMapping.Kind, at instant: Timestamp) throws -> DomainMapping
  {
    let isProven = text.hasSuffix("+")
    let name = isProven ? String(text.dropLast()) : text
    let plain = DomainMapping.State(name: name, failure: nil)
    let state = try #require(plain ?? DomainMapping.Failure(code: name).map { .error($0) })
    var random = SeededGenerator(seed: 1)
    return DomainMapping(
      host: try HostName("shop.example.com"), tenantID: try TenantID("t1"), kind: kind, state: state,
      provenAt: isProven ? instant : nil, createdAt: instant, changedAt: instant,
      claim: kind == .subdomain
        ? nil : DomainClaim(token: .random(using: &random), expiresAt: Timestamp(seconds: 5), nextCheckAt: instant),
      version: 3)
  }
}
