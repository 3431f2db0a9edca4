import BillingKit
import SaaSCore
import SaaSTesting
import Testing

@Suite("Billing store in memory")
struct InMemoryBillingStoreTests {
  @Test("conforms", arguments: BillingStoreConformance.checks)
  func conforms(check: BillingStoreConformance.Check) async throws {
    try await check.run {
      let store = InMemoryBillingStore()
      return BillingStoreSubject(store: store, outbox: store.outbox)
    }
  }
}
