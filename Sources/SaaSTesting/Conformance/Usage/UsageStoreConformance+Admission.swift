internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageStoreConformance {
  private typealias Subject = UsageStoreSubject

  static let admission = [
    Check("runs are admitted up to the limit of their period, and not past it", limit),
    Check("a start that is repeated gets its first answer, at whatever instant", repeatedStart),
    Check("runs recorded without a limit count, also those before them in a batch", counted),
    Check("a period of odd seconds counts its own runs alone", oddPeriod),
    Check("concurrent starts under a limit admit exactly as many", concurrentStarts),
  ]

  private static let period = Period(ordered: UsageStoreSubject.noon, UsageStoreSubject.noon + .seconds(100_000))

  private static func limit(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    for number in 0..<3 {
      try Expect.equal(
        await subject.record(.start(Subject.run("r\(number)"), limit: RunLimit(3, in: period)), for: tenant),
        [.recorded], "start \(number)")
    }
    let next = UsageWrite.start(try Subject.run("r3"), limit: RunLimit(3, in: period))
    for _ in 0..<2 {
      try await subject.unchanged(
        [next], answers: [.refused(.limitReached(used: 3))], "a start past the limit", for: tenant)
    }
    try Expect.equal(
      await subject.record(.start(Subject.run("r3"), limit: RunLimit(4, in: period)), for: tenant), [.recorded],
      "a start under a higher limit")
    try Expect.equal(
      await subject.record(.start(Subject.run("r4"), limit: nil), for: tenant), [.recorded], "a start without a limit")
    try Expect.equal(
      await subject.record(.start(Subject.run("r5"), limit: RunLimit(0, in: period)), for: subject.tenant("globex")),
      [.refused(.limitReached(used: 0))], "a start under a limit of none")
    try await subject.agreesWithReference(of: tenant, "after starts")
  }

  private static func repeatedStart(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let run = try Subject.run("r")
    let limit = RunLimit(1, in: period)
    try await subject.record(.start(run, limit: limit), for: tenant)
    let later = try Subject.run("r", at: Subject.noon + .seconds(7))
    try await subject.unchanged(
      [.start(run, limit: limit), .start(later, limit: limit), .start(later, limit: RunLimit(0, in: period))],
      answers: [.duplicate, .duplicate, .duplicate], "repeated starts", for: tenant)
    try await subject.unchanged(
      [.start(Subject.run("r", user: "bob"), limit: limit), .start(Subject.run("r", workflow: "draft"), limit: limit)],
      answers: [.conflict(.run(.userID)), .conflict(.run(.workflow))], "starts of another run", for: tenant)
    try await subject.record(.run(Subject.run("r", took: 9, .succeeded)), for: tenant)
    try await subject.unchanged(
      [.start(run, limit: limit)], answers: [.duplicate], "a start after the end", for: tenant)
  }

  private static func counted(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let limit = RunLimit(2, in: period)
    try Expect.equal(
      await subject.record(
        .start(Subject.run("a"), limit: limit), .run(Subject.run("b", took: 1, .failed)),
        .start(Subject.run("c"), limit: limit), .run(Subject.run("d")), .start(Subject.run("a"), limit: limit),
        for: tenant),
      [.recorded, .recorded, .refused(.limitReached(used: 2)), .recorded, .duplicate], "one batch")
  }

  private static func oddPeriod(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let odd = Period(ordered: Subject.noon + .microseconds(61_000_001), Subject.noon + .microseconds(90_000_000_007))
    for (number, microseconds) in [0, 61_000_000, 61_000_001, 90_000_000_006, 90_000_000_007].enumerated() {
      try await subject.record(
        .run(Subject.run("r\(number)", at: Subject.noon + .microseconds(microseconds))), for: tenant)
    }
    try await subject.unchanged(
      [.start(Subject.run("x", at: odd.start), limit: RunLimit(2, in: odd))],
      answers: [.refused(.limitReached(used: 2))], "a start under a limit of two", for: tenant)
    try Expect.equal(
      await subject.record(.start(Subject.run("x", at: odd.start), limit: RunLimit(3, in: odd)), for: tenant),
      [.recorded], "a start under a limit of three")
  }

  private static func concurrentStarts(_ subject: UsageStoreSubject) async throws {
    let tenant = try await subject.tenant()
    let outcomes = await concurrently(24) { number in
      let store = number % 2 == 0 ? subject.store : subject.peer
      return try await store.record(
        [UsageBatch([.start(Subject.run("r\(number % 16)"), limit: RunLimit(5, in: period))], for: tenant)],
        at: Subject.noon)
    }
    try Expect.equal(outcomes.errors().map(String.init(describing:)), [], "the errors")
    let answers = outcomes.answers().flatMap { $0.flatMap(\.self) }
    try Expect.equal(answers.filter { $0 == .recorded }.count, 5, "how many starts were admitted")
    try Expect.equal(await subject.runs(of: tenant).count, 5, "how many runs there are")
    try await subject.agreesWithReference(of: tenant, "after concurrent starts")
  }
}
