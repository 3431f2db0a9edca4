import SaaSTesting
import XCTest

/// The same suites from XCTest, which needs no more than one call for each.
final class InMemoryConformanceXCTests: XCTestCase {
  func testTenantStoreConforms() async throws {
    try await TenantStoreConformance.run { InMemorySubjects.tenants() }
  }

  func testOutboxConforms() async throws {
    try await OutboxConformance.run { InMemorySubjects.outbox() }
  }

  func testJobLeasesConform() async throws {
    try await JobLeasesConformance.run { InMemorySubjects.leases() }
  }
}
