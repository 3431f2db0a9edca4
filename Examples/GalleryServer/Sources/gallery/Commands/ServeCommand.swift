internal import ArgumentParser
internal import BillingKit
internal import Foundation
internal import GalleryServer
internal import Hummingbird
internal import Logging
internal import Metrics
internal import SaaSCore
internal import UsageKit

/// `gallery serve`: the server.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Runs the server.",
    discussion: """
      Secrets come from the environment alone: GALLERY_TOKEN_KEY (at least 32 bytes), STRIPE_SECRET_KEY and \
      STRIPE_WEBHOOK_SECRET, VERCEL_TOKEN, VERCEL_PROJECT_ID and VERCEL_TEAM_ID. Without Stripe's or Vercel's a fake \
      provider in this process takes the place of the real one.
      """)

  @Option(help: "The SQLite file.")
  var database = "gallery.sqlite"

  @OptionGroup var platform: PlatformOptions

  @Option(help: "The catalogue of plans, as JSON.")
  var catalog: String

  @Option(name: .customLong("rate-card"), help: "What model calls cost: SaaSKit's rate card or LiteLLM's price file.")
  var rateCard: String

  @Option(help: "The port; 0 for any free one.")
  var port = 8080

  @Option(help: "The address to listen on.")
  var address = "127.0.0.1"

  @Option(
    name: .customLong("public-scheme"),
    help: "http or https: how clients reach the server, for redirects and for the way back from checkout.",
    transform: { text in
      guard let scheme = PublicScheme(rawValue: text) else { throw ValidationError("it is http or https") }
      return scheme
    })
  var publicScheme = PublicScheme.http

  @Option(name: .customLong("stripe-base-url"), help: "A server that answers like Stripe.")
  var stripeBaseURL: String?

  @Option(
    name: .customLong("job-interval"),
    help: ArgumentHelp(
      "How often a job is done, in seconds: \(GalleryJob.names).",
      discussion: "All servers on one file should be told the same. May be given once a job.", valueName: "job=seconds")
  )
  var jobIntervals: [JobInterval] = []

  @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "info"

  @Flag(help: "Give tokens to anybody under /dev and complete fake checkouts there.")
  var development = false

  func validate() throws {
    guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("--log-level is not a level") }
    guard Set(jobIntervals.map(\.job)).count == jobIntervals.count else {
      throw ValidationError("--job-interval names a job twice")
    }
  }

  func run() async throws {
    var logger = Logger(label: "gallery")
    logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
    let metrics = PrometheusRegistry()
    MetricsSystem.bootstrap(metrics)
    let configuration = GalleryConfiguration(
      databasePath: database, platform: try platform.platform(), catalog: try CatalogFile.read(catalog),
      rateCard: try PriceFile.read(rateCard), tokenKey: try await tokenKey(logger), address: address,
      port: port, stripe: try Secrets.stripe(baseURL: stripeBaseURL), vercel: try Secrets.vercel(),
      isDevelopment: development, publicScheme: publicScheme,
      jobIntervals: Dictionary(jobIntervals.map { ($0.job, .seconds($0.seconds)) }) { first, _ in first })
    if configuration.stripe == nil { logger.warning("NO STRIPE KEYS: payments are a FAKE in this process") }
    if configuration.vercel == nil { logger.warning("NO VERCEL TOKEN: domains and DNS are a FAKE in this process") }
    if development { logger.warning("DEVELOPMENT: anybody who reaches /dev can act for any organisation") }
    let services = try await GalleryServices(configuration, observer: LoggingObserver(logger))
    let application = GalleryApplication(services, metrics: metrics, logger: logger).application { port in
      // The one line on standard output, for whoever started it with --port 0.
      print("listening on \(address):\(port)")
      fflush(nil)
    }
    try await application.runService()
  }

  private func tokenKey(_ logger: Logger) async throws -> TokenKey {
    if let key = try await Secrets.tokenKey() { return key }
    guard development, let key = await TokenKey(secret: UUID().uuidString + UUID().uuidString) else {
      throw CommandFailure("GALLERY_TOKEN_KEY is missing; --development makes one up")
    }
    logger.warning("NO GALLERY_TOKEN_KEY: tokens are signed with a key that ends with this process")
    return key
  }
}

/// A job and how often it is done, as `job=seconds`.
struct JobInterval: ExpressibleByArgument {
  let job: GalleryJob
  let seconds: Int64

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let job = GalleryJob(rawValue: parts[0]), let seconds = Int64(parts[1]),
      (1...31 * 86_400).contains(seconds)
    else { return nil }
    self.job = job
    self.seconds = seconds
  }
}

extension GalleryJob {
  /// The names of all jobs, for the option's help.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
