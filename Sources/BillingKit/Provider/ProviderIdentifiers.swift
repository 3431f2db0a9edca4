public import SaaSCore

// Providers' identifiers are opaque: a prefix such as `sub_` helps a reader, and no logic depends on it.

/// Names a customer at the payment provider.
public struct CustomerID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a subscription at the payment provider.
public struct SubscriptionID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names one item of a subscription at the payment provider.
public struct SubscriptionItemID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a price at the payment provider.
public struct PriceID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names an invoice at the payment provider.
public struct InvoiceID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a checkout session at the payment provider.
public struct CheckoutSessionID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names an event that the payment provider tells of; a repeated delivery has the same one.
public struct ProviderEventID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names an account at the payment provider, where events of several can arrive.
public struct ProviderAccountID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a meter at the payment provider: what usage reports add to.
public struct MeterID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names this installation of the host application, so that several that share one provider account keep their customers
/// apart.
public struct InstallationID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}
