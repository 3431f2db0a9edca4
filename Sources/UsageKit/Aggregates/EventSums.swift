public import SaaSCore

/// What many events add up to; sums of sums are the sums of all.
///
/// ``UsageBounds`` keeps every number within 64 bits for nine billion events; beyond that they wrap around rather than
/// trap, and the cost is exact all the same.
public struct EventSums: Sendable, Hashable {
  /// How many events.
  public var count: Int64 = 0
  /// How many of them have no price at all.
  public var unpriced: Int64 = 0
  /// How many of them have no price for a class of tokens that they used.
  public var partlyUnpriced: Int64 = 0
  /// All tokens that went into models.
  public var promptTokens: Int64 = 0
  /// Those of them that were read from a cache.
  public var cachedPromptTokens: Int64 = 0
  /// Those of them that were written to a cache.
  public var cacheWritePromptTokens: Int64 = 0
  /// All tokens that came out of models.
  public var completionTokens: Int64 = 0
  /// How long the steps took together.
  public var durationMilliseconds: Int64 = 0
  /// The estimated cost of those that have a price.
  public var cost = CostSum.zero

  /// Sums of nothing.
  public init() {}

  /// The sums of one event.
  public init(_ event: UsageEvent, cost: EventCost) {
    count = 1
    unpriced = cost.pricing == .unpriced ? 1 : 0
    partlyUnpriced = cost.pricing == .partlyPriced ? 1 : 0
    promptTokens = event.tokens.prompt
    cachedPromptTokens = event.tokens.cachedPrompt
    cacheWritePromptTokens = event.tokens.cacheWritePrompt
    completionTokens = event.tokens.completion
    durationMilliseconds = event.durationMilliseconds
    self.cost = cost.amount.map { CostSum($0) } ?? .zero
  }

  /// Prompt and completion together.
  public var totalTokens: Int64 { promptTokens &+ completionTokens }

  /// Whether there are no events; a store lists no such group.
  public var isEmpty: Bool { count == 0 }

  /// The average step's duration in milliseconds, half up, or nil without events.
  public var averageDurationMilliseconds: Int64? { durationMilliseconds.average(over: count) }

  /// The sums of both.
  public static func + (left: EventSums, right: EventSums) -> EventSums {
    var result = left
    result += right
    return result
  }

  /// What the first sums have beyond the second, which may be negative: a change.
  public static func - (left: EventSums, right: EventSums) -> EventSums {
    var result = left
    result.count &-= right.count
    result.unpriced &-= right.unpriced
    result.partlyUnpriced &-= right.partlyUnpriced
    result.promptTokens &-= right.promptTokens
    result.cachedPromptTokens &-= right.cachedPromptTokens
    result.cacheWritePromptTokens &-= right.cacheWritePromptTokens
    result.completionTokens &-= right.completionTokens
    result.durationMilliseconds &-= right.durationMilliseconds
    result.cost -= right.cost
    return result
  }

  /// Adds the second sums to the first.
  public static func += (left: inout EventSums, right: EventSums) {
    left.count &+= right.count
    left.unpriced &+= right.unpriced
    left.partlyUnpriced &+= right.partlyUnpriced
    left.promptTokens &+= right.promptTokens
    left.cachedPromptTokens &+= right.cachedPromptTokens
    left.cacheWritePromptTokens &+= right.cacheWritePromptTokens
    left.completionTokens &+= right.completionTokens
    left.durationMilliseconds &+= right.durationMilliseconds
    left.cost += right.cost
  }
}

extension Int64 {
  /// The average over a count, half up, or nil where the count is not positive.
  func average(over count: Int64) -> Int64? {
    guard count > 0 else { return nil }
    let (quotient, remainder) = flooredDivision(by: count)
    return remainder >= count - remainder ? quotient + 1 : quotient
  }
}
