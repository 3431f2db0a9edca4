internal import UsageKit

/// Checks that a ``UsageStore`` does everything that its protocol says, over one connection and over two.
///
/// As the arguments of a parameterised test:
///
/// ```swift
/// @Test(arguments: UsageStoreConformance.checks)
/// func conforms(to check: UsageStoreConformance.Check) async throws {
///   try await check.run { try await MyStore.fresh() }
/// }
/// ```
///
/// or all at once, from XCTest or any other program:
///
/// ```swift
/// try await UsageStoreConformance.run { try await MyStore.fresh() }
/// ```
public enum UsageStoreConformance {
  /// One check on a fresh store.
  public typealias Check = ConformanceCheck<UsageStoreSubject>

  /// Every check.
  public static let checks: [Check] =
    events + runs + admission + repricing + pages + ledger + retention + settlement + streams + concurrency

  /// Tries every check, each on a store of its own.
  /// - Throws: ``ConformanceFailures``, or what `make` throws.
  public static func run(on make: @Sendable () async throws -> UsageStoreSubject) async throws {
    try await checks.run(on: make)
  }
}
