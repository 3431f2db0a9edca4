public import SaaSCore

/// A change of a subscription that was begun, stored before the provider is asked.
///
/// Whoever asks for the same meanwhile, or again after a crash, sends the same request under the same key, so that it
/// happens once; whoever asks for another is refused until this one is done or ``settledAt`` is past. From then on no
/// call of it is out any more, so that a read of the subscription tells what became of it.
public struct ChangeIntent: Sendable, Hashable, Codable {
  /// Counts the organisation's changes; the idempotency key is derived from it.
  public let attempt: Int64
  /// What is changed.
  public let subscriptionID: SubscriptionID
  /// What the member asked for.
  public let wish: Wish
  /// What the provider is asked for, whole, because the same key with other parameters is refused.
  public let request: SubscriptionChange
  /// When it was begun.
  public let begunAt: Timestamp

  /// How long a call to the provider is out at most, its repeats included: Stripe's gateway gives up after 80 seconds.
  /// A gateway that tries for longer is not safe against two changes at once.
  public static let settlingTime = Duration.seconds(120)

  /// The first instant at which none of its calls is out any more.
  public var settledAt: Timestamp { begunAt + Self.settlingTime }

  package init(
    attempt: Int64, subscriptionID: SubscriptionID, wish: Wish, request: SubscriptionChange, begunAt: Timestamp
  ) {
    self.attempt = attempt
    self.subscriptionID = subscriptionID
    self.wish = wish
    self.request = request
    self.begunAt = begunAt
  }

  /// What a member asked for.
  public enum Wish: Sendable, Hashable, Codable {
    /// A number of seats, the included ones counted.
    case seats(Int64, proration: SubscriptionChange.Proration)
    /// A plan; for the present interval and as many seats as there are where they are nil.
    case plan(PlanID, every: BillingInterval?, seats: Int64?, proration: SubscriptionChange.Proration)
    /// An end with the current period.
    case cancelAtPeriodEnd
    /// No end after all.
    case keep
  }
}

extension BillingAccount {
  /// Whether a change was begun that nobody ended, and of which no call is out any more.
  func hasSettledChange(at now: Timestamp) -> Bool { change.map { $0.settledAt <= now } ?? false }
}
