internal import Foundation
internal import GalleryServer

/// Secrets, which come from the environment alone: an argument is in every list of processes.
enum Secrets {
  /// The key that signs users' tokens; nil where there is none.
  static func tokenKey() async throws -> TokenKey? {
    guard let secret = variable("GALLERY_TOKEN_KEY") else { return nil }
    guard let key = await TokenKey(secret: secret) else {
      throw CommandFailure("GALLERY_TOKEN_KEY has less than \(TokenKey.minimumByteCount) bytes")
    }
    return key
  }

  /// How to reach Stripe; nil where there is no key.
  static func stripe(baseURL: String?) throws -> StripeSettings? {
    guard let key = variable("STRIPE_SECRET_KEY") else { return nil }
    guard let secrets = variable("STRIPE_WEBHOOK_SECRET") else {
      throw CommandFailure("STRIPE_WEBHOOK_SECRET is missing beside STRIPE_SECRET_KEY")
    }
    return StripeSettings(
      secretKey: key, webhookSecrets: secrets.split(separator: ",").map(String.init), baseURL: baseURL)
  }

  /// How to reach Vercel; nil where there is no token.
  static func vercel() throws -> VercelSettings? {
    guard let token = variable("VERCEL_TOKEN") else { return nil }
    guard let project = variable("VERCEL_PROJECT_ID") else {
      throw CommandFailure("VERCEL_PROJECT_ID is missing beside VERCEL_TOKEN")
    }
    return VercelSettings(token: token, projectID: project, teamID: variable("VERCEL_TEAM_ID"))
  }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
