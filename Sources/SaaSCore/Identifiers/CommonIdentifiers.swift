/// Names a tenant: one customer's share of the platform.
public struct TenantID: Identifier {
  public let text: InlineText
  @inlinable
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names an organisation in the host application; an organisation has one tenant.
public struct OrgID: Identifier {
  public let text: InlineText
  @inlinable
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Names a user in the host application.
public struct UserID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}
