/// Who acts: a user's membership of one organisation, asserted by the host application's authentication.
///
/// Every operation on settings, billing and reports takes one and compares its organisation with the tenant's before it
/// reads anything. (The concept's usual name, actor, would hide Swift's own `Actor` protocol from every importer.)
public struct Membership: Sendable, Hashable, Codable {
  /// The acting user.
  public let userID: UserID
  /// The organisation for which the user acts.
  public let organizationID: OrgID
  /// What the user is in that organisation.
  public let role: Role

  /// A membership as the host application's authentication asserts it.
  public init(userID: UserID, organizationID: OrgID, role: Role) {
    self.userID = userID
    self.organizationID = organizationID
    self.role = role
  }

  /// What a user is in an organisation.
  public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
    /// May do everything, billing included.
    case owner
    /// May read reports and change settings.
    case admin
    /// May work, and neither read reports nor change settings.
    case member
  }
}

/// Why an operation was refused to an acting member; nothing was read or changed.
public enum AccessRefusal: Error, Sendable, Hashable {
  /// The membership is of another organisation than the tenant's.
  case notAMember
  /// The operation needs one of these roles.
  case roleTooLow(needed: [Membership.Role])
}

extension Membership {
  /// Refuses a member of another organisation, then one whose role is not among those allowed.
  public func require(_ roles: [Role], in organization: OrgID) throws(AccessRefusal) {
    guard organizationID == organization else { throw .notAMember }
    guard roles.contains(role) else { throw .roleTooLow(needed: roles) }
  }
}
