internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let ledger = [
    Check("a roll-up writes its periods' sums, settles their days, and changes nothing when repeated", rollUp),
    Check("a late event makes its day stale and changes exactly its period's row", lateEvent),
    Check("a day that two periods share stays stale until both are rolled up", sharedDay),
    Check("a period that ends otherwise than before replaces its row and drops those it covers", changedPeriods),
    Check("a sealed row never changes, and is sealed only when it is over and settled", sealing),
    Check("what sealed rows leave of a period that begins elsewhere is in rows of its own, counted once", aroundSealed),
    Check("what a replaced row covered outside the new period waits for a roll-up", uncovered),
    Check("rows are listed by start, by pages, by what they overlap", listing),
  ]

  /// The periods of most checks: they meet at odd seconds within a day.
  private static let first = Period(ordered: UsageStoreSubject.noon, UsageStoreSubject.noon + .seconds(100_001))
  private static let second = Period(ordered: first.end, first.end + .seconds(200_000))

  private static func rollUp(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(
      .run(Subject.run("r", took: 1, .succeeded)),
      .event(PricedEvent(Subject.event("a", at: first.end - .microseconds(1)), cost: Subject.cost(49_999_999))),
      .event(PricedEvent(Subject.event("b", at: first.end), cost: Subject.cost(50_000_000))), for: tenant)
    try Expect.equal(
      Set(await subject.store.staleDays(limit: .standard, of: tenant)),
      [Subject.day, Subject.day.advanced(by: 1)], "the stale days")
    try Expect.equal(
      await subject.store.staleDays(limit: PageLimit(1), of: tenant), [Subject.day], "the first stale day")
    let before = Period(ordered: Subject.day.start, first.start)
    let rows = try await subject.store.rollUp([before, first, second], of: tenant)
    let sums = try await subject.store.sums(of: [before, first, second], for: tenant).value
    try Expect.equal(
      rows, zip([before, first, second], sums).map { LedgerRow(period: $0, sums: $1) }, "the rows")
    try Expect.equal(rows.map(\.estimatedCost.tenThousandths), [0, 0, 0], "their costs rounded to four decimals")
    try Expect.equal(rows.map(\.sums.events.cost.totalPicos), [0, 49_999_999, 50_000_000], "their exact costs")
    try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days afterwards")
    try Expect.equal(await subject.peer.rollUp([before, first, second], of: tenant), rows, "the rows again")
    try Expect.equal(await subject.ledger(of: tenant), rows, "the ledger")
    try Expect.equal(await subject.revision(of: tenant), 1, "the revision")
  }

  private static func lateEvent(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(
      .event(PricedEvent(Subject.event("a", at: second.start), cost: Subject.cost(1))), for: tenant)
    let before = try await subject.store.rollUp([first, second], of: tenant)
    try await subject.record(
      .event(PricedEvent(Subject.event("b", at: first.start), cost: Subject.cost(2))), for: tenant)
    try Expect.holds(
      await subject.store.staleDays(limit: .standard, of: tenant).contains(Subject.day), "its day is stale")
    try Expect.equal(await subject.ledger(of: tenant), before, "the ledger before the next roll-up")
    let after = try await subject.store.rollUp([first, second], of: tenant)
    try Expect.equal(after[0].sums.events.cost.totalPicos, 2, "the cost of its period")
    try Expect.equal(after[1], before[1], "the row of the other period")
  }

  private static func sharedDay(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let shared = Subject.day.advanced(by: 1)
    try await subject.record(
      .event(PricedEvent(Subject.event("a", at: first.end), cost: Subject.cost(1))), for: tenant)
    _ = try await subject.store.rollUp([second], of: tenant)
    try Expect.holds(
      await subject.store.staleDays(limit: .standard, of: tenant).contains(shared), "the shared day is stale")
    _ = try await subject.store.rollUp([first, second], of: tenant)
    try Expect.holds(
      await !subject.store.staleDays(limit: .standard, of: tenant).contains(shared), "the shared day is settled")
  }

  private static func changedPeriods(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(
      .event(PricedEvent(Subject.event("a", at: first.start), cost: Subject.cost(1))),
      .event(PricedEvent(Subject.event("b", at: second.start), cost: Subject.cost(2))), for: tenant)
    let shorter = Period(ordered: first.start, first.start + .seconds(50_000))
    let rest = Period(ordered: shorter.end, second.end)
    let before = Period(ordered: Subject.day.start, first.start)
    let kept = try await subject.store.rollUp([before, first, second], of: tenant).prefix(1)
    let rows = try await subject.store.rollUp([shorter, rest], of: tenant)
    try Expect.equal(rows.map(\.period), [shorter, rest], "the periods of the answer")
    try Expect.equal(rows.map(\.sums.events.cost.totalPicos), [1, 2], "their costs")
    try Expect.equal(await subject.ledger(of: tenant), kept + rows, "the ledger")
    let dropped = UTCDay(containing: second.start)
    try Expect.holds(
      await subject.store.staleDays(limit: .standard, of: tenant).allSatisfy { $0 == dropped },
      "no day is stale but perhaps that on which the dropped row began")
  }

  private static func sealing(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(.event(PricedEvent(Subject.event("a"), cost: Subject.cost(1))), for: tenant)
    func seal(_ instant: Timestamp) async throws -> Int {
      try await subject.store.sealLedger(endedBy: instant, of: tenant, at: Subject.noon + .seconds(9))
    }
    let before = Period(ordered: Subject.day.start, first.start)
    _ = try await subject.store.rollUp([before, first, second], of: tenant)
    try await subject.record(.event(PricedEvent(Subject.event("b"), cost: Subject.cost(2))), for: tenant)
    try Expect.equal(await seal(first.end), 0, "how many are sealed while a day is stale")
    let rows = try await subject.store.rollUp([before, first, second], of: tenant)
    try Expect.equal(await seal(first.end - .microseconds(1)), 1, "how many are sealed before the second ended")
    try Expect.equal(await seal(first.end), 1, "how many are sealed at its end")
    try Expect.equal(await seal(first.end), 0, "how many are sealed again")
    let sealed = rows.prefix(2).map {
      LedgerRow(period: $0.period, sums: $0.sums, sealedAt: Subject.noon + .seconds(9))
    }
    try Expect.equal(await subject.ledger(of: tenant), sealed + [rows[2]], "the ledger")
    try await subject.record(.event(PricedEvent(Subject.event("c"), cost: Subject.cost(4))), for: tenant)
    try Expect.equal(
      await subject.store.rollUp([before, first, second], of: tenant), sealed + [rows[2]],
      "the answer of a roll-up after a late event")
    try Expect.equal(await subject.ledger(of: tenant), sealed + [rows[2]], "the ledger after a late event")
    try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days")
    try await subject.agreesWithReference(of: tenant, "after sealing")
  }

  private static func aroundSealed(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let instants = [first.start - .seconds(1), first.start, first.end - .seconds(1), first.end, second.end]
    for (number, instant) in instants.enumerated() {
      let cost = try Subject.cost(1 << Int64(number))
      try await subject.record(.event(PricedEvent(Subject.event("e\(number)", at: instant), cost: cost)), for: tenant)
    }
    _ = try await subject.store.rollUp(
      [Period(ordered: Subject.day.start, first.start), first, second], of: tenant)
    // The rows before and after the first are not sealed, because the day after its end is stale again.
    _ = try await subject.store.sealLedger(endedBy: first.start, of: tenant, at: Subject.noon)
    try await subject.record(
      .event(PricedEvent(Subject.event("late", at: first.start - .seconds(2)), cost: Subject.cost(64))), for: tenant)
    let moved = Period(ordered: Subject.day.start - .seconds(7), second.start + .seconds(3_601))
    let rest = Period(ordered: moved.end, second.end + .seconds(86_400))
    let rows = try await subject.peer.rollUp([moved, rest], of: tenant)
    try Expect.equal(
      rows.map(\.period),
      [
        Period(ordered: moved.start, Subject.day.start), Period(ordered: Subject.day.start, first.start),
        Period(ordered: first.start, moved.end), rest,
      ], "the periods of the rows around a sealed one")
    try Expect.equal(rows.map(\.sums.events.cost.totalPicos), [0, 1, 2 + 4 + 8, 16], "their costs")
    try Expect.equal(rows.map(\.isSealed), [false, true, false, false], "which are sealed")
    try Expect.equal(await subject.ledger(of: tenant), rows, "the ledger")
    try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days")
    try Expect.equal(await subject.store.rollUp([moved, rest], of: tenant), rows, "the rows again")
  }

  private static func uncovered(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let whole = Period(ordered: Subject.day.start, Subject.day.advanced(by: 9).start)
    for day in [0, 2, 4, 6, 8] {
      try await subject.record(
        .event(PricedEvent(Subject.event("e\(day)", at: Subject.noon + .seconds(day * 86_400)), cost: Subject.cost(1))),
        for: tenant)
    }
    for middle in [3..<6, 0..<3] {
      _ = try await subject.store.rollUp([whole], of: tenant)
      try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days")
      let period = Period(
        ordered: Subject.day.advanced(by: middle.lowerBound).start, Subject.day.advanced(by: middle.upperBound).start)
      _ = try await subject.store.rollUp([period], of: tenant)
      try Expect.equal(await subject.ledger(of: tenant).map(\.period), [period], "the ledger")
      let outside = [0, 2, 4, 6, 8].filter { !middle.contains($0) }.map { Subject.day.advanced(by: $0) }
      try Expect.holds(
        await subject.store.staleDays(limit: .standard, of: tenant).filter { outside.contains($0) } == outside,
        "the days with usage outside the new period are stale")
    }
  }

  private static func listing(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let periods = (0..<7).map { number in
      Period(ordered: Subject.noon + .seconds(1_000 * number), Subject.noon + .seconds(1_000 * (number + 1)))
    }
    let rows = try await subject.store.rollUp(periods.reversed(), of: tenant)
    try Expect.equal(rows.map(\.period), periods.reversed(), "the order of the answer")
    try Expect.equal(await subject.ledger(pagedBy: 3, of: tenant).map(\.period), periods, "the order of the ledger")
    let part = Period(ordered: periods[2].end, periods[4].start + .microseconds(1))
    try Expect.equal(
      await subject.ledger(LedgerQuery(overlapping: part), pagedBy: 1, of: tenant).map(\.period),
      Array(periods[3...4]), "the rows that overlap a period")
    _ = try await subject.store.sealLedger(endedBy: periods[4].end, of: tenant, at: Subject.noon)
    try Expect.equal(
      await subject.ledger(LedgerQuery(isSealed: false), of: tenant).map(\.period), Array(periods[5...]), "not sealed")
    try Expect.equal(
      await subject.ledger(LedgerQuery(overlapping: part, isSealed: true), of: tenant).map(\.period),
      Array(periods[3...4]), "sealed and overlapping")
    try Expect.equal(await subject.ledger(of: subject.tenant("globex")), [], "another tenant's ledger")
  }
}
