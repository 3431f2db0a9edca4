internal import SaaSCore

extension SubscriptionRecord {
  /// What a record has, as its properties tell it.
  struct Facts: Sendable, Hashable, Codable {
    let id: SubscriptionID
    let customerID: CustomerID
    var snapshot: SubscriptionSnapshot?
    var basis: Basis?
    var readAsOf: Timestamp?
    var isTied: Bool = false
    var calledAt: Timestamp?
    var knownStatus: StampedStatus?
    var paidUpAt: Timestamp?
    var resolvedPlan: StampedPlan?
    var resolvedSeats: StampedSeats?
    var invoices: [InvoiceFacts] = []
    var periods: [Period] = []
    var metering: [StampedMetering] = []
    var meteringHorizon: Place?
    var told: [StampedDigest]?
    var announcedTrialEnd: Timestamp?
  }

  // Sendable: what it has changes only through a record that alone refers to it.
  final class Stored: @unchecked Sendable {
    @exclusivity(unchecked) var facts: Facts
    init(_ facts: Facts) { self.facts = facts }
  }
}
