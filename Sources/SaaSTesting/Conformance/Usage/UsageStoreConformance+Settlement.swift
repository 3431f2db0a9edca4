internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  static let settlement = (1...4).map { seed in
    Check("however periods move, every event is in exactly one row, or late for a sealed one (seed \(seed))") {
      subject in
      var settlement = Settlement(seed: UInt64(seed), subject: subject, tenant: try await subject.tenant())
      for step in 0..<60 { try await settlement.step(step) }
      try await settlement.rollUp("at the end (seed \(seed))")
    }
  }
}

/// Random moves of periods, roll-ups with sealing, retention, and events that come late, beside a plain list of the
/// events that the ledger is to have.
private struct Settlement {
  private typealias Subject = UsageStoreSubject

  private let subject: UsageStoreSubject
  private let tenant: TenantContext
  private let periods = MovingPeriods()
  private var generator: SeededGenerator
  private var now = Subject.day.start
  private var lastEvent = 0
  /// What is to be in rows, and what came when a sealed row had its instant.
  private var counted: [UsageEvent] = []
  private var late: [UsageEvent] = []

  private static let sealAfter = Duration.seconds(2 * 86_400)

  init(seed: UInt64, subject: UsageStoreSubject, tenant: TenantContext) {
    self.subject = subject
    self.tenant = tenant
    generator = SeededGenerator(seed: seed)
  }

  private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

  /// An instant within the last two weeks or the next day: at a day's start, at an odd second, or anywhere.
  private mutating func instant() -> Timestamp {
    let day = UTCDay(containing: now).advanced(by: number(-14..<2)).start
    return number(0..<4) == 0 ? day : day + .microseconds(number(0..<86_400_000_000))
  }

  mutating func step(_ step: Int) async throws {
    let what = "after step \(step) (seed \(generator.seed))"
    now = now + .seconds(number(0..<100_000))
    switch number(0..<12) {
    case 0..<5: try await record(what)
    case 5, 6: periods.move(to: (0..<number(1..<6)).map { _ in instant() })
    case 7, 8: try await rollUp(what)
    case 9:
      let period = try await periods.period(containing: instant(), for: tenant)
      _ = try await subject.peer.rollUp([period], of: tenant)
    default: try await retain(what)
    }
    // What is in no row waits for the next roll-up.
    let rows = try await subject.ledger(of: tenant)
    let stale = Set(try await subject.store.staleDays(limit: .maximum, of: tenant))
    try Expect.holds(
      counted.allSatisfy { event in
        stale.contains(UTCDay(containing: event.createdAt)) || rows.contains { $0.period.contains(event.createdAt) }
      }, "every event is in a row or its day is stale \(what)")
  }

  private mutating func record(_ what: String) async throws {
    let sealed = try await subject.ledger(LedgerQuery(isSealed: true), of: tenant).map(\.period)
    let horizon = try await subject.store.status(of: tenant).horizon
    for _ in 0..<number(1..<8) {
      lastEvent += 1
      let event = try Subject.event("e\(lastEvent)", tokens: (Int64(lastEvent), 0), at: instant())
      let answer = try await subject.record(
        .event(PricedEvent(event, cost: Self.cost(of: event))), for: tenant)
      if let horizon, event.createdAt < horizon {
        try Expect.equal(answer, [.refused(.tooOld(horizon: horizon))], "the answer for one before the horizon \(what)")
      } else {
        try Expect.equal(answer, [.recorded], "the answer for one after the horizon \(what)")
        if sealed.contains(where: { $0.contains(event.createdAt) }) {
          late.append(event)
        } else {
          counted.append(event)
        }
      }
    }
  }

  private static func cost(of event: UsageEvent) throws -> EventCost {
    try Subject.cost(Int64.max / 3 &+ event.tokens.prompt &* 1_000_003)
  }

  private static func sums(_ events: [UsageEvent], in period: Period) throws -> EventSums {
    var sums = EventSums()
    for event in events where period.contains(event.createdAt) { sums += EventSums(event, cost: try cost(of: event)) }
    return sums
  }

  mutating func rollUp(_ what: String) async throws {
    let rollup = LedgerRollup(
      tenants: subject.tenants.store, store: subject.store, periods: periods, sealAfter: Self.sealAfter)
    try await rollup.rollUp(tenant, at: now)
    let rows = try await subject.ledger(of: tenant)
    for (row, next) in zip(rows, rows.dropFirst()) {
      try Expect.holds(row.period.end <= next.period.start, "no two rows share an instant \(what)")
    }
    try Expect.equal(
      rows.map(\.sums.events), rows.map { try Self.sums(counted, in: $0.period) }, "the events of every row \(what)")
    try Expect.equal(
      rows.map(\.sums.events).reduce(EventSums(), +), Self.sums(counted, in: Subject.everything),
      "the events of all rows \(what)")
    try Expect.equal(
      await subject.report(of: tenant).total.sums.events, Self.sums(counted + late, in: Subject.everything),
      "the groups \(what)")
    try Expect.equal(await subject.store.staleDays(limit: .maximum, of: tenant), [], "the stale days \(what)")
    try Expect.equal(await rollup.rollUp(tenant, at: now), 0, "how many rows a second roll-up recomputes \(what)")
    try Expect.equal(await subject.ledger(of: tenant), rows, "the ledger after a second roll-up \(what)")
  }

  private mutating func retain(_ what: String) async throws {
    let before = try await subject.store.status(of: tenant).horizon
    let retention = Retention(
      tenants: subject.tenants.store, store: subject.store, periods: periods, sealAfter: Self.sealAfter,
      keptDays: number(0..<3))
    let outcome = try await retention.run(at: now)
    try Expect.equal(outcome.failures, [], "the tenants for which retention failed \(what)")
    guard let horizon = try await subject.store.status(of: tenant).horizon, horizon != before else { return }
    let unsealed = try await periods.period(containing: now - Self.sealAfter, for: tenant)
    try Expect.holds(horizon <= unsealed.start, "the horizon leaves a period that is not over whole \(what)")
  }
}

/// Periods between instants that a check moves.
private final class MovingPeriods: BillingPeriods {
  private let cuts = Lock<[Timestamp]>([])

  func move(to instants: [Timestamp]) { cuts.withLock { $0 = instants.sorted() } }

  func period(containing instant: Timestamp, for tenant: TenantContext) async throws(StoreError) -> Period {
    let cuts = cuts.withLock { $0 }
    let index = cuts.partitioningIndex { $0 > instant }
    let start = index > 0 ? cuts[index - 1] : UsageStoreSubject.everything.start
    return Period(ordered: start, index < cuts.count ? cuts[index] : UsageStoreSubject.everything.end)
  }
}
