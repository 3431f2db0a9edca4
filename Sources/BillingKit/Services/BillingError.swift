public import SaaSCore

/// Why a billing operation was not done.
public enum BillingError: Error, Sendable, Hashable {
  /// The acting member may not do it; nothing was read or changed.
  case access(AccessRefusal)
  /// Only the organisation's owner or its billing admin may do it.
  case notBillingAdmin
  /// The catalogue has no such plan.
  case unknownPlan(PlanID)
  /// The plan has no price on sale for the interval.
  case notForSale(PlanID, BillingInterval)
  /// The plan is not sold with so many seats.
  case seatsOutOfRange(minimum: Int64, maximum: Int64)
  /// The plan has no seats.
  case noSeats(PlanID)
  /// The organisation has a subscription, which a second one would double.
  case alreadySubscribed(SubscriptionID)
  /// The organisation has no subscription that can be changed.
  case noSubscription
  /// The subscription has prices that the catalogue does not know, so that a change might pay for something twice, or it
  /// never was of a plan at all; the operator maps the prices first.
  case unresolvedPrices([PriceID])
  /// Another change of the subscription was begun and may not be done yet; the same call may be tried again from this
  /// instant on, and sooner where the other one ends.
  case changeUnderWay(until: Timestamp)
  /// The plan's subscription has no such cancellation ahead.
  case notCancelling
  /// The organisation was never a customer of the payment provider.
  case noCustomer
  /// The checkout session is another customer's.
  case foreignSession(CheckoutSessionID)
  /// The customer is another organisation's.
  case customerTaken(CustomerID)
  /// The organisation has another customer, which the provider has not deleted.
  case alreadyLinked(CustomerID)
  /// Others changed the account meanwhile, or had another change made in this one's place; the same call may be tried
  /// again.
  case contended
  /// The payment provider failed or refused.
  case gateway(GatewayError)
  /// The store failed.
  case store(StoreError)

  init(_ error: BillingStoreError) {
    switch error {
    case .customerTaken(let customer): self = .customerTaken(customer)
    case .store(let error): self = .store(error)
    }
  }

  /// Whether the same call may succeed later without anybody repairing anything.
  public var isRetryable: Bool {
    switch self {
    case .contended, .changeUnderWay: true
    case .gateway(let error): error.isRetryable
    case .store(let error): error.isRetryable
    default: false
    }
  }
}
