public import SaaSCore

/// Names a plan of the catalogue.
public struct PlanID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }

  /// `free`, the usual plan of those who pay nothing.
  public static let free = PlanID(validated: ValidIdentifierText(trusted: InlineText("free") ?? InlineText()))
  /// `pro`, the usual plan of one who pays.
  public static let pro = PlanID(validated: ValidIdentifierText(trusted: InlineText("pro") ?? InlineText()))
  /// `team`, the usual plan by seats.
  public static let team = PlanID(validated: ValidIdentifierText(trusted: InlineText("team") ?? InlineText()))
}

/// Names a feature that plans have or lack.
public struct FeatureName: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }

  /// `customDomains`: how many custom domains a tenant may have, a number.
  public static let customDomains = FeatureName(
    validated: ValidIdentifierText(trusted: InlineText("customDomains") ?? InlineText()))
}
