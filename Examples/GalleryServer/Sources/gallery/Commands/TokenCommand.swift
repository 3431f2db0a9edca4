internal import ArgumentParser
internal import GalleryServer
internal import SaaSCore

/// `gallery token`: a bearer token for a user.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Signs a user's bearer token with GALLERY_TOKEN_KEY from the environment.")

  @Option(help: "The organisation.")
  var org: String

  @Option(help: "The user.")
  var user: String

  @Option(help: "owner, admin or member.")
  var role = "member"

  @Option(help: "For how many hours it is good.")
  var hours = 12

  func validate() throws { _ = try membership() }

  func run() async throws {
    guard let key = try await Secrets.tokenKey() else { throw CommandFailure("GALLERY_TOKEN_KEY is missing") }
    let end = SystemWallClock().now() + .seconds(3_600 * Int64(hours))
    Output.text(try await key.token(for: membership(), until: end) + "\n")
  }

  private func membership() throws -> Membership {
    guard let organization = try? OrgID(org) else { throw ValidationError("--org is not an identifier") }
    guard let user = try? UserID(user) else { throw ValidationError("--user is not an identifier") }
    guard let role = Membership.Role(rawValue: role) else {
      throw ValidationError("--role is owner, admin or member")
    }
    guard (1...8_760).contains(hours) else { throw ValidationError("--hours is from 1 to 8760") }
    return Membership(userID: user, organizationID: organization, role: role)
  }
}
