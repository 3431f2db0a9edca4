internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let repricing = [
    Check("a re-pricing changes costs, groups and revisions, and nothing where the costs are the same", reprice),
    Check("re-pricing an unpriced event takes it out of the unpriced", priceUnpriced),
  ]

  static let pages = [
    Check("pages of any size list everything once, by instant and then by the bytes of the identifier", order),
    Check("every condition of a query holds for what is listed, and nothing that fits is left out", filters),
    Check("pages at a revision leave out what came later, and say where a row has changed since", revisionPages),
  ]

  private static func reprice(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(
      .run(Subject.run("r")), .event(PricedEvent(Subject.event("e"), cost: Subject.cost(5))),
      .event(PricedEvent(Subject.event("f", run: "other"), cost: Subject.cost(7))), for: tenant)
    let costs = [
      try EventID("e"): try Subject.cost(50, rate: "new"), try EventID("f"): try Subject.cost(7),
      try EventID("nobody"): EventCost.unpriced,
    ]
    try Expect.equal(await subject.store.reprice(costs, for: tenant), 1, "how many events changed")
    try Expect.equal(await subject.store.reprice(costs, for: tenant), 0, "how many changed when it was repeated")
    try Expect.equal(await subject.store.reprice(costs, for: subject.tenant("globex")), 0, "how many of another tenant")
    try Expect.equal(await subject.revision(of: tenant), 2, "the revision")
    let stored = try Expect.some(await subject.peer.event(EventID("e"), of: tenant), "the event")
    try Expect.equal(stored.cost, try Subject.cost(50, rate: "new"), "its cost")
    try Expect.equal([stored.insertedRevision, stored.changedRevision], [1, 2], "its revisions")
    try await subject.agreesWithReference(of: tenant, "after re-pricing")
    // The same amount by another rate is another row and the same sums.
    try Expect.equal(
      await subject.store.reprice([EventID("e"): Subject.cost(50, rate: "newer")], for: tenant), 1, "another rate")
    try Expect.equal(await subject.store.event(EventID("e"), of: tenant)?.cost.rate, RateID("newer"), "the rate")
    try await subject.agreesWithReference(of: tenant, "after another rate")
  }

  private static func priceUnpriced(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(.event(PricedEvent(Subject.event("e"), cost: .unpriced)), for: tenant)
    let rate = try RateID("card")
    let costs: [EventCost] = [
      .partlyPriced(PicoUSD(picos: 3), rate: rate), .priced(PicoUSD(picos: 4), rate: rate), .unpriced,
      .priced(.zero, rate: rate),
    ]
    for cost in costs {
      try Expect.equal(await subject.store.reprice([EventID("e"): cost], for: tenant), 1, "changed to \(cost)")
      try await subject.agreesWithReference(of: tenant, "with \(cost)")
    }
  }

  private static func order(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    // Of one instant: bytes decide, where `Z` comes before `a`, a prefix before what it begins, and `é` last.
    let names = ["b", "a", "Z", "aa", "é", "a/"]
    for (number, name) in names.enumerated() {
      for instant in [Subject.noon + .seconds(86_400), Subject.noon, Subject.noon - .microseconds(1)] {
        let id = "\(name)\(instant.microseconds % 3)"
        try await subject.record(
          .event(PricedEvent(Subject.event(id, at: instant), cost: Subject.cost(Int64(number)))),
          .run(Subject.run(id, at: instant)), for: tenant)
      }
    }
    for limit in [1, 2, 5, 18, 100] {
      let events = try await subject.events(pagedBy: limit, of: tenant)
      try Expect.equal(events.map(\.cursor), events.map(\.cursor).sorted(), "the order of events paged by \(limit)")
      try Expect.equal(Set(events.map(\.event.id)).count, events.count, "no event comes twice")
      try Expect.equal(events.count, await subject.report(of: tenant).total.sums.events.count.asInt, "how many events")
      let runs = try await subject.runs(pagedBy: limit, of: tenant)
      try Expect.equal(runs.map(\.cursor), runs.map(\.cursor).sorted(), "the order of runs paged by \(limit)")
      try Expect.equal(runs.count, await subject.report(of: tenant).total.sums.runs.count.asInt, "how many runs")
    }
    // A cursor of nothing that is there is a place like any other.
    let cursor = EventCursor(createdAt: Subject.noon, id: try EventID("aZ"))
    let rest = try await subject.store.events(
      matching: EventQuery(period: Subject.everything), at: nil, after: cursor, limit: .maximum, of: tenant)
    let expected = try await subject.events(of: tenant).filter { cursor < $0.cursor }
    try Expect.equal(rest.page.elements, expected, "what comes after a place between two events")
  }

  private static func filters(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let random = UsageStream(seed: 11, tenant: tenant)
    var stream = random
    for _ in 0..<12 { try await subject.record(stream.writes(count: 20), for: tenant) }
    let (allRuns, allEvents) = (try await subject.runs(of: tenant), try await subject.events(of: tenant))
    for _ in 0..<40 {
      let (runQuery, eventQuery) = (try stream.runQuery(), try stream.eventQuery())
      try Expect.equal(
        await subject.runs(runQuery, pagedBy: 7, of: tenant), allRuns.filter { runQuery.matches($0.run) },
        "the runs of \(runQuery)")
      try Expect.equal(
        await subject.events(eventQuery, pagedBy: 7, of: tenant), allEvents.filter(eventQuery.matches),
        "the events of \(eventQuery)")
    }
  }

  private static func revisionPages(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    func page(at revision: Int64, _ period: Period = Subject.everything) async throws -> (String, Bool) {
      let page = try await subject.peer.events(
        matching: EventQuery(period: period), at: revision, after: nil, limit: .maximum, of: tenant)
      return (page.page.elements.map(\.event.id.rawValue).joined(separator: " "), page.changedSince)
    }
    try await subject.record(.event(PricedEvent(Subject.event("e"), cost: Subject.cost(1))), for: tenant)
    try await subject.record(.event(PricedEvent(Subject.event("d"), cost: Subject.cost(1))), for: tenant)
    try Expect.equal(await page(at: 1).0, "e", "the events at the first revision")
    try Expect.equal(await page(at: 2).0, "d e", "the events at the second revision")
    try Expect.equal(await page(at: 1).1, false, "whether an insertion counts as a change")
    let farDay = Subject.noon + .seconds(5 * 86_400)
    try await subject.record(
      .event(PricedEvent(Subject.event("far", run: "q", at: farDay), cost: .unpriced)), for: tenant)
    try await subject.record(.run(Subject.run("q", at: farDay)), for: tenant)
    let near = Period(ordered: Subject.noon - .seconds(3_600), Subject.noon + .seconds(3_600))
    try Expect.equal(await page(at: 2, near).1, false, "whether a change on another day counts")
    try Expect.equal(await page(at: 3).1, true, "whether the run's arrival counts")
    try Expect.equal(await page(at: 4).1, false, "whether it counts once the reader knows of it")
    _ = try await subject.store.reprice([EventID("e"): Subject.cost(2)], for: tenant)
    try Expect.equal(await page(at: 4, near).1, true, "whether a re-pricing counts")
    let runs = try await subject.store.runs(
      matching: RunQuery(period: Subject.everything), at: 3, after: nil, limit: .maximum, of: tenant)
    try Expect.equal(runs.page.elements, [], "the runs before any came")
    try await subject.record(.run(Subject.run("q", at: farDay, took: 1, .failed)), for: tenant)
    let later = try await subject.store.runs(
      matching: RunQuery(period: Subject.everything), at: 4, after: nil, limit: .maximum, of: tenant)
    try Expect.equal(later.page.elements.map(\.run.outcome), [.failed], "the run in its last value")
    try Expect.equal(later.changedSince, true, "whether its end counts as a change")
  }
}

extension Int64 {
  /// The same number; a suite's counts are small.
  fileprivate var asInt: Int { Int(clamping: self) }
}
