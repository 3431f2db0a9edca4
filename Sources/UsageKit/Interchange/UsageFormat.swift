/// How runs and events are written in a file.
public enum UsageFormat: String, Sendable, Hashable, CaseIterable {
  /// One JSON object a line, runs and events mixed as they come.
  ///
  /// A run is `{"type":"run","runId","orgId","userId","workflow","startedAt","finishedAt"?,"outcome","artifactCount"}`,
  /// an event `{"type":"event","eventId","orgId","runId","stepId"?,"provider","model","promptTokens",`
  /// `"cachedPromptTokens"?,"cacheWritePromptTokens"?,"completionTokens","serviceTier"?,"durationMs","resultSize",`
  /// `"createdAt"}`. Instants are ISO 8601; numbers are whole; members with other names are ignored.
  case ndjson
  /// One header line with the names of ``UsageColumn`` in any order, then one run or event a line, all of one kind
  /// (RFC 4180). Columns with other names are ignored; an empty field is one that is not there.
  case csv
}

/// A member of a line of NDJSON, and a column of CSV.
public enum UsageColumn: String, Sendable, Hashable, CaseIterable {
  /// Whether the line is a `run` or an `event`; in NDJSON only.
  case type
  /// The run, or the run that an event is part of.
  case runID = "runId"
  /// The organisation.
  case orgID = "orgId"
  /// Who asked for the run.
  case userID = "userId"
  /// The kind of work of the run.
  case workflow
  /// When the run began.
  case startedAt
  /// When the run ended; not there while it is running.
  case finishedAt
  /// How the run ended: `running`, `succeeded`, `failed`, `cancelled` or `abandoned`.
  case outcome
  /// How many artifacts the run made.
  case artifactCount
  /// The event.
  case eventID = "eventId"
  /// The step of the run, where there is one.
  case stepID = "stepId"
  /// Who ran the model.
  case provider
  /// The model.
  case model
  /// All tokens that went into the model.
  case promptTokens
  /// Those of them that were read from a cache; nothing is none.
  case cachedPromptTokens
  /// Those of them that were written to a cache; nothing is none.
  case cacheWritePromptTokens
  /// All tokens that came out of the model.
  case completionTokens
  /// The service tier, where it is not the standard one.
  case serviceTier
  /// How long the step took, in milliseconds.
  case durationMilliseconds = "durationMs"
  /// How large the step's result is.
  case resultSize
  /// When the event came to be.
  case createdAt

  /// The columns of a run, in the order in which they are written.
  public static let ofRuns: [UsageColumn] = [
    .runID, .orgID, .userID, .workflow, .startedAt, .finishedAt, .outcome, .artifactCount,
  ]
  /// The columns of an event, in the order in which they are written.
  public static let ofEvents: [UsageColumn] = [
    .eventID, .orgID, .runID, .stepID, .provider, .model, .promptTokens, .cachedPromptTokens, .cacheWritePromptTokens,
    .completionTokens, .serviceTier, .durationMilliseconds, .resultSize, .createdAt,
  ]

  /// Whether a line may do without it.
  public var isOptional: Bool {
    switch self {
    case .finishedAt, .stepID, .cachedPromptTokens, .cacheWritePromptTokens, .serviceTier: true
    default: false
    }
  }
}
