import BillingKit
import SaaSCore
import SaaSTesting

/// What a provider told, in its order, and what a read of it told at each moment in between.
struct ProviderHistory: Sendable {
  let events: [ProviderEvent]

  /// A subscription as it was after the first so many events; nil where it was not there yet.
  func snapshot(of id: SubscriptionID, after count: Int) -> SubscriptionSnapshot? {
    var latest: SubscriptionSnapshot?
    for case .subscription(let snapshot, _) in events.prefix(count).map(\.payload) where snapshot.id == id {
      latest = snapshot
    }
    return latest
  }

  /// The second of the last of the first so many events: a read that is made then is as new as it, and may not be newer.
  func clock(after count: Int) -> Timestamp { events[max(0, min(count, events.count) - 1)].createdAt }

  /// How many events had happened at a moment that lies so many seconds with events before the one after a count.
  func moment(before count: Int, by seconds: Int) -> Int {
    var count = count
    for _ in 0..<seconds {
      let second = clock(after: count)
      guard let earlier = events.lastIndex(where: { $0.createdAt < second }) else { return count }
      count = earlier + 1
    }
    return count
  }
}

/// A provider that stands wherever a test puts it in its history, answers late, or not at all; it is only read.
final class HistoryGateway: PaymentGateway {
  struct State: Sendable {
    /// How many events have happened.
    var position = 0
    /// By how many seconds that had events its answers are older.
    var lag = 0
    var isDown = false
    /// What happens while an answer is on its way, once.
    var meanwhile: (@Sendable () async -> Void)?
  }

  let history: ProviderHistory
  let state = Lock(State())

  init(_ history: ProviderHistory) { self.history = history }

  func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

  private func moment(of id: SubscriptionID? = nil) throws(GatewayError) -> Int {
    let (moment, isDown) = state.withLock { state in
      let late = history.moment(before: state.position, by: state.lag)
      // What was not there yet is answered for the present: it would not be known at all.
      let isThere = id.map { history.snapshot(of: $0, after: late) != nil } ?? true
      return (isThere ? late : state.position, state.isDown)
    }
    if isDown { throw GatewayError(.unavailable, "down") }
    return moment
  }

  func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    let moment = try moment(of: id)
    guard let snapshot = history.snapshot(of: id, after: moment) else { throw GatewayError(.notFound, "none") }
    let meanwhile = state.withLock { state in
      defer { state.meanwhile = nil }
      return state.meanwhile
    }
    await meanwhile?()
    return GatewayRead(snapshot, asOf: history.clock(after: moment))
  }

  func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    let moment = try moment()
    var ids: Set<SubscriptionID> = []
    for case .subscription(let snapshot, _) in history.events.prefix(moment).map(\.payload) { ids.insert(snapshot.id) }
    let all = ids.sorted().compactMap { history.snapshot(of: $0, after: moment) }
    return GatewayRead(Page(all, next: nil), asOf: history.clock(after: moment))
  }

  // MARK: What is never asked

  private static let unasked = GatewayError(.refused, "this provider is only read")

  func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError) -> ProviderCustomer {
    throw Self.unasked
  }
  func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> { throw Self.unasked }
  func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError) -> ProviderCustomer? {
    throw Self.unasked
  }
  func createCheckoutSession(_ session: NewCheckoutSession, key: IdempotencyKey) async throws(GatewayError)
    -> CheckoutSession
  {
    throw Self.unasked
  }
  func checkoutSession(_ id: CheckoutSessionID) async throws(GatewayError) -> GatewayRead<CheckoutSession> {
    throw Self.unasked
  }
  func openCheckoutSessions(of customer: CustomerID) async throws(GatewayError) -> [CheckoutSession] {
    throw Self.unasked
  }
  func expireCheckoutSession(_ id: CheckoutSessionID, key: IdempotencyKey) async throws(GatewayError) {
    throw Self.unasked
  }
  func createPortalSession(for customer: CustomerID, returnURL: String, key: IdempotencyKey)
    async throws(GatewayError) -> PortalSession
  {
    throw Self.unasked
  }
  func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  {
    throw Self.unasked
  }
  func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  {
    throw Self.unasked
  }
}
