public import SaaSCore

/// Which runs of an organisation are asked for; what is nil does not matter.
public struct RunQuery: Sendable, Hashable {
  /// When they began.
  public var period: Period
  /// Who asked for them.
  public var userID: UserID?
  /// The kind of work.
  public var workflow: WorkflowName?
  /// How they ended, or that they are running.
  public var outcomes: Set<Run.Outcome>?
  /// Whether they ended with at least one artifact.
  public var finishedWithArtifacts: Bool?

  /// All runs that began in a period, or some of them.
  public init(
    period: Period, userID: UserID? = nil, workflow: WorkflowName? = nil, outcomes: Set<Run.Outcome>? = nil,
    finishedWithArtifacts: Bool? = nil
  ) {
    self.period = period
    self.userID = userID
    self.workflow = workflow
    self.outcomes = outcomes
    self.finishedWithArtifacts = finishedWithArtifacts
  }

  /// Whether a run is among them.
  public func matches(_ run: Run) -> Bool {
    period.contains(run.startedAt)
      && (userID.map { $0 == run.userID } ?? true)
      && (workflow.map { $0 == run.workflow } ?? true)
      && (outcomes.map { $0.contains(run.outcome) } ?? true)
      && (finishedWithArtifacts.map { $0 == (run.outcome.isFinal && run.artifactCount > 0) } ?? true)
  }
}

/// Which events of an organisation are asked for; what is nil does not matter.
public struct EventQuery: Sendable, Hashable {
  /// When they came to be.
  public var period: Period
  /// The run they are part of.
  public var runID: RunID?
  /// Their run's user, or that it has not arrived.
  public var user: Attributed<UserID>?
  /// Their run's workflow, or that it has not arrived.
  public var workflow: Attributed<WorkflowName>?
  /// Who ran the model.
  public var provider: ProviderName?
  /// The model.
  public var model: ModelName?
  /// How far their price is known.
  public var pricing: EventCost.Pricing?

  /// All events of a period, or some of them.
  public init(
    period: Period, runID: RunID? = nil, user: Attributed<UserID>? = nil, workflow: Attributed<WorkflowName>? = nil,
    provider: ProviderName? = nil, model: ModelName? = nil, pricing: EventCost.Pricing? = nil
  ) {
    self.period = period
    self.runID = runID
    self.user = user
    self.workflow = workflow
    self.provider = provider
    self.model = model
    self.pricing = pricing
  }

  /// Whether an event is among them.
  public func matches(_ row: RecordedEvent) -> Bool {
    period.contains(row.event.createdAt)
      && (runID.map { $0 == row.event.runID } ?? true)
      && (user.map { $0 == row.user } ?? true)
      && (workflow.map { $0 == row.workflow } ?? true)
      && (provider.map { $0 == row.event.provider } ?? true)
      && (model.map { $0 == row.event.model } ?? true)
      && (pricing.map { $0 == row.cost.pricing } ?? true)
  }
}

/// A value with the organisation's revision at which it was read.
public struct UsageReading<Value: Sendable>: Sendable {
  /// What was read.
  public let value: Value
  /// The revision: everything up to it is in the value, and nothing later.
  public let revision: Int64

  /// A value read at a revision.
  public init(_ value: Value, revision: Int64) {
    self.value = value
    self.revision = revision
  }
}

extension UsageReading: Equatable where Value: Equatable {}

/// One page of runs or events, of those that were there at a revision.
public struct AuditPage<Element: Sendable, Cursor: Sendable>: Sendable {
  /// The rows in their last values, in the order of their cursors.
  public let page: Page<Element, Cursor>
  /// The revision of which the page speaks: the one that was asked for, or the present one.
  public let revision: Int64
  /// Whether a row of the whole period, in this page or not, matching or not, was there at that revision and has changed
  /// since, so that the rows may not add up to what was read then.
  ///
  /// It is never false where one has. It may be true where only rows inserted later changed, on a day that the period
  /// touches; it is false where nothing on those days has changed since.
  public let changedSince: Bool

  /// A page of those that were there at a revision.
  public init(_ page: Page<Element, Cursor>, revision: Int64, changedSince: Bool) {
    self.page = page
    self.revision = revision
    self.changedSince = changedSince
  }
}

extension AuditPage: Equatable where Element: Equatable, Cursor: Equatable {}
