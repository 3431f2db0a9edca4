public import BillingKit
public import TenancyKit
public import UsageKit

/// Everything that the server is told before it starts.
public struct GalleryConfiguration: Sendable {
  /// The SQLite file.
  public var databasePath: String
  /// The platform's domains.
  public var platform: Platform
  /// The plans.
  public var catalog: PlanCatalog
  /// What model calls cost.
  public var rateCard: RateCard
  /// Where the server listens.
  public var address: String
  /// The port it listens on; 0 for any free one.
  public var port: Int
  /// The key that signs users' tokens.
  public var tokenKey: TokenKey
  /// The payment provider; nil for the fake one.
  public var stripe: StripeSettings?
  /// The domain provider; nil for the fake one.
  public var vercel: VercelSettings?
  /// Whether routes under `/dev` give tokens to anybody and complete fake checkouts.
  public var isDevelopment: Bool
  /// How clients reach the server, for the addresses that it gives them: `https` where a proxy before it ends TLS.
  public var publicScheme: PublicScheme
  /// How long a client may take for a whole request, or say nothing.
  public var patience: Duration
  /// How often jobs are done, where it is not ``GalleryJob/standardInterval``.
  public var jobIntervals: [GalleryJob: Duration]

  /// A server over a file, on loopback.
  public init(
    databasePath: String, platform: Platform, catalog: PlanCatalog, rateCard: RateCard, tokenKey: TokenKey,
    address: String = "127.0.0.1", port: Int = 8080, stripe: StripeSettings? = nil, vercel: VercelSettings? = nil,
    isDevelopment: Bool = false, publicScheme: PublicScheme = .http, patience: Duration = .seconds(30),
    jobIntervals: [GalleryJob: Duration] = [:]
  ) {
    self.databasePath = databasePath
    self.platform = platform
    self.catalog = catalog
    self.rateCard = rateCard
    self.tokenKey = tokenKey
    self.address = address
    self.port = port
    self.stripe = stripe
    self.vercel = vercel
    self.isDevelopment = isDevelopment
    self.publicScheme = publicScheme
    self.patience = patience
    self.jobIntervals = jobIntervals
  }
}

/// The scheme of the addresses that the server gives its clients.
public enum PublicScheme: String, Sendable, CaseIterable {
  case http, https
}

/// How to reach Stripe.
public struct StripeSettings: Sendable {
  /// The secret key.
  public var secretKey: String
  /// The secrets of the webhook endpoint, several while one is replaced by another.
  public var webhookSecrets: [String]
  /// Another server that answers like Stripe; nil for Stripe itself.
  public var baseURL: String?

  /// Stripe with these secrets.
  public init(secretKey: String, webhookSecrets: [String], baseURL: String? = nil) {
    self.secretKey = secretKey
    self.webhookSecrets = webhookSecrets
    self.baseURL = baseURL
  }
}

/// How to reach Vercel.
public struct VercelSettings: Sendable {
  /// The bearer token.
  public var token: String
  /// The project that serves the domains.
  public var projectID: String
  /// The team that owns the project, where one does.
  public var teamID: String?

  /// A project at Vercel.
  public init(token: String, projectID: String, teamID: String? = nil) {
    self.token = token
    self.projectID = projectID
    self.teamID = teamID
  }
}
