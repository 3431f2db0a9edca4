import SaaSCore
import UsageKit

/// Prices every token alike, and one model not at all.
struct FlatPricing: EventPricing {
  var picosPerToken: Int64 = 1_000
  var unpricedModel = "free"

  func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost {
    guard event.model.rawValue != unpricedModel, let rate = try? RateID("flat-\(picosPerToken)") else {
      return .unpriced
    }
    return .priced(PicoUSD(picos: event.tokens.total * picosPerToken), rate: rate)
  }
}
