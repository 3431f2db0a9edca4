/// What became of a webhook, and what to answer the provider.
public enum WebhookAnswer: Sendable, Hashable {
  /// The event was applied.
  case applied(ProviderEventID)
  /// The event was applied, and no organisation is linked to its customer yet; it is joined when the link arrives.
  case unlinked(ProviderEventID, CustomerID)
  /// The event had been applied before.
  case duplicate(ProviderEventID)
  /// The event changes nothing here.
  case ignored(ProviderEventID, IgnoreReason)
  /// The webhook is not believed or not understood.
  case refused(WebhookRefusal)
  /// The event could not be applied now; nothing was changed, and the provider has to send it again.
  case failed(ProviderEventID, BillingError)

  /// Why an event changes nothing here. No event is ever ignored for its age, or because we caused it.
  public enum IgnoreReason: Sendable, Hashable {
    /// Billing does not use its type, or tells nothing of a subscription by it.
    case unused(type: String)
    /// It tells of reports that a meter could not count, and usage is not reported to such a meter.
    case noMeterErrors
    /// It is of the other mode, live or test.
    case otherMode
    /// It is of another account of the provider.
    case otherAccount(ProviderAccountID?)
  }

  /// The status to answer the provider's request with: 200 where the event is done with, 400 where it is not believed,
  /// 503 where the provider has to send it again.
  public var httpStatus: Int {
    switch self {
    case .applied, .unlinked, .duplicate, .ignored: 200
    case .refused: 400
    case .failed: 503
    }
  }
}

/// Which events are for this installation.
public struct WebhookScope: Sendable, Hashable {
  /// Whether events are of the live mode.
  public let isLive: Bool
  /// The connected account that events are of; nil for the account that receives them.
  public let accountID: ProviderAccountID?

  /// The events of a mode and an account.
  public init(isLive: Bool, accountID: ProviderAccountID? = nil) {
    self.isLive = isLive
    self.accountID = accountID
  }
}
