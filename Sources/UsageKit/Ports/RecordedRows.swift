public import SaaSCore

/// A run as a store keeps it.
public struct RecordedRun: Sendable, Hashable {
  /// The run in its last value.
  public let run: Run
  /// The organisation's revision at which it was inserted.
  public let insertedRevision: Int64
  /// The organisation's revision at which it last changed; the same where it never did.
  public let changedRevision: Int64

  /// A run as a store keeps it.
  public init(_ run: Run, insertedRevision: Int64, changedRevision: Int64) {
    self.run = run
    self.insertedRevision = insertedRevision
    self.changedRevision = changedRevision
  }

  /// Its place in the order of pages.
  public var cursor: RunCursor { RunCursor(startedAt: run.startedAt, id: run.id) }
}

/// An event as a store keeps it.
public struct RecordedEvent: Sendable, Hashable {
  /// The facts.
  public let event: UsageEvent
  /// The cost by the rate that was used last.
  public let cost: EventCost
  /// The user of its run, unknown while the run has not arrived.
  public let user: Attributed<UserID>
  /// The workflow of its run, unknown while the run has not arrived.
  public let workflow: Attributed<WorkflowName>
  /// The organisation's revision at which it was inserted.
  public let insertedRevision: Int64
  /// The organisation's revision at which it was last re-priced, or its run arrived; the same where neither happened.
  public let changedRevision: Int64

  /// An event as a store keeps it.
  public init(
    _ event: UsageEvent, cost: EventCost, user: Attributed<UserID>, workflow: Attributed<WorkflowName>,
    insertedRevision: Int64, changedRevision: Int64
  ) {
    self.event = event
    self.cost = cost
    self.user = user
    self.workflow = workflow
    self.insertedRevision = insertedRevision
    self.changedRevision = changedRevision
  }

  /// Its place in the order of pages.
  public var cursor: EventCursor { EventCursor(createdAt: event.createdAt, id: event.id) }
}

/// A place in the order of runs: by start, then by the bytes of the identifier.
public struct RunCursor: Sendable, Hashable, Codable, Comparable {
  /// The start of the run at that place.
  public let startedAt: Timestamp
  /// The run at that place.
  public let id: RunID

  /// The place of a run.
  public init(startedAt: Timestamp, id: RunID) {
    self.startedAt = startedAt
    self.id = id
  }

  public static func < (left: RunCursor, right: RunCursor) -> Bool {
    left.startedAt == right.startedAt ? left.id < right.id : left.startedAt < right.startedAt
  }
}

/// A place in the order of events: by instant, then by the bytes of the identifier.
public struct EventCursor: Sendable, Hashable, Codable, Comparable {
  /// The instant of the event at that place.
  public let createdAt: Timestamp
  /// The event at that place.
  public let id: EventID

  /// The place of an event.
  public init(createdAt: Timestamp, id: EventID) {
    self.createdAt = createdAt
    self.id = id
  }

  public static func < (left: EventCursor, right: EventCursor) -> Bool {
    left.createdAt == right.createdAt ? left.id < right.id : left.createdAt < right.createdAt
  }
}
