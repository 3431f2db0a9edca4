public import SaaSCore

/// A number or an instant of a run or event that can be wrong.
public enum UsageField: String, Sendable, Hashable, Codable, CaseIterable {
  /// All tokens that went into the model.
  case promptTokens
  /// Prompt tokens that the provider read from its cache.
  case cachedPromptTokens
  /// Prompt tokens that the provider wrote to its cache.
  case cacheWritePromptTokens
  /// All tokens that came out of the model.
  case completionTokens
  /// How long a step took.
  case durationMilliseconds
  /// How large a step's result is.
  case resultSize
  /// When an event came to be.
  case createdAt
  /// When a run began.
  case startedAt
  /// When a run ended.
  case finishedAt
  /// How many artifacts a run made.
  case artifactCount
}

/// Why a run or an event cannot be as it is said to be.
public enum UsageValueError: Error, Sendable, Hashable {
  /// The number is below zero.
  case negative(UsageField)
  /// The number is above the most that is kept.
  case tooLarge(UsageField, maximum: Int64)
  /// The parts of the prompt (cached tokens and cache writes together) are more than the prompt.
  case partsExceedPrompt(parts: Int64, prompt: Int64)
  /// The instant lies before 1970-01-01T00:00:00Z.
  case before1970(UsageField)
  /// The instant lies further ahead than `latest`, the last instant that was allowed.
  case tooFarAhead(UsageField, latest: Timestamp)
  /// The run ended before it began.
  case finishedBeforeStart
  /// The run is running and yet has an end, or is not and has none.
  case outcomeWithoutEnd
  /// The event's cost is beyond the nine million dollars that one event may cost.
  case costTooLarge
}
