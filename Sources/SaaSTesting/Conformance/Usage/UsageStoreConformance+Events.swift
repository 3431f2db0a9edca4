internal import SaaSCore
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let events = [
    Check("an event is recorded once, however often it comes", repeats),
    Check("an event with other facts under a recorded identifier is a conflict, whichever fact differs", conflicts),
    Check("one identifier in two organisations is two events", organizations),
    Check("batches of several organisations are answered in their places", batches),
    Check("an event is kept with everything it said, and each kind of cost", facts),
    Check("an event at a boundary belongs to the later day, hour and period", boundaries),
    Check("costs add up past 64 bits", largeCosts),
    Check("a call that records nothing takes no revision, one that does takes one", revisions),
    Check("nothing was ever recorded: every answer is empty", empty),
  ]

  private static func repeats(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let write = UsageWrite.event(PricedEvent(try Subject.event("e"), cost: try Subject.cost(5)))
    let other = UsageWrite.event(PricedEvent(try Subject.event("f"), cost: .unpriced))
    try Expect.equal(
      await subject.record(write, other, write, for: tenant), [.recorded, .recorded, .duplicate],
      "a repeat within a batch")
    // Prices change; the event is the same.
    let repriced = UsageWrite.event(PricedEvent(try Subject.event("e"), cost: try Subject.cost(9)))
    try await subject.unchanged([write, repriced], answers: [.duplicate, .duplicate], "a repeat later", for: tenant)
    try await subject.agreesWithReference(of: tenant, "after repeats")
  }

  private static func conflicts(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try await subject.record(.event(PricedEvent(try Subject.event("e"), cost: .unpriced)), for: tenant)
    let others = [
      try Subject.event("e", run: "other"), try Subject.event("e", step: "s"),
      try Subject.event("e", provider: "azure"), try Subject.event("e", model: "o3"),
      try Subject.event("e", tokens: (11, 5)), try Subject.event("e", tokens: (10, 6)),
      try Subject.event("e", tier: "flex"), try Subject.event("e", took: 8), try Subject.event("e", size: 2),
      try Subject.event("e", at: Subject.noon + .microseconds(1)),
    ]
    try await subject.unchanged(
      others.map { .event(PricedEvent($0, cost: .unpriced)) }, answers: others.map { _ in .conflict(.event) },
      "events with other facts", for: tenant)
  }

  private static func organizations(_ subject: UsageStoreSubject) async throws {
    let (acme, globex) = (try await subject.tenant("acme"), try await subject.tenant("globex"))
    try Expect.equal(
      await subject.record(.event(PricedEvent(try Subject.event("e"), cost: .unpriced)), for: acme), [.recorded], "one")
    let other = PricedEvent(try Subject.event("e", tokens: (1, 1)), cost: try Subject.cost(3))
    try Expect.equal(await subject.record(.event(other), for: globex), [.recorded], "the same name elsewhere")
    try Expect.equal(await subject.store.event(EventID("e"), of: globex)?.event, other.event, "the other event")
    try Expect.equal(await subject.store.event(EventID("e"), of: acme)?.event, Subject.event("e"), "the first event")
    try Expect.none(await subject.store.run(RunID("r"), of: acme), "a run of which only events came")
  }

  private static func batches(_ subject: UsageStoreSubject) async throws {
    let (acme, globex) = (try await subject.tenant("acme"), try await subject.tenant("globex"))
    let event = UsageWrite.event(PricedEvent(try Subject.event("e"), cost: .unpriced))
    let answers = try await subject.store.record(
      [
        UsageBatch([event, .run(try Subject.run("r"))], for: acme), UsageBatch([], for: globex),
        UsageBatch([event], for: globex), UsageBatch([event, .run(try Subject.run("r", user: "bob"))], for: acme),
      ], at: Subject.noon)
    try Expect.equal(
      answers, [[.recorded, .recorded], [], [.recorded], [.duplicate, .conflict(.run(.userID))]],
      "the answers of four batches")
    try Expect.equal(await subject.revision(of: acme), 1, "one call, one revision")
    try await subject.agreesWithReference(of: acme, "of the first")
    try await subject.agreesWithReference(of: globex, "of the second")
  }

  private static func facts(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let long = String(repeating: "é", count: 126)
    let tokens = try TokenCounts(
      prompt: UsageBounds.tokens, cachedPrompt: 3, cacheWritePrompt: 4, completion: UsageBounds.tokens)
    let event = try UsageEvent(
      id: EventID("e/" + long), runID: RunID("r" + long), stepID: StepID(long), provider: ProviderName("p'\"" + long),
      model: ModelName(long), tokens: tokens, serviceTier: ServiceTier("flex"),
      durationMilliseconds: UsageBounds.durationMilliseconds, resultSize: UsageBounds.resultSize,
      createdAt: Subject.noon + .microseconds(123_456))
    let rate = try RateID("card/2 · " + String(repeating: "x", count: 200))
    let costs: [EventCost] = [
      .priced(PicoUSD(picos: .max), rate: rate), .partlyPriced(PicoUSD(picos: 1), rate: rate), .unpriced,
      .priced(.zero, rate: rate),
    ]
    try await subject.record(.event(PricedEvent(event, cost: costs[0])), for: tenant)
    for (number, cost) in costs.enumerated().dropFirst() {
      try await subject.record(.event(PricedEvent(Subject.event("e\(number)"), cost: cost)), for: tenant)
    }
    let stored = try Expect.some(await subject.store.event(event.id, of: tenant), "the event")
    try Expect.equal(
      stored,
      RecordedEvent(
        event, cost: costs[0], user: .unknown, workflow: .unknown, insertedRevision: 1, changedRevision: 1),
      "everything of the event")
    for (number, cost) in costs.enumerated().dropFirst() {
      try Expect.equal(await subject.peer.event(EventID("e\(number)"), of: tenant)?.cost, cost, "the cost")
    }
    let total = try await subject.report(of: tenant).total.sums.events
    try Expect.equal(total.unpriced, 1, "unpriced events")
    try Expect.equal(total.partlyUnpriced, 1, "partly unpriced events")
    try await subject.agreesWithReference(of: tenant, "with every kind of cost")
  }

  private static func boundaries(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let midnight = Subject.day.advanced(by: 1).start
    for (number, offset) in [-1, 0, 1].enumerated() {
      let instant = midnight + .microseconds(offset)
      try await subject.record(
        .event(PricedEvent(Subject.event("e\(number)", at: instant), cost: Subject.cost(1 << number))),
        .run(Subject.run("r\(number)", at: instant)), for: tenant)
    }
    let days = try await subject.report(of: tenant).days
    try Expect.equal(days.map(\.day), [Subject.day, Subject.day.advanced(by: 1)], "the days")
    try Expect.equal(days.map(\.group.sums.events.cost.totalPicos), [1, 6], "the costs of the days")
    let before = Period(ordered: midnight - .seconds(3_600), midnight)
    let after = Period(ordered: midnight, midnight + .seconds(3_600))
    let odd = Period(ordered: midnight - .microseconds(1), midnight + .microseconds(1))
    let sums = try await subject.store.sums(of: [before, after, odd], for: tenant).value
    try Expect.equal(sums.map(\.events.cost.totalPicos), [1, 6, 3], "the costs of periods that meet at midnight")
    try Expect.equal(sums.map(\.runs.count), [1, 2, 2], "the runs of periods that meet at midnight")
    try await subject.agreesWithReference(of: tenant, "around midnight")
  }

  private static func largeCosts(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let writes = try (0..<5).map { number in
      UsageWrite.event(PricedEvent(try Subject.event("e\(number)"), cost: try Subject.cost(.max)))
    }
    try await subject.record(writes, for: tenant)
    let total = try await subject.report(of: tenant).total.sums.events.cost
    try Expect.equal(total.totalPicos, Int128(Int64.max) * 5, "the sum of five of the largest costs")
    try await subject.agreesWithReference(of: tenant, "of large costs")
  }

  private static func revisions(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let event = UsageWrite.event(PricedEvent(try Subject.event("e"), cost: .unpriced))
    try await subject.record(event, .run(try Subject.run("r")), for: tenant)
    try Expect.equal(await subject.revision(of: tenant), 1, "the revision after the first call")
    try Expect.equal(await subject.store.report(for: Subject.window, of: tenant).revision, 1, "the report's revision")
    try await subject.record(event, for: tenant)
    try Expect.equal(await subject.revision(of: tenant), 1, "the revision after a repeat")
    try await subject.record(.run(try Subject.run("r", took: 3, .failed)), for: tenant)
    try Expect.equal(await subject.revision(of: tenant), 2, "the revision after a finish")
    let run = try Expect.some(await subject.store.run(RunID("r"), of: tenant), "the run")
    try Expect.equal([run.insertedRevision, run.changedRevision], [1, 2], "the run's revisions")
  }

  private static func empty(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    try Expect.equal(await subject.store.status(of: tenant), UsageStatus(revision: 0, horizon: nil), "the status")
    try Expect.equal(
      await subject.report(of: tenant),
      UsageReport(window: Subject.window, days: [], users: [], workflows: [], models: []), "the report")
    let always = Period(ordered: .distantPast, .distantFuture)
    try Expect.equal(
      await subject.store.sums(of: [always, Subject.everything], for: tenant).value, [UsageSums(), UsageSums()],
      "the sums")
    try Expect.equal(await subject.runs(RunQuery(period: always), of: tenant), [], "the runs")
    try Expect.equal(await subject.events(EventQuery(period: always), of: tenant), [], "the events")
    try Expect.equal(await subject.ledger(of: tenant), [], "the ledger")
    try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days")
    try Expect.none(await subject.store.run(RunID("r"), of: tenant), "a run")
    try Expect.none(await subject.store.event(EventID("e"), of: tenant), "an event")
    try Expect.equal(await subject.store.record([], at: Subject.noon), [], "no batches")
    try Expect.equal(
      await subject.store.runningRuns(startedBefore: .distantFuture, after: nil, limit: .standard, of: tenant),
      Page([], next: nil), "the running runs")
  }
}
