internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let retention = [
    Check("retention deletes the days of sealed periods only, step by step, and keeps the groups", deletion),
    Check("what lies before the horizon is refused, not listed and not summed", beforeHorizon),
    Check("an event keeps its user when its run is deleted, and a deleted identifier is free again", afterDeletion),
  ]

  /// Ten days with one run and one event each, all rolled up, of which the first five days are sealed.
  private static func tenDays(_ subject: UsageStoreSubject, for tenant: TenantContext) async throws {
    for day in 0..<10 {
      let instant = Subject.noon + .seconds(86_400 * day)
      try await subject.record(
        .run(Subject.run("r\(day)", at: instant, took: 5, .succeeded)),
        .event(
          PricedEvent(Subject.event("e\(day)", run: "r\(max(0, day - 1))", at: instant), cost: Subject.cost(1 << day))),
        for: tenant)
    }
    let periods = (0..<10).map { day in
      Period(ordered: Subject.day.advanced(by: day).start, Subject.day.advanced(by: day + 1).start)
    }
    _ = try await subject.store.rollUp(periods, of: tenant)
    _ = try await subject.store.sealLedger(endedBy: periods[4].end, of: tenant, at: Subject.noon)
  }

  private static func deletion(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await tenDays(subject, for: tenant)
    let before = try await subject.report(of: tenant)
    let ledger = try await subject.ledger(of: tenant)
    let third = try await subject.store.deleteRows(before: Subject.day.advanced(by: 3), limit: PageLimit(4), of: tenant)
    try Expect.equal(
      third, UsageDeletion(horizon: Subject.day.advanced(by: 3).start, deleted: 4, isComplete: false), "a first call")
    let rest = try await subject.store.deleteRows(before: Subject.day.advanced(by: 3), limit: PageLimit(4), of: tenant)
    try Expect.equal(
      rest, UsageDeletion(horizon: Subject.day.advanced(by: 3).start, deleted: 2, isComplete: true), "a second call")
    let all = try await subject.store.deleteRows(before: Subject.day.advanced(by: 9), limit: .maximum, of: tenant)
    try Expect.equal(
      all, UsageDeletion(horizon: Subject.day.advanced(by: 5).start, deleted: 4, isComplete: true),
      "as far as periods are sealed")
    let back = try await subject.store.deleteRows(before: Subject.day, limit: .maximum, of: tenant)
    try Expect.equal(back.horizon, Subject.day.advanced(by: 5).start, "the horizon never goes back")
    try Expect.equal(await subject.report(of: tenant), before, "the groups")
    try Expect.equal(await subject.ledger(of: tenant), ledger, "the ledger")
    try Expect.equal(await subject.store.status(of: tenant).horizon, Subject.day.advanced(by: 5).start, "the horizon")
  }

  private static func beforeHorizon(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await tenDays(subject, for: tenant)
    let horizon = Subject.day.advanced(by: 5).start
    // One call with one row's worth: the horizon moves all the same.
    _ = try await subject.store.deleteRows(before: Subject.day.advanced(by: 5), limit: PageLimit(1), of: tenant)
    try await subject.unchanged(
      [
        .event(PricedEvent(Subject.event("new", at: horizon - .microseconds(1)), cost: .unpriced)),
        .event(
          PricedEvent(Subject.event("e3", run: "r2", at: Subject.noon + .seconds(3 * 86_400)), cost: Subject.cost(8))),
        .run(Subject.run("new", at: horizon - .microseconds(1))),
        .run(Subject.run("r3", at: Subject.noon + .seconds(3 * 86_400), took: 5, .succeeded)),
        .start(Subject.run("new", at: horizon - .microseconds(1)), limit: RunLimit(9, in: Subject.everything)),
      ], answers: Array(repeating: .refused(.tooOld(horizon: horizon)), count: 5), "writes before the horizon",
      for: tenant)
    try Expect.none(await subject.store.event(EventID("e3"), of: tenant), "an event before the horizon")
    try Expect.none(await subject.store.run(RunID("r3"), of: tenant), "a run before the horizon")
    try Expect.equal(await subject.store.reprice([EventID("e3"): .unpriced], for: tenant), 0, "re-priced before it")
    let across = Period(ordered: Subject.noon + .seconds(4 * 86_400 + 1), horizon + .seconds(86_400))
    try await Expect.failure(UsageStoreError.deletedBefore(horizon), "events before the horizon") {
      try await subject.store.events(
        matching: EventQuery(period: across), at: nil, after: nil, limit: .standard, of: tenant)
    }
    try await Expect.failure(UsageStoreError.deletedBefore(horizon), "runs before the horizon") {
      try await subject.store.runs(
        matching: RunQuery(period: across), at: nil, after: nil, limit: .standard, of: tenant)
    }
    try await Expect.failure(UsageStoreError.deletedBefore(horizon), "sums of an hour's part before the horizon") {
      try await subject.store.sums(of: [across], for: tenant)
    }
    let whole = Period(ordered: horizon - .seconds(3_600), horizon + .seconds(86_401))
    let idle = Period(ordered: horizon - .seconds(90), horizon + .seconds(86_400))
    try Expect.equal(
      await subject.store.sums(of: [whole, idle], for: tenant).value.map(\.events.count), [1, 1],
      "sums of whole hours before it, and of parts of one that never had usage")
    let kept = Period(ordered: horizon, horizon + .seconds(86_400))
    try Expect.equal(
      await subject.events(EventQuery(period: kept), of: tenant).map(\.event.id.rawValue), ["e5"], "events after it")
    try Expect.equal(
      await subject.record(.event(PricedEvent(Subject.event("at", at: horizon), cost: .unpriced)), for: tenant),
      [.recorded], "an event at the horizon")
  }

  private static func afterDeletion(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await tenDays(subject, for: tenant)
    _ = try await subject.store.deleteRows(before: Subject.day.advanced(by: 5), limit: PageLimit(3), of: tenant)
    let horizon = Subject.day.advanced(by: 5).start
    let kept = EventQuery(period: Period(ordered: horizon, Subject.everything.end))
    try Expect.equal(
      await subject.events(kept, of: tenant).map(\.user), Array(repeating: .known(try UserID("ann")), count: 5),
      "the users of the events that are left, the first of a deleted run")
    // The identifiers of rows before the horizon are free, whether those rows were deleted yet or not.
    let instant = Subject.noon + .seconds(86_400 * 8)
    let writes = try (0..<5).flatMap { number in
      [
        UsageWrite.event(
          PricedEvent(try Subject.event("e\(number)", run: "r\(number)", at: instant), cost: try Subject.cost(3))),
        .run(try Subject.run("r\(number)", user: "bob", at: instant)),
      ]
    }
    let repeats = Array(repeating: UsageAnswer.duplicate, count: 10)
    try Expect.equal(
      await subject.record(writes + writes, for: tenant), Array(repeating: .recorded, count: 10) + repeats,
      "what is recorded again under deleted identifiers, and comes twice in a call")
    try await subject.unchanged(writes, answers: repeats, "what came again before all was deleted", for: tenant)
    _ = try await subject.store.deleteRows(before: Subject.day.advanced(by: 5), limit: .maximum, of: tenant)
    try await subject.unchanged(writes, answers: repeats, "what came again after all was deleted", for: tenant)
    try Expect.equal(await subject.events(kept, of: tenant).count, 10, "how many events are left")
    try Expect.equal(
      await subject.events(kept, of: tenant).filter { $0.user.name?.rawValue == "bob" }.count, 5, "Bob's")
    try Expect.equal(await subject.report(of: tenant).total.sums.events.count, 15, "how many events were ever recorded")
  }
}
