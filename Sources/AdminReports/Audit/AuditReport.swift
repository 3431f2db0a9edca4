public import SaaSCore
public import UsageKit

/// One page of the runs or events of which a figure is made.
public struct AuditReport: Sendable, Hashable, Codable {
  /// The query that is answered.
  public let query: AuditQuery
  /// Whether a row of the query's period has changed since the query's revision (a run finished, an event was priced
  /// anew), so that the rows may not add up to the figure that was shown then.
  public let changedSince: Bool
  /// The runs, by start and identifier; empty where events are asked for.
  public let runs: [AuditedRun]
  /// The events, by instant and identifier; empty where runs are asked for.
  public let events: [AuditedEvent]
  /// Where the next page begins, or nil after the last one.
  public let next: AuditCursor?

  init(query: AuditQuery, changedSince: Bool, runs: [AuditedRun], events: [AuditedEvent], next: AuditCursor?) {
    self.query = query
    self.changedSince = changedSince
    self.runs = runs
    self.events = events
    self.next = next
  }
}

/// One run of an audit trail.
public struct AuditedRun: Sendable, Hashable, Codable {
  /// The run.
  public let runID: RunID
  /// Who asked for it.
  public let userID: UserID
  /// The kind of work.
  public let workflow: WorkflowName
  /// When it began.
  public let startedAt: Timestamp
  /// When it ended; nil while it is running.
  public let finishedAt: Timestamp?
  /// How it ended, or that it is running.
  public let outcome: Run.Outcome
  /// How many artifacts it left.
  public let artifactCount: Int64
  /// How long it took; nil while it is running.
  public let durationMilliseconds: Int64?

  init(_ run: Run) {
    runID = run.id
    userID = run.userID
    workflow = run.workflow
    startedAt = run.startedAt
    finishedAt = run.finishedAt
    outcome = run.outcome
    artifactCount = run.artifactCount
    durationMilliseconds = run.durationMilliseconds
  }
}

/// One event of an audit trail.
public struct AuditedEvent: Sendable, Hashable, Codable {
  /// The event.
  public let eventID: EventID
  /// The run it is part of.
  public let runID: RunID
  /// The step of the run, where it has a name.
  public let stepID: StepID?
  /// The run's user; nil where the run has not arrived.
  public let userID: UserID?
  /// The run's workflow; nil where the run has not arrived.
  public let workflow: WorkflowName?
  /// Who ran the model.
  public let provider: ProviderName
  /// The model.
  public let model: ModelName
  /// Prompt tokens, cached and cache-written ones included.
  public let promptTokens: Int64
  /// The cached part of the prompt tokens.
  public let cachedPromptTokens: Int64
  /// The part of the prompt tokens that was written to a cache.
  public let cacheWritePromptTokens: Int64
  /// Completion tokens.
  public let completionTokens: Int64
  /// The service tier, where it is not the standard one.
  public let serviceTier: ServiceTier?
  /// How long the step took.
  public let durationMilliseconds: Int64
  /// How large its result is, in the unit that the host application chose.
  public let resultSize: Int64
  /// When it came to be.
  public let createdAt: Timestamp
  /// How far its price is known.
  public let pricing: EventCost.Pricing
  /// The exact cost in US dollars; nil where there is no price.
  public let costUSD: CostSum?
  /// The rate by which it was priced; nil where there is no price.
  public let rate: RateID?

  init(_ row: RecordedEvent) {
    let event = row.event
    eventID = event.id
    runID = event.runID
    stepID = event.stepID
    userID = row.user.name
    workflow = row.workflow.name
    provider = event.provider
    model = event.model
    promptTokens = event.tokens.prompt
    cachedPromptTokens = event.tokens.cachedPrompt
    cacheWritePromptTokens = event.tokens.cacheWritePrompt
    completionTokens = event.tokens.completion
    serviceTier = event.serviceTier
    durationMilliseconds = event.durationMilliseconds
    resultSize = event.resultSize
    createdAt = event.createdAt
    pricing = row.cost.pricing
    costUSD = row.cost.amount.map { CostSum($0) }
    rate = row.cost.rate
  }
}
