import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite("The usage recorder")
struct UsageRecorderTests {
  typealias Fixture = UsageFixture

  private let clock = ManualClock(UsageFixture.start)
  private let store = InMemoryUsageStore()
  private let tenants = TestTenants()

  private func recorder(limits: UsageRecorder.Limits = .init()) -> UsageRecorder {
    let numbers = Lock(0)
    return UsageRecorder(store: store, pricing: FlatPricing(), clock: clock, limits: limits) {
      let number = numbers.withLock { number in
        number += 1
        return number
      }
      return RunID(validated: ValidIdentifierText(trusted: InlineText("run-\(number)") ?? InlineText()))
    }
  }

  private func record(
    _ step: String, attempt: Int = 0, of run: ActiveRun, prompt: Int64 = 100, with usage: UsageRecorder
  ) async throws -> UsageAnswer {
    try await usage.record(
      step: StepID(step), attempt: attempt, of: run, provider: ProviderName("openai"), model: ModelName("gpt-4o"),
      tokens: TokenCounts(prompt: prompt, completion: 20), took: .seconds(2))
  }

  @Test("work is recorded where it happens")
  func work() async throws {
    let (usage, tenant) = (recorder(), try await tenants.context("acme"))
    let run = try await usage.start(WorkflowName("review"), by: UserID("ann"), in: tenant)
    #expect(try await record("draft", of: run, with: usage) == .recorded)
    clock.advance(by: .seconds(30))
    let finished = try await usage.finish(run, .succeeded, artifacts: 2)
    #expect(finished.durationMilliseconds == 30_000)
    let day = DayWindow(lastDays: 1, at: clock.now())
    let report = try await store.report(for: day, of: tenant).value
    #expect(report.users.map(\.user) == [.known(try UserID("ann"))])
    #expect(report.total.sums.runs.succeeded == 1)
    #expect(report.total.sums.runs.artifacts == 2)
    #expect(report.total.sums.events.cost.totalPicos == 120_000)
    #expect(try await usage.run(run.run.id, of: tenant)?.run == finished)
  }

  @Test("an attempt that is sent again later is the same event, and other facts are a conflict")
  func retriedStep() async throws {
    let (usage, tenant) = (recorder(), try await tenants.context("acme"))
    let run = try await usage.start(WorkflowName("review"), by: UserID("ann"), in: tenant)
    #expect(try await record("draft", of: run, with: usage) == .recorded)
    clock.advance(by: .seconds(5))
    #expect(try await record("draft", of: run, with: usage) == .duplicate)
    #expect(try await record("draft", attempt: 1, of: run, with: usage) == .recorded)
    await #expect(throws: UsageRecorderError.conflict(.event)) {
      try await record("draft", of: run, prompt: 101, with: usage)
    }
    let day = DayWindow(lastDays: 1, at: clock.now())
    #expect(try await store.report(for: day, of: tenant).value.total.sums.events.count == 2)
  }

  @Test("an end that is repeated gives the first, and another end is a conflict")
  func retriedFinish() async throws {
    let (usage, tenant) = (recorder(), try await tenants.context("acme"))
    let run = try await usage.start(WorkflowName("review"), by: UserID("ann"), in: tenant)
    clock.advance(by: .seconds(5))
    let first = try await usage.finish(run, .succeeded, artifacts: 1)
    clock.advance(by: .seconds(5))
    #expect(try await usage.finish(run, .succeeded, artifacts: 1) == first)
    for (outcome, artifacts) in [(Run.Outcome.succeeded, Int64(2)), (.failed, 1)] {
      await #expect(throws: UsageRecorderError.conflict(.run(.finished(.succeeded)))) {
        try await usage.finish(run, outcome, artifacts: artifacts)
      }
    }
    await #expect(throws: UsageRecorderError.refused(.invalid(.outcomeWithoutEnd))) {
      try await usage.finish(run, .running)
    }
  }

  @Test("an end without a number of artifacts keeps those that were recorded since the run began")
  func artifactsSince() async throws {
    let (usage, tenant) = (recorder(), try await tenants.context("acme"))
    let run = try await usage.start(WorkflowName("review"), by: UserID("ann"), in: tenant)
    let worker = try Run(
      id: run.run.id, userID: run.run.userID, workflow: run.run.workflow, startedAt: run.run.startedAt, artifactCount: 2
    )
    #expect(try await usage.record([.run(worker)], for: tenant) == [.updated])
    #expect(try await usage.finish(run, .succeeded).artifactCount == 2)
    #expect(try await usage.finish(run, .succeeded).artifactCount == 2)
    #expect(try await usage.run(run.run.id, of: tenant)?.run.artifactCount == 2)
  }

  @Test("limits that make no sense are brought to the nearest that do", arguments: [0, -1, Int.min])
  func senselessLimits(limit: Int) async throws {
    for limits in [
      UsageRecorder.Limits(batch: limit), .init(capacity: limit), .init(capacity: limit, batch: limit),
    ] {
      let (usage, tenant) = (recorder(limits: limits), try await tenants.context("acme"))
      let facts = try (0..<3).map { UsageFact.event(try Fixture.event("\(limit)-\(limits)-\($0)")) }
      #expect(try await usage.record(facts, for: tenant) == [.recorded, .recorded, .recorded])
    }
  }

  @Test("a start under one name gets its first answer, and a limit is kept")
  func starts() async throws {
    let (usage, tenant) = (recorder(), try await tenants.context("acme"))
    let month = UTCMonthPeriods.period(containing: clock.now())
    let limit = RunLimit(1, in: month)
    func start(_ id: String) async throws -> ActiveRun {
      try await usage.start(WorkflowName("review"), by: UserID("ann"), in: tenant, limit: limit, id: RunID(id))
    }
    let first = try await start("a")
    clock.advance(by: .seconds(5))
    #expect(try await start("a") == first)
    await #expect(throws: UsageRecorderError.refused(.limitReached(used: 1))) { try await start("b") }
  }

  @Test("facts are answered in their places, and one that cannot be stops no other")
  func facts() async throws {
    let (usage, tenant) = (recorder(limits: .init(batch: 2)), try await tenants.context("acme"))
    let facts: [UsageFact] = [
      .event(try Fixture.event("a")), .event(try Fixture.event("far", at: 3_601)), .run(try Fixture.run("r")),
      .event(try Fixture.event("a")), .run(try Fixture.run("r", at: 3_600, took: 1, .failed)),
      .event(try Fixture.event("b", at: 3_600)),
    ]
    let latest = Fixture.instant(3_600)
    #expect(
      try await usage.record(facts, for: tenant) == [
        .recorded, .refused(.invalid(.tooFarAhead(.createdAt, latest: latest))), .recorded, .duplicate,
        .refused(.invalid(.tooFarAhead(.finishedAt, latest: latest))), .recorded,
      ])
    #expect(try await usage.record([], for: tenant) == [])
    let again = try await usage.record(facts, for: tenant)
    #expect(again.count { $0 == .duplicate } == 4)
  }
}
