/// The server's jobs: each is done once an interval by one server of all those on a file.
public enum GalleryJob: String, Sendable, CaseIterable {
  /// Brings the ledger up to the recorded usage.
  case rollup
  /// Finishes runs that nobody will finish any more.
  case abandonedRuns = "abandoned-runs"
  /// Checks the custom domains that are due.
  case domains
  /// Compares subscriptions with the payment provider.
  case reconciliation
  /// Reports metered usage, and raises alerts that no request raised.
  case meteredUsage = "metered-usage"
  /// Delivers the outbox's events.
  case outbox

  /// How often it is done unless the server is told otherwise.
  public var standardInterval: Duration {
    switch self {
    case .rollup: .seconds(86_400)
    case .reconciliation: .seconds(6 * 3_600)
    case .abandonedRuns, .meteredUsage: .seconds(3_600)
    case .domains: .seconds(60)
    case .outbox: .seconds(2)
    }
  }

  /// The name by which servers and operators' commands know it in the store.
  public var storedName: String { "gallery." + rawValue }
}
