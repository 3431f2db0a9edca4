public import BillingKit
public import SaaSCore

/// Billing posture: the plan and where it comes from, the subscription's standing, limits with what is used of them, and
/// what needs attention.
public struct BillingSection: Sendable, Hashable, Codable {
  /// When the section was made.
  public let madeAt: Timestamp
  /// The plan.
  public let planID: PlanID
  /// The plan's name as customers know it.
  public let planName: String
  /// Why it is that plan.
  public let source: Source
  /// How many seats the plan's limits count.
  public let seats: Int64
  /// How the current subscription stands, in the words of the data model; nil where there never was one.
  public let posture: BillingPosture?
  /// The provider's status of the current subscription; nil where there never was one.
  public let status: ProviderStatus?
  /// The billing period that holds the instant.
  public let period: Period
  /// When the provider is expected to send the next invoice; nil where none will come.
  public let nextInvoiceAt: Timestamp?
  /// When the subscription ends by a cancellation that was asked for; nil where none was.
  public let endsAt: Timestamp?
  /// When the trial ends; nil outside one.
  public let trialEndsAt: Timestamp?
  /// Whether the organisation has a customer at the provider, so that the customer portal can be opened.
  public let hasCustomer: Bool
  /// The plan's limits with what is used of them.
  public let limits: [LimitFigures]
  /// What needs attention, in a fixed order.
  public let warnings: [ReportWarning]

  /// Why an organisation has its plan.
  public enum Source: String, Sendable, Hashable, Codable, CaseIterable {
    /// It pays for it.
    case subscription
    /// The operator granted it.
    case grant
    /// It has neither.
    case none
  }
}

/// A limit with what is used of it.
public struct LimitFigures: Sendable, Hashable, Codable {
  /// What is limited.
  public let metric: LimitMetric
  /// Over what it is counted.
  public let window: LimitWindow
  /// The span that holds the instant.
  public let period: Period
  /// How much is used, as plain decimal text: runs, tokens, or US dollars.
  public let used: String
  /// How much is allowed, in the same unit.
  public let cap: String
  /// How much is left, in the same unit; never negative.
  public let remaining: String
  /// How many hundredths of the cap are used, cut; 100 or more at the cap.
  public let usedPercent: Int64
  /// Whether new runs are refused at the cap, or a warning is all.
  public let action: PlanLimit.Action
  /// What lists the rows that were counted.
  public let audit: AuditQuery
}

/// Something that an owner or admin should look at.
public struct ReportWarning: Sendable, Hashable, Codable {
  /// The kinds of warnings.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// 80% of a limit is used: metric, used, cap.
    case limitNear
    /// A limit is reached: metric, used, cap.
    case limitReached
    /// A payment failed: until when the plan is kept.
    case pastDue
    /// A price that the catalogue does not know: the prices.
    case unresolvedPrice
    /// Several paid subscriptions: their identifiers.
    case duplicateSubscription
    /// The subscription ends: when.
    case canceling
    /// The trial ends: when.
    case trialEnding
    /// The provider has to be read again: the subscription.
    case unsettled
    /// A status that is not known: the status.
    case unknownStatus
    /// The customer was deleted at the provider.
    case customerDeleted
    /// Usage that could not be billed: units, metric, and the period.
    case unbilled
  }

  /// What it is.
  public let kind: Kind
  /// The names that it concerns.
  public let subjects: [String]
  /// How much is used, or was not billed, as plain decimal text.
  public let amount: String?
  /// How much is allowed, as plain decimal text.
  public let cap: String?
  /// When it happens.
  public let at: Timestamp?
  /// The period that it concerns.
  public let period: Period?

  init(
    _ kind: Kind, subjects: [String] = [], amount: String? = nil, cap: String? = nil, at: Timestamp? = nil,
    period: Period? = nil
  ) {
    self.kind = kind
    self.subjects = subjects
    self.amount = amount
    self.cap = cap
    self.at = at
    self.period = period
  }
}
