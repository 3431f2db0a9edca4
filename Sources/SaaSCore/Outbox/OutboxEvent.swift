/// What a store appends to the outbox in the same transaction as the change that it tells of.
public struct OutboxDraft: Sendable, Hashable {
  /// Stable and unique: the same change always has the same ID, so that a receiver can deduplicate by it.
  public let id: String
  /// The organisation that the change concerns.
  public let organizationID: OrgID
  /// When the change was made, as its caller said.
  public let occurredAt: Timestamp
  /// The dotted, lower-case name of the change, `tenant.created` for one.
  public let kind: String
  /// The change itself as a JSON object; its keys are part of the contract of the kit that wrote it.
  public let payload: [UInt8]

  /// What to append for one change.
  public init(id: String, organizationID: OrgID, occurredAt: Timestamp, kind: String, payload: [UInt8]) {
    self.id = id
    self.organizationID = organizationID
    self.occurredAt = occurredAt
    self.kind = kind
    self.payload = payload
  }
}

/// One change of state that a host application may want to act on, as the outbox holds it.
public struct OutboxEvent: Sendable, Hashable {
  /// The place in the outbox: growing, not necessarily without gaps.
  public let sequence: Int64
  /// What was appended.
  public let draft: OutboxDraft

  /// The event at a place in the outbox.
  public init(sequence: Int64, draft: OutboxDraft) {
    self.sequence = sequence
    self.draft = draft
  }

  /// Stable and unique: a receiver that has seen it already drops the event.
  public var id: String { draft.id }
  /// The organisation that the change concerns.
  public var organizationID: OrgID { draft.organizationID }
  /// When the change was made.
  public var occurredAt: Timestamp { draft.occurredAt }
  /// The dotted, lower-case name of the change.
  public var kind: String { draft.kind }
  /// The change as a JSON object.
  public var payload: [UInt8] { draft.payload }
}
