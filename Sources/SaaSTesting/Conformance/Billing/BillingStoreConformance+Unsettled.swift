internal import BillingKit
internal import SaaSCore
internal import TenancyKit

extension BillingStoreConformance {
  private static func waiting(_ count: Int, since hours: Int64?, in subject: BillingStoreSubject, _ what: String)
    async throws
  {
    for store in [subject.store, subject.peer] {
      try Expect.equal(
        await store.unsettledSubscriptions(),
        UnsettledSubscriptions(count: count, oldest: hours.map(hour)), "what waits \(what)")
    }
  }

  private static func hour(_ count: Int64) -> Timestamp { Samples.now + .seconds(3_600 * count) }

  /// An invoice tells of a subscription without its state, which so waits for a read.
  private static func account(of tenant: TenantContext, customer: String, subscription: String) throws -> BillingAccount
  {
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    account.link(try CustomerID(customer), adopting: nil, at: Samples.now)
    account.apply(try Samples.invoice(of: subscription, customer: customer), catalog: try Samples.catalog())
    return account
  }

  private static func read(_ event: ProviderEvent) throws -> GatewayRead<SubscriptionSnapshot> {
    guard case .subscription(let snapshot, _) = event.payload else {
      throw ConformanceFailure(what: "the sample", expected: "a subscription", got: "\(event.payload)")
    }
    return GatewayRead(snapshot, asOf: event.createdAt + .seconds(60))
  }

  static func unsettled(_ subject: BillingStoreSubject) async throws {
    let catalog = try Samples.catalog()
    try await waiting(0, since: nil, in: subject, "in an empty store")
    var first = try await commit(
      try account(of: try await subject.tenant("one"), customer: "cus_1", subscription: "sub_1"), at: hour(1),
      to: subject.store)
    try await waiting(1, since: 1, in: subject, "after an invoice")
    first = try await commit(first, at: hour(2), to: subject.peer)
    try await waiting(1, since: 1, in: subject, "after a commit that changed nothing of it")
    _ = try await commit(
      try account(of: try await subject.tenant("two"), customer: "cus_2", subscription: "sub_2"), at: hour(3),
      to: subject.store)
    try await waiting(2, since: 1, in: subject, "in two organisations")
    first.apply(try read(try Samples.subscription("sub_1", of: "cus_1")), catalog: catalog)
    first = try await commit(first, at: hour(4), to: subject.store)
    try await waiting(1, since: 3, in: subject, "after a read")

    // A subscription that its deleted customer should have ended waits, though nothing of itself has changed.
    first.apply(
      ProviderEvent(
        id: try ProviderEventID("deleted"), createdAt: hour(5), isLive: true, type: "customer.deleted",
        payload: .customerDeleted(try CustomerID("cus_1"))), catalog: catalog)
    first = try await commit(first, at: hour(5), to: subject.peer)
    try await waiting(2, since: 3, in: subject, "after the customer was deleted")
    first.apply(try Samples.subscription("sub_1", of: "cus_1", status: .canceled, at: hour(6)), catalog: catalog)
    first = try await commit(first, at: hour(6), to: subject.store)
    try await waiting(1, since: 3, in: subject, "after the subscription ended")

    // What no organisation is linked to waits for nobody, until one is.
    let customer = try CustomerID("cus_3")
    var unlinked = BillingAccount(owner: .customer(customer))
    unlinked.apply(try Samples.invoice(of: "sub_3", customer: "cus_3"), catalog: catalog)
    unlinked = try await commit(unlinked, at: Samples.now, to: subject.store)
    try await waiting(1, since: 3, in: subject, "beside a customer without organisation")
    var third = BillingAccount(owner: .organization(try await subject.tenant("three").organizationID))
    third.link(customer, adopting: unlinked, at: hour(7))
    _ = try await commit(
      third, adopting: .init(customerID: customer, version: unlinked.version), at: hour(7), to: subject.peer)
    try await waiting(2, since: 3, in: subject, "after the customer was linked")
  }

  static func failedUnsettled(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let stale = try account(of: tenant, customer: "cus", subscription: "sub")
    let settled = try await commit(
      BillingAccount(owner: .organization(tenant.organizationID)), claim: "event", to: subject.store)
    try await Expect.failure(BillingStoreError.store(.conflict("")), "the stale commit", reading: \.withoutText) {
      try await commit(stale, to: subject.peer)
    }
    let outcome = try await subject.store.commit(
      BillingCommit(claim: try ProviderEventID("event"), account: stale, events: []), at: Samples.now)
    try Expect.equal(outcome, .alreadyClaimed, "the claimed event's commit")
    try await waiting(0, since: nil, in: subject, "after commits that failed")
    try Expect.equal(await subject.store.account(for: tenant), settled, "the account")
  }
}
