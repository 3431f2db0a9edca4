internal import BillingKit
internal import SaaSCore
internal import TenancyKit

extension BillingStoreConformance {
  static func claims(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let event = try ProviderEventID("event '1'")
    let saved = try await commit(
      BillingAccount(owner: .organization(tenant.organizationID)), claim: event.rawValue, to: subject.store)
    try Expect.equal(await subject.peer.isClaimed(event), true, "the claim")
    let told = try await subject.told()
    for version in [saved, BillingAccount(owner: .organization(tenant.organizationID))] {
      let outcome = try await subject.peer.commit(
        BillingCommit(
          claim: event, account: version, events: [.customerDeleted(try CustomerID("cus"))]), at: Samples.now)
      try Expect.equal(outcome, .alreadyClaimed, "the second commit")
    }
    try Expect.equal(await subject.store.account(for: tenant), saved, "the account")
    try Expect.equal(try await subject.told(), told, "what was told")
  }

  static func failedClaim(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let account = BillingAccount(owner: .organization(tenant.organizationID))
    _ = try await commit(account, to: subject.store)
    try await Expect.failure(BillingStoreError.store(.conflict("")), "the stale commit", reading: \.withoutText) {
      try await commit(account, claim: "event", to: subject.store)
    }
    let present = try await subject.store.account(for: tenant)
    _ = try await commit(present, claim: "event", to: subject.peer)
  }

  static func telling(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let events: [BillingEvent] = [
      .customerDeleted(try CustomerID("cus_1")), .customerDeleted(try CustomerID("cus_2")),
      .trialEnding(try SubscriptionID("sub"), endsAt: Samples.now),
    ]
    var account = BillingAccount(owner: .organization(tenant.organizationID))
    for _ in 0..<2 { account = try await commit(account, telling: events, to: subject.store) }
    let told = try await subject.outbox.events(after: 0, limit: .maximum)
    try Expect.equal(told.map { BillingEvent($0) }, events + events, "what was told")
    try Expect.equal(Set(told.map(\.id)).count, 6, "how many IDs there are")
    for event in told {
      try Expect.equal(event.organizationID, tenant.organizationID, "whose it is")
      try Expect.equal(event.occurredAt, Samples.now, "when it was")
    }
  }

  static func oneClaim(_ subject: BillingStoreSubject) async throws {
    let tenants = try await (0..<8).asyncMap { try await subject.tenant("tenant-\($0)") }
    let event = try ProviderEventID("event")
    let outcomes = await concurrently(8) { number in
      let account = BillingAccount(owner: .organization(tenants[number].organizationID))
      return try await (number % 2 == 0 ? subject.store : subject.peer).commit(
        BillingCommit(claim: event, account: account, events: []), at: Samples.now)
    }
    let claimed = outcomes.answers().filter { $0 == .alreadyClaimed }
    try Expect.equal(outcomes.answers().count, 8, "how many were answered")
    try Expect.equal(claimed.count, 7, "how many came too late")
  }

  static func alerts(_ subject: BillingStoreSubject) async throws {
    let (one, two) = (try await subject.tenant("one"), try await subject.tenant("two"))
    let alert = try Samples.alert()
    try Expect.equal(await subject.store.raise(alert, for: one, at: Samples.now), true, "the first")
    try Expect.equal(await subject.peer.raise(alert, for: one, at: Samples.now), false, "the second")
    try Expect.equal(await subject.store.raise(alert, for: two, at: Samples.now), true, "another organisation's")
    try Expect.equal(
      await subject.store.raise(try Samples.alert(percent: 100), for: one, at: Samples.now), true,
      "another threshold")
    let told = try await subject.outbox.events(after: 0, limit: .maximum)
    try Expect.equal(told.map(\.organizationID), [one, two, one].map(\.organizationID), "whose they are")
    try Expect.equal(told.first.flatMap { BillingEvent($0) }, .limitReached(alert), "what was told")
    try Expect.equal(Set(told.map(\.id)).count, 3, "how many IDs there are")
  }

