public import SaaSCore

/// What happened to an organisation's billing, as the outbox tells it. The payload is this value in JSON.
///
/// Every event comes from a difference in state, so that a repeated or stale input tells nothing. A plan is held against
/// what was told last (``BillingAccount/toldPlan``), so that a change which only the passing of time brings about, the end
/// of a grant or of a grace, is told once too: by the account's next change, or by `SubscriptionReconciler`.
public enum BillingEvent: Sendable, Hashable, Codable {
  /// The plan or the number of seats is another (`billing.plan.changed`).
  case planChanged(from: PlanStanding, to: PlanStanding, cause: BillingCause)
  /// A subscription stands otherwise; nil before the first time (`billing.posture.changed`).
  case postureChanged(SubscriptionID, from: BillingPosture?, to: BillingPosture, cause: BillingCause)
  /// A payment failed (`billing.payment.failed`).
  case paymentFailed(SubscriptionID, invoice: InvoiceID, attempt: Int64?, nextAttemptAt: Timestamp?)
  /// The buyer has to do something for a payment (`billing.payment.actionRequired`).
  case paymentActionRequired(SubscriptionID, invoice: InvoiceID)
  /// An invoice was paid (`billing.payment.succeeded`).
  case paymentSucceeded(SubscriptionID, invoice: InvoiceID, amount: Money?)
  /// A trial ends soon (`billing.trial.ending`).
  case trialEnding(SubscriptionID, endsAt: Timestamp)
  /// A subscription's end was scheduled, moved, or, nil, taken back (`billing.cancellation.changed`).
  case cancellationChanged(SubscriptionID, endsAt: Timestamp?)
  /// Several subscriptions are paid at once (`billing.subscription.duplicate`).
  case duplicateSubscriptions([SubscriptionID])
  /// The catalogue does not know prices of a subscription; its plan stays as it was (`billing.price.unresolved`).
  case unresolvedPrices(SubscriptionID, [PriceID])
  /// The provider's customer was deleted (`billing.customer.deleted`).
  case customerDeleted(CustomerID)
  /// So many hundredths of a limit are used (`billing.limit.reached`).
  case limitReached(LimitAlert)
  /// Metered usage of a period could not be billed (`billing.usage.unbilled`).
  case unbilledUsage(UnbilledUsage)

  /// The dotted, lower-case name under which the outbox has it.
  public var kind: String {
    switch self {
    case .planChanged: "billing.plan.changed"
    case .postureChanged: "billing.posture.changed"
    case .paymentFailed: "billing.payment.failed"
    case .paymentActionRequired: "billing.payment.actionRequired"
    case .paymentSucceeded: "billing.payment.succeeded"
    case .trialEnding: "billing.trial.ending"
    case .cancellationChanged: "billing.cancellation.changed"
    case .duplicateSubscriptions: "billing.subscription.duplicate"
    case .unresolvedPrices: "billing.price.unresolved"
    case .customerDeleted: "billing.customer.deleted"
    case .limitReached: "billing.limit.reached"
    case .unbilledUsage: "billing.usage.unbilled"
    }
  }

  /// What a store appends to the outbox for this event.
  /// - Parameter place: what makes the draft's ID unique and stable: the account's version and the event's index among
  ///   those of one change, or the name of what is told once.
  public func draft(of organizationID: OrgID, place: String, at now: Timestamp) -> OutboxDraft {
    // Strings and whole numbers always encode; an empty object would still carry ID and kind.
    let payload = (try? CanonicalJSON.encode(self)) ?? Array("{}".utf8)
    return OutboxDraft(
      id: "\(kind)/\(organizationID)/\(place)", organizationID: organizationID, occurredAt: now, kind: kind,
      payload: payload)
  }

  /// Reads an outbox event of this kit, or gives nil for another kit's.
  public init?(_ event: OutboxEvent) {
    guard event.kind.hasPrefix("billing."),
      let decoded = try? CanonicalJSON.decode(event.payload, as: BillingEvent.self)
    else { return nil }
    self = decoded
  }
}

/// A plan with its seats.
public struct PlanStanding: Sendable, Hashable, Codable {
  /// The plan.
  public let planID: PlanID
  /// How many seats; 1 on a plan without.
  public let seats: Int64

  /// A plan with its seats.
  public init(planID: PlanID, seats: Int64) {
    self.planID = planID
    self.seats = seats
  }
}

/// Why an organisation's billing changed.
public enum BillingCause: Sendable, Hashable, Codable {
  /// The provider told an event.
  case providerEvent(ProviderEventID, type: String)
  /// The provider was read to heal what a lost event left behind.
  case reconciliation
  /// A buyer came back from a checkout.
  case checkoutReturn(CheckoutSessionID)
  /// A member acted.
  case member(UserID)
  /// Nothing happened but that time passed, as where a grant or a grace ended, or the catalogue became another.
  case time
  /// The operator acted.
  case `operator`(String)
}

/// Metered usage of one period that could not be billed.
public struct UnbilledUsage: Sendable, Hashable, Codable {
  /// The meter's name.
  public let meter: String
  /// The billing period.
  public let period: Period
  /// How many units of the meter.
  public let units: Int64
  /// Why.
  public let reason: Reason

  /// Units of a period that could not be billed.
  public init(meter: String, period: Period, units: Int64, reason: Reason) {
    self.meter = meter
    self.period = period
    self.units = units
    self.reason = reason
  }

  /// Why usage could not be billed.
  public enum Reason: String, Sendable, Hashable, Codable {
    /// It became known after the period's invoice was final.
    case late
    /// The provider counted less than it had accepted.
    case notCounted
  }
}
