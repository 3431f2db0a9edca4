import SaaSTesting
import Testing
import UsageKit

@Suite("The usage store in memory")
struct InMemoryUsageStoreTests {
  @Test(arguments: UsageStoreConformance.checks)
  func conforms(to check: UsageStoreConformance.Check) async throws {
    try await check.run {
      let store = InMemoryUsageStore()
      return UsageStoreSubject(store: store, outbox: store.outbox)
    }
  }
}
