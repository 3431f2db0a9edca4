import SaaSCore
import Testing

@testable import BillingKit

@Suite("A subscription's record as a value")
struct SubscriptionRecordTests {
  private typealias Change = @Sendable (inout SubscriptionRecord) -> Void

  private static let instant = Timestamp(seconds: 1_750_000_000)

  /// A change of each property.
  private static let changes: [Change] = [
    { $0.basis = .read(asOf: instant) }, { $0.readAsOf = instant }, { $0.isTied.toggle() }, { $0.calledAt = instant },
    { $0.paidUpAt = instant }, { $0.knownStatus = .init(status: .active, place: .earliest) },
    { $0.resolvedPlan = .init(planID: .pro, place: .earliest) },
    { $0.resolvedSeats = .init(planID: .pro, count: 2, place: .earliest) },
    { $0.invoices = [] }, { $0.periods = [] },
    { $0.metering.append(.init(items: [], place: .earliest)) }, { $0.meteringHorizon = .earliest },
    { $0.told = [] }, { $0.announcedTrialEnd = instant },
  ]

  @Test("a copy that is changed leaves what it was copied from as it was, and the other way round")
  func copies() throws {
    let original = SubscriptionRecord(id: Sample.id("sub"), customerID: Sample.id("cus"))
    let bytes = try StoredBody.encode(original)
    var changed = original
    for change in Self.changes {
      let before = changed
      let beforeBytes = try StoredBody.encode(before)
      change(&changed)
      #expect(try StoredBody.encode(before) == beforeBytes)
      #expect(try StoredBody.encode(original) == bytes)
      #expect((before == changed) == (try StoredBody.encode(changed) == beforeBytes))
    }
    var other = original
    other.isTied = true
    #expect(!original.isTied && other.isTied)
    #expect(original != other && original.hashValue != other.hashValue)
    #expect(SubscriptionRecord(id: original.id, customerID: original.customerID) == original)
  }

  @Test("it is described by its properties")
  func description() {
    let record = SubscriptionRecord(id: Sample.id("sub"), customerID: Sample.id("cus"))
    #expect("\(record)".hasPrefix("SubscriptionRecord(id: "))
    #expect("\(Mirror(reflecting: record).subjectType)" == "SubscriptionRecord")
  }
}
