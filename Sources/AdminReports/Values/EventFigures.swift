public import SaaSCore
internal import UsageKit

/// What is said of some events: how many, their tokens, what they cost.
public struct EventFigures: Sendable, Hashable, Codable {
  /// All of them; the query lists those of which the tokens and the cost are the sums, too.
  public let events: Count
  /// Prompt tokens, cached and cache-written ones included.
  public let promptTokens: Int64
  /// The cached part of the prompt tokens.
  public let cachedPromptTokens: Int64
  /// The part of the prompt tokens that was written to a cache.
  public let cacheWritePromptTokens: Int64
  /// Completion tokens.
  public let completionTokens: Int64
  /// The exact estimated cost in US dollars; events without a price have no part in it.
  public let costUSD: CostSum
  /// Events that have no price.
  public let unpriced: Count
  /// Events of whose tokens only a part has a price, so that their cost is a lower bound.
  public let partlyUnpriced: Count

  init(_ sums: EventSums, _ query: EventQuery, revision: Int64) {
    func count(_ value: Int64, _ pricing: EventCost.Pricing?) -> Count {
      var query = query
      query.pricing = pricing
      return Count(value, AuditQuery(.events(query), revision: revision))
    }
    events = count(sums.count, nil)
    promptTokens = sums.promptTokens
    cachedPromptTokens = sums.cachedPromptTokens
    cacheWritePromptTokens = sums.cacheWritePromptTokens
    completionTokens = sums.completionTokens
    costUSD = sums.cost
    unpriced = count(sums.unpriced, .unpriced)
    partlyUnpriced = count(sums.partlyUnpriced, .partlyPriced)
  }
}
