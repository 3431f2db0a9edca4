public import SaaSCore

/// What one step of a run used: facts as the host application or its provider reports them, before they have a cost.
///
/// It belongs to the organisation of the tenant in whose name it is recorded, and to no other; the same ``id`` in another
/// organisation is another event.
public struct UsageEvent: Sendable, Hashable {
  // One reference: six identifiers beside each other would make each copy a dozen times as long.
  private let stored: Stored

  /// The event's name within its organisation, by which a repeat is known; see ``EventID/init(run:step:attempt:)``.
  public var id: EventID { stored.facts.id }
  /// The run it is part of, which may become known later than the event.
  public var runID: RunID { stored.facts.runID }
  /// The step of the run, where the host application names steps.
  public var stepID: StepID? { stored.facts.stepID }
  /// Who ran the model.
  public var provider: ProviderName { stored.facts.provider }
  /// The model.
  public var model: ModelName { stored.facts.model }
  /// What it used.
  public var tokens: TokenCounts { stored.facts.tokens }
  /// The provider's service tier, where it is not the standard one.
  public var serviceTier: ServiceTier? { stored.facts.serviceTier }
  /// How long the step took.
  public var durationMilliseconds: Int64 { stored.facts.durationMilliseconds }
  /// How large its result is, in the unit that the host application chose.
  public var resultSize: Int64 { stored.facts.resultSize }
  /// When it came to be; it counts in the day, hour and period that hold this instant.
  public var createdAt: Timestamp { stored.facts.createdAt }

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
    stored = Stored(
      Facts(
        id: id, runID: runID, stepID: stepID, provider: provider, model: model, tokens: tokens,
        serviceTier: serviceTier, durationMilliseconds: durationMilliseconds, resultSize: resultSize,
        createdAt: createdAt))
  }

  public static func == (left: UsageEvent, right: UsageEvent) -> Bool {
    left.stored === right.stored || left.stored.facts == right.stored.facts
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(stored.facts) }

  private final class Stored: Sendable {
    let facts: Facts
    init(_ facts: Facts) { self.facts = facts }
  }

  private struct Facts: Sendable, Hashable {
    let id: EventID
    let runID: RunID
    let stepID: StepID?
    let provider: ProviderName
    let model: ModelName
    let tokens: TokenCounts
    let serviceTier: ServiceTier?
    let durationMilliseconds: Int64
    let resultSize: Int64
    let createdAt: Timestamp
  }
}

extension UsageEvent: CustomReflectable {
  /// The facts.
  public var customMirror: Mirror {
    Mirror(self, children: Mirror(reflecting: stored.facts).children, displayStyle: .struct)
  }
}
