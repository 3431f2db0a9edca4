import SaaSCore
import TenancyKit

/// Resolves a list of Host headers, realistic and hostile, and tells how many got which verdict.
@Sendable func resolveHosts(_ quickstart: Quickstart) async throws {
  let text = try quickstart.arguments.hosts.map(Quickstart.textFile) ?? Quickstart.shippedFile("hosts.txt")
  let answers = HostList.headers(in: text).map { header in
    let resolution = quickstart.hosts.resolve(header.span, at: quickstart.now)
    return HostAnswer(header: header, resolution: resolution)
  }
  let tally = Tally(answers)
  quickstart.report.section("Hosts", key: "hosts", HostsSummary(counts: tally.rows.map(\.count), answers: answers)) {
    var table = TextTable([("verdict", .left), ("reason", .left), ("count", .right), ("example", .left), ("", .left)])
    for row in tally.rows {
      table.add([
        row.count.verdict, row.count.reason ?? "", "\(row.count.count)", shown(row.example.header),
        row.example.outcome.map { "-> " + $0 } ?? "",
      ])
    }
    return ["\(answers.count) Host headers"] + table.lines
  }
}

/// One header and what it is.
private struct HostAnswer: Encodable, Sendable {
  let header: [UInt8]
  let resolution: HostResolution

  /// The tenant that is served or suspended, or the host to which one moved.
  var outcome: String? {
    resolution.context?.slug.rawValue ?? resolution.movedTo?.rawValue ?? resolution.tenantID?.rawValue
  }

  private enum CodingKeys: String, CodingKey { case host, verdict, reason, tenant, slug, movedTo }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shown(header, width: .max), forKey: .host)
    try container.encode(resolution.kind.description, forKey: .verdict)
    try container.encodeIfPresent(resolution.reason?.description, forKey: .reason)
    try container.encodeIfPresent(resolution.tenantID, forKey: .tenant)
    try container.encodeIfPresent(resolution.context?.slug, forKey: .slug)
    try container.encodeIfPresent(resolution.movedTo, forKey: .movedTo)
  }
}

private struct HostsSummary: Encodable, Sendable {
  let counts: [VerdictCount]
  let answers: [HostAnswer]
}

private struct VerdictCount: Encodable, Sendable {
  let verdict: String
  let reason: String?
  var count: Int
}

/// How often each verdict came, with its reason, in the order in which the rules are tried.
private struct Tally {
  struct Row {
    var count: VerdictCount
    let example: HostAnswer
  }

  let rows: [Row]

  init(_ answers: [HostAnswer]) {
    struct Key: Hashable {
      let kind: HostVerdict.Kind
      let reason: HostReason?
    }
    let groups = Dictionary(grouping: answers) { Key(kind: $0.resolution.kind, reason: $0.resolution.reason) }
    let order: [Key] = HostVerdict.Kind.allCases.flatMap { kind in
      ([nil] + HostReason.allCases.map(Optional.some)).map { Key(kind: kind, reason: $0) }
    }
    rows = order.compactMap { key in
      guard let group = groups[key], let example = group.first else { return nil }
      return Row(
        count: VerdictCount(
          verdict: key.kind.description, reason: key.kind == .notFound ? key.reason?.description : nil,
          count: group.count),
        example: example)
    }
  }
}
