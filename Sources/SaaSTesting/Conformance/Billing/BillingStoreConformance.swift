/// Checks that a ``BillingStore`` does everything that its protocol says.
///
/// The checks are arguments of a parameterised test, or run as a whole from any test:
///
/// ```swift
/// @Test(arguments: BillingStoreConformance.checks)
/// func billing(check: BillingStoreConformance.Check) async throws {
///   try await check.run { BillingStoreSubject(store: MyBillingStore(), outbox: MyOutbox()) }
/// }
/// ```
public enum BillingStoreConformance {
  /// One check on a fresh store.
  public typealias Check = ConformanceCheck<BillingStoreSubject>

  /// Every check.
  public static let checks: [Check] = [
    Check("what was never saved is an empty account of version 0", nothing),
    Check("an account is read as it was saved, by tenant, customer and subscription, by every process", saved),
    Check("organisations stand in no other's way", separate),
    Check("a commit at another version than the stored one changes nothing", staleVersion),
    Check("a claim is made once, and a claimed event's commit changes nothing", claims),
    Check("a commit that fails leaves no claim", failedClaim),
    Check("what changed is told in order, under IDs that no other change has", telling),
    Check("a customer belongs to one organisation", takenCustomer),
    Check("a customer's own account becomes part of the organisation's that adopts it", adoption),
    Check("adopting another version of a customer's account changes nothing", staleAdoption),
    Check("a customer's own account is not saved once an organisation has the customer", lateUnlinked),
    Check("of commits at one version exactly one is saved", oneCommit),
    Check("of commits that claim one event exactly one is saved", oneClaim),
    Check("what waits for a read is counted from the commit that left it so", unsettled),
    Check("a commit that fails changes nothing of what waits", failedUnsettled),
    Check("an alert is told once in an organisation", alerts),
    Check("of processes that raise one alert exactly one tells it", oneAlert),
    Check("claims and alerts are pruned by their age", pruning),
    Check("a tally is saved at its version, and told with its events", tallies),
    Check("tallies are listed by period and meter, and found by key", tallyOrder),
    Check("of tallies saved at one version exactly one is saved", oneTally),
  ]

  /// Tries every check, each on a store of its own.
  /// - Throws: ``ConformanceFailures``, or what `make` throws.
  public static func run(on make: @Sendable () async throws -> BillingStoreSubject) async throws {
    try await checks.run(on: make)
  }
}
