internal import TenancyKit

/// Checks that a ``TenantStore`` does everything that its protocol says, over one connection and over two.
///
/// As the arguments of a parameterised test:
///
/// ```swift
/// @Test(arguments: TenantStoreConformance.checks)
/// func conforms(to check: TenantStoreConformance.Check) async throws {
///   try await check.run { try await MyStore.fresh() }
/// }
/// ```
///
/// or all at once, from XCTest or any other program:
///
/// ```swift
/// try await TenantStoreConformance.run { try await MyStore.fresh() }
/// ```
public enum TenantStoreConformance {
  /// One check on a fresh store.
  public typealias Check = ConformanceCheck<TenantStoreSubject>

  /// Every check.
  public static let checks: [Check] =
    creation + renames + statuses + mappings + claims + operatorMappings + ownership + reading + feed + concurrency

  /// Tries every check, each on a store of its own.
  /// - Throws: ``ConformanceFailures``, or what `make` throws.
  public static func run(on make: @Sendable () async throws -> TenantStoreSubject) async throws {
    try await checks.run(on: make)
  }
}
