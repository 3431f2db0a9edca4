public import SaaSCore

/// What one step of a run used: facts as the host application or its provider reports them, before they have a cost.
///
/// It belongs to the organisation of the tenant in whose name it is recorded, and to no other; the same ``id`` in another
/// organisation is another event.
public struct UsageEvent: Sendable, Hashable {
  /// The event's name within its organisation, by which a repeat is known; see ``EventID/init(run:step:attempt:)``.
  public let id: EventID
  /// The run it is part of, which may become known later than the event.
  public let runID: RunID
  /// The step of the run, where the host application names steps.
  public let stepID: StepID?
  /// Who ran the model.
  public let provider: ProviderName
  /// The model.
  public let model: ModelName
  /// What it used.
  public let tokens: TokenCounts
  /// The provider's service tier, where it is not the standard one.
  public let serviceTier: ServiceTier?
  /// How long the step took.
  public let durationMilliseconds: Int64
  /// How large its result is, in the unit that the host application chose.
  public let resultSize: Int64
  /// When it came to be; it counts in the day, hour and period that hold this instant.
  public let createdAt: Timestamp

  /// An event of these facts.
  /// - Throws: ``UsageValueError`` where a number is negative or past ``UsageBounds``, or the instant lies before 1970 or
  ///   past the year 9999. How far ahead of now an event may lie is judged when it is recorded.
  public init(
    id: EventID, runID: RunID, stepID: StepID? = nil, provider: ProviderName, model: ModelName, tokens: TokenCounts,
    serviceTier: ServiceTier? = nil, durationMilliseconds: Int64, resultSize: Int64 = 0, createdAt: Timestamp
  ) throws(UsageValueError) {
    try UsageBounds.check(
      durationMilliseconds, .durationMilliseconds, atMost: UsageBounds.durationMilliseconds)
    try UsageBounds.check(resultSize, .resultSize, atMost: UsageBounds.resultSize)
    try UsageBounds.check(createdAt, .createdAt)
    self.init(
      unchecked: id, runID: runID, stepID: stepID, provider: provider, model: model, tokens: tokens,
      serviceTier: serviceTier, durationMilliseconds: durationMilliseconds, resultSize: resultSize,
      createdAt: createdAt)
  }

  /// An event whose facts were checked when they were first stored.
  package init(
    unchecked id: EventID, runID: RunID, stepID: StepID?, provider: ProviderName, model: ModelName,
    tokens: TokenCounts, serviceTier: ServiceTier?, durationMilliseconds: Int64, resultSize: Int64,
    createdAt: Timestamp
  ) {
    self.id = id
    self.runID = runID
    self.stepID = stepID
    self.provider = provider
    self.model = model
    self.tokens = tokens
    self.serviceTier = serviceTier
    self.durationMilliseconds = durationMilliseconds
    self.resultSize = resultSize
    self.createdAt = createdAt
  }
}
