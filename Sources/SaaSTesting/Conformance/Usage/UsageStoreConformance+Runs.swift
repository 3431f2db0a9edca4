internal import SaaSCore
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let runs = [
    Check("a run goes from every state to every other as the rules say", transitions),
    Check("a run that arrives takes its events from unknown to its user and workflow", lateRun),
    Check("a finish moves sums, durations and rates", finish),
    Check("a run that becomes abandoned is told once", abandoned),
    Check("running runs are listed by start, by pages, without those that ended", running),
  ]

  private static func transitions(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    func values(_ id: String) throws -> [Run] {
      [
        try Subject.run(id), try Subject.run(id, artifacts: 2), try Subject.run(id, took: 3, .succeeded, artifacts: 1),
        try Subject.run(id, took: 4, .succeeded, artifacts: 1), try Subject.run(id, took: 3, .succeeded),
        try Subject.run(id, took: 3, .failed), try Subject.run(id, took: 3, .cancelled),
        try Subject.run(id, took: 3, .abandoned), try Subject.run(id, at: Subject.noon + .seconds(1)),
        try Subject.run(id, user: "bob"), try Subject.run(id, workflow: "draft"),
      ]
    }
    let count = try values("x").count
    for first in 0..<count {
      for second in 0..<count {
        let all = try values("r\(first)-\(second)")
        try Expect.equal(await subject.record(.run(all[first]), for: tenant), [.recorded], "a new run")
        let expected: (UsageAnswer, Run) =
          switch all[first].change(on: all[second]) {
          case .unchanged: (.duplicate, all[first])
          case .changed(let run): (.updated, run)
          case .conflict(let conflict): (.conflict(.run(conflict)), all[first])
          }
        try Expect.equal(
          await subject.record(.run(all[second]), for: tenant), [expected.0], "\(all[second]) upon \(all[first])")
        try Expect.equal(await subject.peer.run(all[first].id, of: tenant)?.run, expected.1, "the run afterwards")
      }
    }
    try await subject.agreesWithReference(of: tenant, "after every transition")
  }

  private static func lateRun(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let nextDay = Subject.noon + .seconds(86_400)
    try await subject.record(
      .event(PricedEvent(Subject.event("e1"), cost: Subject.cost(1))),
      .event(PricedEvent(Subject.event("e2", at: nextDay), cost: Subject.cost(2))),
      .event(PricedEvent(Subject.event("e3", run: "other"), cost: Subject.cost(4))), for: tenant)
    let before = try await subject.report(of: tenant)
    try Expect.equal(before.users.map(\.user), [.unknown], "whose the events are before")
    try await subject.record(.run(Subject.run("r")), for: tenant)
    let after = try await subject.report(of: tenant)
    try Expect.equal(
      after.users.map { "\($0.user) \($0.group.sums.events.cost.totalPicos)" }, ["ann 3", "unknown 4"],
      "whose the events are after")
    try Expect.equal(
      after.workflows.map { "\($0.workflow) \($0.group.sums.events.cost.totalPicos)" }, ["review 3", "unknown 4"],
      "of which workflow they are after")
    let events = try await subject.events(of: tenant)
    try Expect.equal(events.map(\.changedRevision), [2, 1, 2], "the revisions at which events changed")
    try Expect.equal(events.map(\.insertedRevision), [1, 1, 1], "the revisions at which they were inserted")
    try await subject.record(.event(PricedEvent(Subject.event("e4"), cost: Subject.cost(8))), for: tenant)
    try await subject.agreesWithReference(of: tenant, "after the run came")
  }

  private static func finish(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    for (number, seconds) in [1, 2, 3, 500, 86_400].enumerated() {
      try await subject.record(.run(Subject.run("r\(number)")), for: tenant)
      try await subject.record(
        .run(
          Subject.run("r\(number)", took: Int64(seconds), number == 3 ? .failed : .succeeded, artifacts: Int64(number))),
        for: tenant)
    }
    try await subject.record(.run(Subject.run("running", artifacts: 3)), for: tenant)
    let total = try await subject.report(of: tenant).total
    try Expect.equal(total.sums.runs.count, 6, "runs")
    try Expect.equal(total.sums.runs.finished, 5, "finished runs")
    try Expect.equal(total.sums.runs.succeeded, 4, "runs that succeeded")
    try Expect.equal(total.sums.runs.finishedWithArtifacts, 4, "finished runs with artifacts")
    try Expect.equal(total.sums.runs.averageDurationMilliseconds, 17_381_200, "the average duration")
    let half = try Expect.some(total.durations.percentile(50), "the median")
    try Expect.holds(abs(half - 3_000) <= 30, "the median is 3 s within 1 %", got: half)
    try await subject.agreesWithReference(of: tenant, "after finishes")
  }

  private static func abandoned(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let run = try Subject.run("r")
    try await subject.record(.run(run), .run(Subject.run("s", took: 1, .succeeded)), for: tenant)
    try Expect.equal(await subject.told(), [], "what is told before")
    for _ in 0..<2 { try await subject.record(.run(run.abandoned(after: .seconds(60))), for: tenant) }
    try Expect.equal(
      await subject.told(), [.runAbandoned(runID: run.id, startedAt: run.startedAt)], "what is told")
    try Expect.equal(await subject.outbox.events(after: 0, limit: .standard).map(\.occurredAt), [Subject.noon], "when")
  }

  private static func running(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    for number in 0..<7 {
      try await subject.record(
        .run(Subject.run("r\(number)", at: Subject.noon + .seconds(40_000 * (number % 4)))), for: tenant)
    }
    try await subject.record(
      .run(Subject.run("r1", at: Subject.noon + .seconds(40_000), took: 1, .failed)), for: tenant)
    var all: [String] = []
    var next: RunCursor?
    repeat {
      let page = try await subject.peer.runningRuns(
        startedBefore: Subject.noon + .seconds(120_000), after: next, limit: PageLimit(2), of: tenant)
      all += page.elements.map(\.run.id.rawValue)
      next = page.next
    } while next != nil
    try Expect.equal(all, ["r0", "r4", "r5", "r2", "r6"], "the running runs that began before the instant")
  }
}
