internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let streams =
    (1...4).map { seed in
      Check("after a random stream of writes and re-pricings every answer is the reference's (seed \(seed))") {
        try await stream(seed: UInt64(seed), withRetention: false, $0)
      }
    }
    + (5...8).map { seed in
      Check("so it is with roll-ups, sealing and retention between them (seed \(seed))") {
        try await stream(seed: UInt64(seed), withRetention: true, $0)
      }
    }

  static let concurrency = [
    Check("events that several callers send at once are recorded once each", concurrentEvents),
    Check("concurrent finishes of one run leave one end", concurrentFinishes),
    Check("concurrent roll-ups leave the rows of one", concurrentRollUps),
  ]

  // MARK: Streams

  private static func stream(seed: UInt64, withRetention: Bool, _ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    var stream = UsageStream(seed: seed, tenant: tenant)
    var model = UsageModel()
    for step in 0..<60 {
      let what = "after step \(step) of the stream with seed \(seed)"
      let store = step % 2 == 0 ? subject.store : subject.peer
      switch stream.number(0..<(withRetention ? 10 : 7)) {
      case 0..<6:
        let writes = try stream.writes(count: stream.number(1..<25))
        let answers = try await store.record([UsageBatch(writes, for: tenant)], at: Subject.noon)
        try Expect.equal(answers, [model.record(writes)], "the answers \(what)")
      case 6:
        let costs = try stream.costs()
        try Expect.equal(await store.reprice(costs, for: tenant), model.reprice(costs), "how many changed \(what)")
      case 7, 8:
        // Settling a day twice is harmless, and so is keeping one stale; the model takes over what the store says.
        let periods = stream.tiling()
        try Expect.equal(await store.rollUp(periods, of: tenant), model.rollUp(periods), "the roll-up \(what)")
        let end = stream.instant()
        model.seal(endedBy: end, at: Subject.noon)
        _ = try await store.sealLedger(endedBy: end, of: tenant, at: Subject.noon)
      default:
        let day = Subject.day.advanced(by: stream.number(0..<UsageStream.days))
        model.deleteRows(before: day)
        let deletion = try await store.deleteRows(before: day, limit: PageLimit(stream.number(1..<60)), of: tenant)
        try Expect.equal(deletion.horizon, model.horizon, "the horizon \(what)")
      }
      if step % 6 == 5 { try await compare(subject, model, &stream, what) }
    }
    try await compare(subject, model, &stream, "at the end of the stream with seed \(seed)")
  }

  private static func compare(
    _ subject: UsageStoreSubject, _ model: UsageModel, _ stream: inout UsageStream, _ what: String
  ) async throws {
    let tenant = stream.tenant
    try Expect.equal(
      await subject.store.status(of: tenant), UsageStatus(revision: model.revision, horizon: model.horizon),
      "the status \(what)")
    for window in [Subject.window, stream.window()] {
      try Expect.equal(await subject.report(window, of: tenant), model.report(for: window), "the report \(what)")
    }
    for period in [stream.period(), stream.period(), UsageStream.periods[stream.number(0..<UsageStream.periods.count)]]
    {
      if let error = model.deletedRows(of: period) {
        try await Expect.failure(error, "the sums of \(period) \(what)") {
          try await subject.store.sums(of: [period], for: tenant)
        }
      } else {
        try Expect.equal(
          await subject.store.sums(of: [period], for: tenant).value, [model.sums(of: period)],
          "the sums of \(period) \(what)")
      }
    }
    try await comparePages(subject, model, &stream, what)
    try Expect.equal(await subject.ledger(pagedBy: 2, of: tenant), model.ledger, "the ledger \(what)")
    let stale = Set(try await subject.store.staleDays(limit: .maximum, of: tenant))
    try Expect.holds(stale.isSuperset(of: model.staleDays), "every changed day is stale \(what)", got: stale)
    let running = try await subject.store.runningRuns(
      startedBefore: .distantFuture, after: nil, limit: .maximum, of: tenant)
    try Expect.equal(
      running.elements,
      model.runs(matching: RunQuery(period: Subject.everything, outcomes: [.running]), at: .max),
      "the running runs \(what)")
  }

  private static func comparePages(
    _ subject: UsageStoreSubject, _ model: UsageModel, _ stream: inout UsageStream, _ what: String
  ) async throws {
    let tenant = stream.tenant
    var (runQuery, eventQuery) = (try stream.runQuery(), try stream.eventQuery())
    let kept = Period(ordered: max(model.horizon ?? .distantPast, Subject.everything.start), Subject.everything.end)
    if runQuery.period.start < kept.start { runQuery.period = kept }
    if eventQuery.period.start < kept.start { eventQuery.period = kept }
    let revision = Int64(stream.number(0..<Int(clamping: model.revision + 1)))
    try Expect.equal(
      await subject.runs(runQuery, at: revision, pagedBy: 9, of: tenant), model.runs(matching: runQuery, at: revision),
      "the runs of \(runQuery) \(what)")
    try Expect.equal(
      await subject.events(eventQuery, at: revision, pagedBy: 9, of: tenant),
      model.events(matching: eventQuery, at: revision), "the events of \(eventQuery) \(what)")
    let page = try await subject.store.events(
      matching: eventQuery, at: revision, after: nil, limit: .standard, of: tenant)
    if model.hasEventChanged(in: eventQuery.period, since: revision) {
      try Expect.holds(page.changedSince, "a page says that a row changed since its revision \(what)")
    }
  }

  // MARK: Concurrency

  private static func concurrentEvents(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let outcomes = await concurrently(8) { caller in
      let store = caller % 2 == 0 ? subject.store : subject.peer
      // Every caller sends every event, each in an order of its own.
      let writes = try (0..<40).map { number in
        let id = (number * 7 + caller * 5) % 40
        return UsageWrite.event(
          PricedEvent(try Subject.event("e\(id)", run: "r\(id % 4)"), cost: try Subject.cost(1 << Int64(id))))
      }
      let run = try Subject.run("r\(caller % 4)")
      return try await store.record([UsageBatch(writes + [.run(run)], for: tenant)], at: Subject.noon)
    }
    try Expect.equal(outcomes.errors().map(String.init(describing:)), [], "the errors")
    let answers = outcomes.answers().flatMap { $0.flatMap(\.self) }
    try Expect.equal(answers.filter { $0 == .recorded }.count, 44, "how many writes were recorded")
    try Expect.equal(answers.filter { $0 == .duplicate }.count, 8 * 41 - 44, "how many were duplicates")
    try await subject.agreesWithReference(of: tenant, "after concurrent writes")
  }

  private static func concurrentFinishes(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let outcomes = await concurrently(8) { caller in
      let store = caller % 2 == 0 ? subject.store : subject.peer
      let run = try Subject.run("r", took: Int64(caller % 4), caller % 2 == 0 ? .succeeded : .failed)
      return (run, try await store.record([UsageBatch([.run(run)], for: tenant)], at: Subject.noon))
    }
    let answers = outcomes.answers()
    try Expect.equal(answers.count, 8, "how many calls were answered")
    let stored = try Expect.some(await subject.store.run(RunID("r"), of: tenant), "the run").run
    for (run, answer) in answers {
      let expected: [UsageAnswer] =
        run == stored ? [.recorded, .duplicate] : [.conflict(.run(.finished(stored.outcome)))]
      let got = try Expect.some(answer.first?.first, "an answer")
      try Expect.holds(expected.contains(got), "the answer for \(run)", got: got)
    }
    try await subject.agreesWithReference(of: tenant, "after concurrent finishes")
  }

  private static func concurrentRollUps(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    var stream = UsageStream(seed: 3, tenant: tenant)
    for _ in 0..<5 { try await subject.record(stream.writes(count: 20), for: tenant) }
    let outcomes = await concurrently(6) { caller in
      try await (caller % 2 == 0 ? subject.store : subject.peer).rollUp(UsageStream.periods, of: tenant)
    }
    try Expect.equal(outcomes.errors().map(String.init(describing:)), [], "the errors")
    let rows = try await subject.ledger(of: tenant)
    try Expect.equal(outcomes.answers(), Array(repeating: rows, count: 6), "the rows of every roll-up")
    try Expect.equal(
      rows.map(\.sums), await subject.store.sums(of: UsageStream.periods, for: tenant).value, "the sums of the rows")
    try Expect.equal(await subject.store.staleDays(limit: .standard, of: tenant), [], "the stale days")
  }
}