  static func oneAlert(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let alert = try Samples.alert()
    let outcomes = await concurrently(16) { number in
      try await (number % 2 == 0 ? subject.store : subject.peer).raise(alert, for: tenant, at: Samples.now)
    }
    try Expect.equal(outcomes.answers().filter(\.self).count, 1, "how many told it")
    try Expect.equal(outcomes.answers().count, 16, "how many were answered")
    try Expect.equal(try await subject.told().count, 1, "how many events there are")
  }

  static func pruning(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let alert = try Samples.alert()
    _ = try await commit(
      BillingAccount(owner: .organization(tenant.organizationID)), claim: "event", to: subject.store)
    _ = try await subject.store.raise(alert, for: tenant, at: Samples.now)
    try Expect.equal(await subject.store.prune(before: Samples.now), 0, "too early")
    try Expect.equal(await subject.store.isClaimed(try ProviderEventID("event")), true, "the claim")
    try Expect.equal(await subject.peer.prune(before: alert.period.end + .seconds(1)), 2, "how many were deleted")
    try Expect.equal(await subject.store.isClaimed(try ProviderEventID("event")), false, "the claim")
  }

  // MARK: Tallies

  static func tallies(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    var tally = try Samples.tally("key", of: tenant.organizationID, startingAt: 1_000)
    tally.begin(value: 5, timestamp: Samples.now, at: Samples.now)
    let unbilled = BillingEvent.unbilledUsage(
      UnbilledUsage(meter: "runs", period: tally.period, units: 3, reason: .late))
    let first = try await subject.store.save(tally, telling: [unbilled], at: Samples.now)
    try Expect.equal(first.version, 1, "the version")
    try Expect.equal(await subject.peer.tally("key"), first, "the tally")
    try await Expect.failure(StoreError.conflict(""), "saving the old version", reading: \.withoutText) {
      try await subject.peer.save(tally, telling: [unbilled], at: Samples.now)
    }
    var next = first
    next.accept(inTime: true, at: Samples.now, windows: MeteringWindows())
    let second = try await subject.peer.save(next, telling: [unbilled], at: Samples.now)
    try Expect.equal(second.version, 2, "the version")
    try Expect.equal(await subject.store.tally("key"), second, "the tally")
    let told = try await subject.outbox.events(after: 0, limit: .maximum)
    try Expect.equal(told.map { BillingEvent($0) }, [unbilled, unbilled], "what was told")
    try Expect.equal(Set(told.map(\.id)).count, 2, "how many IDs there are")
  }

  static func tallyOrder(_ subject: BillingStoreSubject) async throws {
    let (one, two) = (try await subject.tenant("one"), try await subject.tenant("two"))
    let all = [
      try Samples.tally("d", of: one.organizationID, meter: "a", startingAt: 3_000),
      try Samples.tally("c", of: one.organizationID, meter: "b", startingAt: 1_000),
      try Samples.tally("b", of: one.organizationID, meter: "a", startingAt: 1_000),
      try Samples.tally("a", of: two.organizationID, meter: "a", startingAt: 1_000),
    ]
    for tally in all { _ = try await subject.store.save(tally, telling: [], at: Samples.now) }
    func keys(_ instant: Int64) async throws -> [String] {
      try await subject.peer.tallies(endingAfter: Timestamp(seconds: instant), for: one).map(\.key)
    }
    try Expect.equal(try await keys(0), ["b", "c", "d"], "all")
    try Expect.equal(try await keys(1_999), ["b", "c", "d"], "those that end after 1 999")
    try Expect.equal(try await keys(2_000), ["d"], "those that end after 2 000")
    try Expect.none(await subject.store.tally("e"), "a tally that nobody saved")
  }

  static func oneTally(_ subject: BillingStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let tally = try Samples.tally("key", of: tenant.organizationID, startingAt: 0)
    let outcomes = await concurrently(8) { number in
      try await (number % 2 == 0 ? subject.store : subject.peer).save(tally, telling: [], at: Samples.now)
    }
    try Expect.equal(outcomes.answers().count, 1, "how many were saved")
    try Expect.equal(await subject.store.tally("key")?.version, 1, "the version")
  }
}

extension Sequence {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
