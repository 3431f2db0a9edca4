public import SaaSCore

/// What happened to an organisation's usage, as the outbox tells it. The payload is this value in JSON.
public enum UsageOutboxEvent: Sendable, Hashable, Codable {
  /// Nobody said how a run ended, and it was closed (`run.abandoned`).
  case runAbandoned(runID: RunID, startedAt: Timestamp)

  /// The dotted, lower-case name under which the outbox has it.
  public var kind: String {
    switch self {
    case .runAbandoned: "run.abandoned"
    }
  }

  /// What changed between two values of one run, the first of which may not be there; nil where no receiver cares.
  public static func difference(from old: Run?, to new: Run) -> UsageOutboxEvent? {
    guard new.outcome == .abandoned, old?.outcome != .abandoned else { return nil }
    return .runAbandoned(runID: new.id, startedAt: new.startedAt)
  }

  /// What a store appends to the outbox for this event. Its ID is stable: a run is abandoned once.
  public func draft(of organizationID: OrgID, at now: Timestamp) -> OutboxDraft {
    // Strings always encode; an empty object would still carry ID and kind.
    let payload = (try? CanonicalJSON.encode(self)) ?? Array("{}".utf8)
    let id =
      switch self {
      case .runAbandoned(let runID, _): "\(kind)/\(organizationID)/\(runID)"
      }
    return OutboxDraft(id: id, organizationID: organizationID, occurredAt: now, kind: kind, payload: payload)
  }

  /// Reads an outbox event of this kit, or gives nil for another kit's.
  public init?(_ event: OutboxEvent) {
    guard event.kind.hasPrefix("run."),
      let decoded = try? CanonicalJSON.decode(event.payload, as: UsageOutboxEvent.self)
    else { return nil }
    self = decoded
  }
}
