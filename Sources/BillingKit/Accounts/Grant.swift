public import SaaSCore

/// Names something that the operator granted.
public struct GrantID: Identifier {
  public let text: InlineText
  public init(validated text: ValidIdentifierText) { self.text = text.text }
}

/// Something that the operator gave an organisation beside what it pays for; no webhook touches it.
public struct Grant: Sendable, Hashable, Codable {
  /// The grant; granting again under the same identifier replaces it.
  public let id: GrantID
  /// What is granted.
  public let kind: Kind
  /// Why, in the operator's words.
  public let reason: String
  /// Who granted it, in the operator's own naming.
  public let grantedBy: String
  /// From when on it holds.
  public let startsAt: Timestamp
  /// The first instant at which it does not hold any more.
  public let endsAt: Timestamp

  /// The last instant of the year 9999, past which no grant holds, because its text could not be stored.
  public static let latestEnd = Timestamp(seconds: 253_402_300_799)

  /// A grant with the given fields; instants before 1970 or past ``latestEnd`` count as those.
  public init(
    id: GrantID, kind: Kind, reason: String, grantedBy: String, startsAt: Timestamp, endsAt: Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.reason = reason
    self.grantedBy = grantedBy
    self.startsAt = min(max(startsAt, Timestamp(seconds: 0)), Self.latestEnd)
    self.endsAt = min(max(endsAt, Timestamp(seconds: 0)), Self.latestEnd)
  }

  /// What can be granted.
  public enum Kind: Sendable, Hashable, Codable {
    /// A plan, with a number of seats on a plan that has them; it counts where it is greater than the subscription's.
    case plan(PlanID, seats: Int64)
    /// More of a metric in each of its limits' windows, in units of the metric.
    case allowance(LimitMetric, Int64)
    /// A feature, in the place of what the plan says of it.
    case feature(FeatureName, FeatureValue)
  }

  /// Whether it holds at an instant.
  public func holds(at instant: Timestamp) -> Bool { startsAt <= instant && instant < endsAt }
}
