import BillingKit
import Foundation
import Testing

@Suite("Provider status")
struct ProviderStatusTests {
  @Test(
    "every text of the provider's has its case, its posture, and comes back as it was",
    arguments: [
      ("incomplete", .incomplete, .incomplete), ("incomplete_expired", .incompleteExpired, .canceled),
      ("trialing", .trialing, .active), ("active", .active, .active), ("past_due", .pastDue, .pastDue),
      ("canceled", .canceled, .canceled), ("unpaid", .unpaid, .pastDue), ("paused", .paused, .incomplete),
    ] as [(String, ProviderStatus, BillingPosture)])
  func knownStatus(text: String, status: ProviderStatus, posture: BillingPosture) throws {
    #expect(ProviderStatus(providerText: text) == status)
    #expect(status.providerText == text)
    #expect(status.posture == posture)
    #expect(try JSONDecoder().decode(ProviderStatus.self, from: JSONEncoder().encode(status)) == status)
  }

  @Test(
    "an unknown text is kept, means nothing, and is not final", arguments: ["", "suspended", "ACTIVE", "canceled "])
  func unknownStatus(text: String) throws {
    let status = ProviderStatus(providerText: text)
    #expect(status == .unknown(text))
    #expect(status.providerText == text)
    #expect(status.posture == nil)
    #expect(!status.isFinal)
    #expect(try JSONDecoder().decode(ProviderStatus.self, from: JSONEncoder().encode(status)) == status)
  }

  @Test("canceled and incomplete_expired are final, and nothing else")
  func finalStatuses() {
    #expect(ProviderStatus.allKnown.filter(\.isFinal) == [.incompleteExpired, .canceled])
  }
}
