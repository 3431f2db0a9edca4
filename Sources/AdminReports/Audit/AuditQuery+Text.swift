internal import SaaSCore
internal import UsageKit

extension AuditQuery {
  /// The query as the query part of a URL has it (RFC 3986 §3.4), keys in one fixed order:
  /// `of=runs&from=…&to=…[&user=…][&workflow=…][&outcome=failed,succeeded][&artifacts=true|false]&revision=…` or
  /// `of=events&from=…&to=…[&run=…][&user=…][&workflow=…][&provider=…][&model=…][&pricing=…]&revision=…`.
  ///
  /// An empty user or workflow of events stands for those whose run has not arrived.
  public var text: String {
    var pairs: [(String, String)] = []
    switch subject {
    case .runs(let query):
      pairs = [("of", "runs"), ("from", query.period.start.iso8601), ("to", query.period.end.iso8601)]
      pairs += [("user", query.userID?.rawValue), ("workflow", query.workflow?.rawValue)].compactMap(Self.present)
      if let outcomes = query.outcomes {
        pairs.append(("outcome", outcomes.map(\.rawValue).sorted().joined(separator: ",")))
      }
      if let artifacts = query.finishedWithArtifacts { pairs.append(("artifacts", artifacts ? "true" : "false")) }
    case .events(let query):
      pairs = [("of", "events"), ("from", query.period.start.iso8601), ("to", query.period.end.iso8601)]
      pairs += [
        ("run", query.runID?.rawValue), ("user", query.user.map { $0.name?.rawValue ?? "" }),
        ("workflow", query.workflow.map { $0.name?.rawValue ?? "" }), ("provider", query.provider?.rawValue),
        ("model", query.model?.rawValue), ("pricing", query.pricing?.rawValue),
      ].compactMap(Self.present)
    }
    pairs.append(("revision", String(revision)))
    return pairs.map { "\($0.0)=\(PercentEncoding.encoded($0.1))" }.joined(separator: "&")
  }

  private static func present(_ pair: (String, String?)) -> (String, String)? { pair.1.map { (pair.0, $0) } }

  /// Reads ``text``; the pairs may stand in any order.
  /// - Throws: ``AuditQueryError`` with the first key that is wrong.
  public init(_ text: String) throws(AuditQueryError) {
    var pairs = try AuditPairs(text)
    let kind = try pairs.required("of")
    let period = try pairs.period()
    let revision = try pairs.revision()
    switch kind {
    case "runs":
      let query = RunQuery(
        period: period, userID: try pairs.identifier("user"), workflow: try pairs.identifier("workflow"),
        outcomes: try pairs.outcomes(), finishedWithArtifacts: try pairs.artifacts())
      self.init(.runs(query), revision: revision)
    case "events":
      let query = EventQuery(
        period: period, runID: try pairs.identifier("run"), user: try pairs.attributed("user"),
        workflow: try pairs.attributed("workflow"), provider: try pairs.identifier("provider"),
        model: try pairs.identifier("model"), pricing: try pairs.pricing())
      self.init(.events(query), revision: revision)
    default: throw .invalid(key: "of")
    }
    try pairs.finish()
  }
}

/// The pairs of a query's text, each taken once.
private struct AuditPairs {
  private var values: [String: String] = [:]

  init(_ text: String) throws(AuditQueryError) {
    for pair in text.split(separator: "&", omittingEmptySubsequences: false) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = parts.first.map(String.init) ?? ""
      guard parts.count == 2, let value = PercentEncoding.decoded(String(parts[1])) else { throw .invalid(key: key) }
      guard values.updateValue(value, forKey: key) == nil else { throw .unexpected(key: key) }
    }
  }

  mutating func required(_ key: String) throws(AuditQueryError) -> String {
    guard let value = values.removeValue(forKey: key) else { throw .missing(key: key) }
    return value
  }

  mutating func period() throws(AuditQueryError) -> Period {
    let start = try instant("from")
    guard let period = Period(start: start, end: try instant("to")) else { throw .invalid(key: "to") }
    return period
  }

  private mutating func instant(_ key: String) throws(AuditQueryError) -> Timestamp {
    let text = try required(key)
    guard let instant = try? Timestamp(iso8601: text) else { throw .invalid(key: key) }
    return instant
  }

  mutating func revision() throws(AuditQueryError) -> Int64 {
    guard let revision = Int64(try required("revision")), revision >= 0 else { throw .invalid(key: "revision") }
    return revision
  }

  mutating func identifier<Name: Identifier>(_ key: String) throws(AuditQueryError) -> Name? {
    guard let value = values.removeValue(forKey: key) else { return nil }
    guard let name = try? Name(value) else { throw .invalid(key: key) }
    return name
  }

  mutating func attributed<Name: Identifier>(_ key: String) throws(AuditQueryError) -> Attributed<Name>? {
    if values[key] == "" {
      values[key] = nil
      return .unknown
    }
    let name: Name? = try identifier(key)
    return name.map(Attributed.known)
  }

  mutating func outcomes() throws(AuditQueryError) -> Set<Run.Outcome>? {
    guard let value = values.removeValue(forKey: "outcome") else { return nil }
    var outcomes: Set<Run.Outcome> = []
    for word in value.split(separator: ",", omittingEmptySubsequences: false) {
      guard let outcome = Run.Outcome(rawValue: String(word)) else { throw .invalid(key: "outcome") }
      outcomes.insert(outcome)
    }
    return outcomes
  }

  mutating func artifacts() throws(AuditQueryError) -> Bool? {
    switch values.removeValue(forKey: "artifacts") {
    case nil: return nil
    case "true": return true
    case "false": return false
    default: throw .invalid(key: "artifacts")
    }
  }

  mutating func pricing() throws(AuditQueryError) -> EventCost.Pricing? {
    guard let value = values.removeValue(forKey: "pricing") else { return nil }
    guard let pricing = EventCost.Pricing(rawValue: value) else { throw .invalid(key: "pricing") }
    return pricing
  }

  func finish() throws(AuditQueryError) {
    if let key = values.keys.sorted().first { throw .unexpected(key: key) }
  }
}
