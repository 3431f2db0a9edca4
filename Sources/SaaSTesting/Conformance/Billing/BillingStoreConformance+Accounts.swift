internal import BillingKit
internal import SaaSCore
internal import TenancyKit

extension BillingStoreConformance {
  typealias Samples = BillingStoreSamples

  static func commit(
    _ account: BillingAccount, claim: String? = nil, adopting: BillingCommit.Adoption? = nil,
    telling events: [BillingEvent] = [], at now: Timestamp = Samples.now, to store: any BillingStore
  ) async throws -> BillingAccount {
    let claim = try claim.map { try ProviderEventID($0) }
    let outcome = try await store.commit(
      BillingCommit(claim: claim, account: account, adopting: adopting, events: events), at: now)
    guard case .saved(let saved) = outcome else {
      throw ConformanceFailure(what: "the commit", expected: "saved", got: "\(outcome)")
    }
    return saved
  }

  /// An account with everything that one can have.
  private static func fullAccount(_ tenant: TenantContext) throws -> BillingAccount {
    let catalog = try Samples.catalog()
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    account.link(try CustomerID("cus_gone"), adopting: nil, at: Samples.now)
    account.apply(
      ProviderEvent(
        id: try ProviderEventID("event"), createdAt: Samples.now, isLive: true, type: "customer.deleted",
        payload: .customerDeleted(try CustomerID("cus_gone"))), catalog: catalog)
    account.link(try CustomerID("cus_'ü"), adopting: nil, at: Samples.now)
    for id in ["sub_b", "sub_a"] {
      account.apply(try Samples.subscription(id, of: "cus_'ü"), catalog: catalog)
    }
    account.apply(try Samples.subscription("sub_c", of: "cus_'ü", status: .unknown("odd 'x'")), catalog: catalog)
    account.apply(try Samples.invoice(of: "sub_a", customer: "cus_'ü"), catalog: catalog)
    account.fill(
      customerAttempts: 2, checkout: try checkout(), operations: 7, billingAdmin: try UserID("admin"),
      grants: [
        Grant(
          id: try GrantID("g1"), kind: .plan(.pro, seats: 4), reason: "a \"reason\"", grantedBy: "op",
          startsAt: Samples.now, endsAt: .distantFuture),
        Grant(
          id: try GrantID("g2"), kind: .feature(.customDomains, .list(["a", "b"])), reason: "", grantedBy: "op",
          startsAt: Samples.now, endsAt: Samples.now),
        Grant(
          id: try GrantID("g3"), kind: .allowance(.cost, .max), reason: "", grantedBy: "op", startsAt: .distantPast,
          endsAt: Samples.now),
      ])
    return account
  }

  private static func checkout() throws -> CheckoutIntent {
    CheckoutIntent(
      attempt: 3, offer: .init(planID: .pro, interval: .year, seats: 2),
      request: .init(
        customerID: try CustomerID("cus_'ü"), lines: [CheckoutLine(priceID: try PriceID("price"), quantity: nil)],
        urls: ReturnURLs(success: "https://a/?x=1", cancel: "https://b"), trialDays: 7, expiresAt: Samples.now,
        allowsPromotionCodes: true, automaticTax: false), begunAt: Samples.now,
      sessionID: try CheckoutSessionID("cs"))
  }

  static func nothing(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try Expect.equal(
      await subject.store.account(for: tenant), BillingAccount(owner: .organization(tenant.organizationID)),
      "the tenant's account")
    let customer = try CustomerID("cus")
    try Expect.equal(
      await subject.store.account(customer: customer), BillingAccount(owner: .customer(customer)),
      "the customer's account")
    try Expect.none(await subject.store.account(subscription: try SubscriptionID("sub")), "the subscription's account")
    try Expect.equal(await subject.store.isClaimed(try ProviderEventID("event")), false, "the claim")
  }

  static func saved(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let account = try fullAccount(tenant)
    let saved = try await commit(account, to: subject.store)
    try Expect.equal(saved.version, 1, "the version")
    for store in [subject.store, subject.peer] {
      try Expect.equal(await store.account(for: tenant), saved, "the account by tenant")
      for customer in saved.customers {
        try Expect.equal(await store.account(customer: customer.id), saved, "the account by \(customer.id)")
      }
      for record in saved.subscriptions {
        try Expect.equal(await store.account(subscription: record.id), saved, "the account by \(record.id)")
      }
    }
    var next = saved
    next.fill(customerAttempts: 3, checkout: nil, operations: 8, billingAdmin: nil, grants: [])
    next.apply(try Samples.subscription("sub_0", of: "cus_'ü"), catalog: try Samples.catalog())
    let second = try await commit(next, to: subject.peer)
    try Expect.equal(second.version, 2, "the version")
    try Expect.equal(await subject.store.account(for: tenant), second, "the account by tenant")
    try Expect.equal(second.subscriptions.map(\.id.rawValue), ["sub_0", "sub_a", "sub_b", "sub_c"], "the order")
  }

