internal import ArgumentParser
internal import BillingKit
internal import GalleryServer
internal import SQLiteStore
internal import SaaSCore

/// `gallery billing`: subscriptions beside what the provider says of them.
struct BillingCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "billing", abstract: "Compares subscriptions with the payment provider.",
    subcommands: [Reconcile.self])

  struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Heals what lost webhooks left behind.",
      discussion: "Needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET in the environment.")

    @OptionGroup var options: StoreOptions

    @Option(help: "The catalogue of plans.")
    var catalog: String

    @Option(name: .customLong("stripe-base-url"), help: "A server that answers like Stripe.")
    var stripeBaseURL: String?

    private struct Line: Encodable {
      let subscriptions: Int
      let healed: [String]
      let cancelled: [String]
    }

    func run() async throws {
      let catalog = try CatalogFile.read(catalog)
      guard let stripe = try Secrets.stripe(baseURL: stripeBaseURL) else {
        throw CommandFailure("STRIPE_SECRET_KEY is missing: there is no provider to compare with")
      }
      let now = SystemWallClock().now()
      let payments = try Payments(stripe, selling: catalog, at: now)
      try await options.withStore { store in
        let reconciler = SubscriptionReconciler(
          store: store, gateway: payments.gateway, rules: EntitlementRules(catalog: catalog))
        let outcome: SubscriptionReconciler.Outcome
        do throws(BillingError) {
          outcome = try await reconciler.run(at: now)
        } catch {
          throw CommandFailure("the provider or the store did not answer: \(error)")
        }
        let line = Line(
          subscriptions: outcome.subscriptions, healed: outcome.healed.map(\.rawValue),
          cancelled: outcome.cancelled.map(\.rawValue))
        try options.print(
          TextTable(
            ["SUBSCRIPTIONS", "HEALED", "CANCELLED"],
            [[line.subscriptions, line.healed.count, line.cancelled.count].map(String.init)]),
          or: line)
      }
    }
  }
}
