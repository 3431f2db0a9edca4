import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite struct InMemoryConformanceTests {
  @Test(arguments: TenantStoreConformance.checks)
  func `the tenant store in memory conforms`(check: TenantStoreConformance.Check) async throws {
    try await check.run { InMemorySubjects.tenants() }
  }

  @Test(arguments: OutboxConformance.checks)
  func `the outbox in memory conforms`(check: OutboxConformance.Check) async throws {
    try await check.run { InMemorySubjects.outbox() }
  }

  @Test(arguments: JobLeasesConformance.checks)
  func `the job leases in memory conform`(check: JobLeasesConformance.Check) async throws {
    try await check.run { InMemorySubjects.leases() }
  }
}

/// What the suites are run on here.
enum InMemorySubjects {
  static func tenants() -> TenantStoreSubject {
    let store = InMemoryTenantStore()
    return TenantStoreSubject(store: store, outbox: store.outbox)
  }

  static func outbox() -> OutboxSubject {
    let outbox = InMemoryOutbox()
    return OutboxSubject(outbox: outbox) { outbox.append($0) }
  }

  static func leases() -> JobLeasesSubject { JobLeasesSubject(leases: InMemoryJobLeases()) }
}