  static func separate(_ subject: BillingStoreSubject) async throws {
    let (one, two) = (try await subject.tenant("one"), try await subject.tenant("two"))
    var account = BillingAccount(owner: .organization(one.organizationID))
    account.link(try CustomerID("cus_1"), adopting: nil, at: Samples.now)
    let saved = try await commit(account, to: subject.store)
    try Expect.equal(
      await subject.store.account(for: two), BillingAccount(owner: .organization(two.organizationID)), "the other")
    // An organisation and a customer may have one name.
    let customer = try CustomerID(one.organizationID.rawValue)
    try Expect.equal(await subject.store.account(customer: customer).version, 0, "a customer of the same name")
    try Expect.equal(await subject.store.account(for: one), saved, "the account")
  }

  static func staleVersion(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let first = try await commit(try fullAccount(tenant), to: subject.store)
    var stale = first
    stale.fill(customerAttempts: 9, checkout: nil, operations: 9, billingAdmin: nil, grants: [])
    let second = try await commit(first, to: subject.peer)
    let told = try await subject.told()
    for account in [stale, BillingAccount(owner: .organization(tenant.organizationID))] {
      try await Expect.failure(
        BillingStoreError.store(.conflict("")), "a commit at version \(account.version)", reading: \.withoutText
      ) {
        try await commit(
          account, claim: "event", telling: [.customerDeleted(try CustomerID("cus"))], to: subject.store)
      }
    }
    try Expect.equal(await subject.store.account(for: tenant), second, "the account")
    try Expect.equal(await subject.store.isClaimed(try ProviderEventID("event")), false, "the claim")
    try Expect.equal(try await subject.told(), told, "what was told")
  }

  static func takenCustomer(_ subject: BillingStoreSubject) async throws {
    let (one, two) = (try await subject.tenant("one"), try await subject.tenant("two"))
    let customer = try CustomerID("cus")
    var account = BillingAccount(owner: .organization(one.organizationID))
    account.link(customer, adopting: nil, at: Samples.now)
    let saved = try await commit(account, to: subject.store)
    var other = BillingAccount(owner: .organization(two.organizationID))
    other.link(customer, adopting: nil, at: Samples.now)
    try await Expect.failure(BillingStoreError.customerTaken(customer), "the second link") {
      try await commit(other, to: subject.peer)
    }
    try Expect.equal(await subject.store.account(customer: customer), saved, "the customer's account")
    try Expect.equal(await subject.store.account(for: two).version, 0, "the other's version")
  }

  private static func unlinked(_ customer: CustomerID, _ subject: BillingStoreSubject) async throws -> BillingAccount {
    var account = BillingAccount(owner: .customer(customer))
    account.apply(try Samples.subscription("sub", of: customer.rawValue), catalog: try Samples.catalog())
    return try await commit(
      account, claim: "event", telling: [.customerDeleted(customer)], to: subject.store)
  }

  static func adoption(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let customer = try CustomerID("cus")
    let known = try await unlinked(customer, subject)
    try Expect.equal(await subject.peer.account(customer: customer), known, "the customer's own account")
    try Expect.equal(try await subject.told(), [], "what a customer without organisation tells")
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    account.link(customer, adopting: known, at: Samples.now)
    try Expect.equal(account.subscriptions, known.subscriptions, "what is adopted")
    let saved = try await commit(
      account, adopting: .init(customerID: customer, version: known.version), to: subject.peer)
    try Expect.equal(await subject.store.account(customer: customer), saved, "the account by customer")
    try Expect.equal(
      await subject.store.account(subscription: try SubscriptionID("sub")), saved, "the account by subscription")
  }

  static func staleAdoption(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let customer = try CustomerID("cus")
    let known = try await unlinked(customer, subject)
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    account.link(customer, adopting: known, at: Samples.now)
    for adopting in [nil, BillingCommit.Adoption(customerID: customer, version: known.version - 1)] {
      try await Expect.failure(
        BillingStoreError.store(.conflict("")), "adopting \(String(describing: adopting))", reading: \.withoutText
      ) {
        try await commit(account, adopting: adopting, to: subject.store)
      }
    }
    try Expect.equal(await subject.store.account(customer: customer), known, "the customer's account")
    try Expect.equal(await subject.store.account(for: tenant).version, 0, "the tenant's version")
  }

  static func lateUnlinked(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let customer = try CustomerID("cus")
    let stale = BillingAccount(owner: .customer(customer))
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    account.link(customer, adopting: stale, at: Samples.now)
    let saved = try await commit(
      account, adopting: .init(customerID: customer, version: 0), to: subject.store)
    try await Expect.failure(BillingStoreError.store(.conflict("")), "the late commit", reading: \.withoutText) {
      try await commit(stale, to: subject.peer)
    }
    try Expect.equal(await subject.store.account(customer: customer), saved, "the customer's account")
  }

  static func oneCommit(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let account = BillingAccount(owner: .organization(tenant.organizationID))
    for round in 0..<3 {
      var base = try await subject.store.account(for: tenant)
      if round == 0 { base = account }
      let outcomes = await concurrently(8) { [base] number in
        try await commit(base, to: number % 2 == 0 ? subject.store : subject.peer)
      }
      try Expect.equal(outcomes.answers().count, 1, "how many were saved")
      try Expect.equal(await subject.store.account(for: tenant).version, Int64(round + 1), "the version")
    }
  }
}
