public import SaaSCore

/// A change of a subscription that was begun, stored before the provider is asked.
///
/// Whoever asks for the same meanwhile, or again after a crash, sends the same request under the same key, so that it
/// happens once; whoever asks for another is refused until this one is done or ``settledAt`` is past. Then this one is
/// revoked before another is begun: the provider is asked for nothing under its key. So it is done by now, which a read
/// tells, or never will be, however long the process that began it stands still before it sends it: the provider refuses
/// another request under a key that was used. What is left is a process that stands still for longer than the provider
/// remembers keys, a day or more at Stripe, after the revocation.
public struct ChangeIntent: Sendable, Hashable, Codable {
  /// Counts the organisation's changes.
  public let attempt: Int64
  /// What the provider is asked under.
  public let key: IdempotencyKey
  /// What is changed.
  public let subscriptionID: SubscriptionID
  /// What the member asked for.
  public let wish: Wish
  /// What the provider is asked for, whole, because the same key with other parameters is refused.
  public let request: SubscriptionChange
  /// When it was begun.
  public let begunAt: Timestamp

  /// How long another change waits for this one: a call to the provider ends within it, its repeats included. Stripe's
  /// gateway gives up after 80 seconds.
  public static let settlingTime = Duration.seconds(120)

  /// The instant from which another change may take this one's place.
  public var settledAt: Timestamp { begunAt + Self.settlingTime }

  package init(
    attempt: Int64, key: IdempotencyKey, subscriptionID: SubscriptionID, wish: Wish, request: SubscriptionChange,
    begunAt: Timestamp
  ) {
    self.attempt = attempt
    self.key = key
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
  /// Forgets a change that is done, refused or revoked; another one that was begun meanwhile stays.
  mutating func end(_ intent: ChangeIntent?) {
    if let intent, change == intent { change = nil }
  }
}
