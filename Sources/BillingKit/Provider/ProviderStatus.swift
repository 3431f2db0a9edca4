/// The status of a subscription as the payment provider tells it, whole.
///
/// The cases are Stripe's (`subscription.status`); a text that is none of them is kept as it came.
public enum ProviderStatus: Sendable, Hashable {
  /// The first payment has not succeeded yet.
  case incomplete
  /// The first payment did not succeed in time; final.
  case incompleteExpired
  /// In a trial.
  case trialing
  /// Paid.
  case active
  /// A payment failed and is tried again.
  case pastDue
  /// Payments failed and are not tried again; the subscription goes on.
  case unpaid
  /// Ended; final.
  case canceled
  /// A trial ended without a way to pay.
  case paused
  /// A text that none of the other cases stands for.
  case unknown(String)

  /// The status that a provider's text stands for.
  public init(providerText text: String) {
    self = Self.known[text] ?? .unknown(text)
  }

  /// The provider's text.
  public var providerText: String {
    switch self {
    case .incomplete: "incomplete"
    case .incompleteExpired: "incomplete_expired"
    case .trialing: "trialing"
    case .active: "active"
    case .pastDue: "past_due"
    case .unpaid: "unpaid"
    case .canceled: "canceled"
    case .paused: "paused"
    case .unknown(let text): text
    }
  }

  /// Every status that has a case of its own.
  public static let allKnown: [ProviderStatus] = [
    .incomplete, .incompleteExpired, .trialing, .active, .pastDue, .unpaid, .canceled, .paused,
  ]

  private static let known = Dictionary(uniqueKeysWithValues: allKnown.map { ($0.providerText, $0) })

  /// Whether a subscription never leaves this status.
  public var isFinal: Bool { self == .canceled || self == .incompleteExpired }

  /// Whether the status has a case of its own.
  public var isKnown: Bool {
    if case .unknown = self { return false }
    return true
  }

  /// What the status means to the organisation's page, or nil where it is not known.
  public var posture: BillingPosture? {
    switch self {
    case .trialing, .active: .active
    case .pastDue, .unpaid: .pastDue
    case .canceled, .incompleteExpired: .canceled
    case .incomplete, .paused: .incomplete
    case .unknown: nil
    }
  }
}

extension ProviderStatus: Codable {
  /// Reads the provider's text.
  public init(from decoder: any Decoder) throws {
    self.init(providerText: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the provider's text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(providerText)
  }
}

/// What a subscription means to its organisation, in four words.
public enum BillingPosture: String, Sendable, Hashable, Codable, CaseIterable {
  /// Paid or in trial.
  case active = "ACTIVE"
  /// Something is owed.
  case pastDue = "PAST_DUE"
  /// Over.
  case canceled = "CANCELED"
  /// Not begun, or waiting for a way to pay.
  case incomplete = "INCOMPLETE"
}
