internal import Foundation
internal import JWTKit
public import SaaSCore

/// The key that signs and checks users' bearer tokens (HS256).
public struct TokenKey: Sendable {
  private let keys: JWTKeyCollection

  /// The shortest key: as long as the digest (RFC 7518 §3.2).
  public static let minimumByteCount = 32

  /// A key, or nil where the secret is shorter than ``minimumByteCount`` bytes.
  public init?(secret: String) async {
    guard secret.utf8.count >= Self.minimumByteCount else { return nil }
    keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
  }

  /// A token with which a member acts until an instant.
  public func token(for member: Membership, until end: Timestamp) async throws -> String {
    try await keys.sign(Claims(member, until: end))
  }

  /// The member who holds a token, or nil where it is not this key's, is over, or says no membership.
  func member(of token: String) async -> Membership? {
    guard let claims = try? await keys.verify(token, as: Claims.self) else { return nil }
    return claims.membership
  }

  private struct Claims: JWTPayload {
    let sub: SubjectClaim
    let exp: ExpirationClaim
    let org: String
    let role: String

    init(_ member: Membership, until end: Timestamp) {
      sub = SubjectClaim(value: member.userID.rawValue)
      exp = ExpirationClaim(value: Date(end))
      org = member.organizationID.rawValue
      role = member.role.rawValue
    }

    func verify(using algorithm: some JWTAlgorithm) async throws { try exp.verifyNotExpired() }

    var membership: Membership? {
      guard let user = try? UserID(sub.value), let organization = try? OrgID(org),
        let role = Membership.Role(rawValue: role)
      else { return nil }
      return Membership(userID: user, organizationID: organization, role: role)
    }
  }
}
