/// An event with its cost, as it is recorded.
public struct PricedEvent: Sendable, Hashable {
  /// The facts.
  public let event: UsageEvent
  /// The estimated cost.
  public let cost: EventCost

  /// An event with its cost.
  public init(_ event: UsageEvent, cost: EventCost) {
    self.event = event
    self.cost = cost
  }
}
