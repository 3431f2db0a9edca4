import SaaSCore
import SaaSTesting
import Testing
import UsageKit

@Suite("The reference aggregation")
struct UsageAggregationTests {
  typealias Fixture = UsageFixture

  private func facts(seed: UInt64, count: Int = 300) throws -> ([Run], [PricedEvent]) {
    var random = SeededGenerator(seed: seed)
    let outcomes = Run.Outcome.allCases
    let runs = try (0..<count / 6).map { number in
      let outcome = outcomes[number % 5]
      return try Fixture.run(
        "r\(number)", user: "u\(number % 7)", at: .random(in: 0..<86_400 * 9, using: &random),
        took: outcome.isFinal ? .random(in: 0...9_000, using: &random) : nil, outcome, artifacts: Int64(number % 3))
    }
    let events = try (0..<count).map { number in
      let event = try Fixture.event(
        "e\(number)", run: "r\(number % (count / 5))", model: "m\(number % 5)", prompt: Int64(number),
        at: .random(in: 0..<86_400 * 9, using: &random))
      let rate = try RateID("card")
      let cost: EventCost =
        switch number % 4 {
        case 0: .unpriced
        case 1: .partlyPriced(PicoUSD(picos: .random(in: 0...(.max), using: &random)), rate: rate)
        default: .priced(PicoUSD(picos: .random(in: 0...(.max), using: &random)), rate: rate)
        }
      return PricedEvent(event, cost: cost)
    }
    return (runs, events)
  }

  @Test("a small example, worked out by hand")
  func example() throws {
    let rate = try RateID("card")
    let runs = [
      try Fixture.run("a", user: "ann", took: 10, .succeeded, artifacts: 2),
      try Fixture.run("b", user: "bob", at: 86_400, took: 20, .failed), try Fixture.run("c", user: "ann"),
    ]
    let events = [
      PricedEvent(try Fixture.event("1", run: "a"), cost: .priced(PicoUSD(picos: 5), rate: rate)),
      PricedEvent(try Fixture.event("2", run: "a", at: 86_400), cost: .unpriced),
      PricedEvent(try Fixture.event("3", run: "x", model: "o3"), cost: .partlyPriced(PicoUSD(picos: 7), rate: rate)),
      PricedEvent(try Fixture.event("4", run: "b", at: 2 * 86_400), cost: .priced(PicoUSD(picos: 9), rate: rate)),
    ]
    let window = try #require(
      DayWindow(first: UTCDay(containing: Fixture.start), last: UTCDay(containing: Fixture.instant(86_400))))
    let report = UsageAggregation.report(for: window, runs: runs, events: events)
    #expect(report.days.map(\.group.sums.runs.count) == [2, 1])
    #expect(report.days.map(\.group.sums.events.cost.totalPicos) == [12, 0])
    #expect(
      report.users.map { "\($0.user): \($0.group.sums.runs.count) runs, \($0.group.sums.events.count) events" } == [
        "ann: 2 runs, 2 events", "bob: 1 runs, 0 events", "unknown: 0 runs, 1 events",
      ])
    #expect(report.models.map { "\($0.key.model): \($0.events.cost.totalPicos)" } == ["gpt-4o: 5", "o3: 7"])
    let total = report.total.sums
    #expect(total.runs.successRate == 0.5)
    #expect(total.runs.artifactRate == 0.5)
    #expect(total.runs.averageDurationMilliseconds == 15_000)
    #expect(total.events.unpriced == 1 && total.events.partlyUnpriced == 1)
    #expect(total.events.promptTokens == 30 && total.events.completionTokens == 15)
    #expect(report.total.durations.percentile(100) == DurationHistogram.value(of: DurationHistogram.bucket(of: 20_000)))
  }

  @Test(
    "the costs by model, by user, by workflow, by day and by period add up to the same", arguments: [UInt64(1), 2, 3])
  func sums(seed: UInt64) throws {
    let (runs, events) = try facts(seed: seed)
    let window = DayWindow(lastDays: 30, at: Fixture.instant(86_400 * 12))
    let report = UsageAggregation.report(for: window, runs: runs, events: events)
    let total = report.total.sums
    #expect(total.events.cost.totalPicos > Int128(Int64.max), "the sums pass 64 bits")
    #expect(report.models.map(\.events).reduce(EventSums(), +) == total.events)
    #expect(report.users.map(\.group.sums).reduce(UsageSums(), +) == total)
    #expect(report.workflows.map(\.group.sums).reduce(UsageSums(), +) == total)
    #expect(UsageAggregation.sums(for: try #require(window.period), runs: runs, events: events) == total)
    // Periods that tile add up to the whole, wherever they meet.
    var random = SeededGenerator(seed: seed &+ 100)
    var cuts = (0..<6).map { _ in events.randomElement(using: &random)?.event.createdAt ?? Fixture.start }
    cuts = ([window.first.start, window.last.advanced(by: 1).start] + cuts).sorted()
    let periods = zip(cuts, cuts.dropFirst()).compactMap { Period(start: $0, end: $1) }
    #expect(
      periods.map { UsageAggregation.sums(for: $0, runs: runs, events: events) }.reduce(UsageSums(), +) == total)
  }

  @Test("the order of facts does not matter")
  func order() throws {
    let (runs, events) = try facts(seed: 9)
    let window = DayWindow(lastDays: 30, at: Fixture.instant(86_400 * 12))
    let report = UsageAggregation.report(for: window, runs: runs, events: events)
    var random = SeededGenerator(seed: 10)
    #expect(
      UsageAggregation.report(
        for: window, runs: runs.shuffled(using: &random), events: events.shuffled(using: &random)) == report)
  }

  @Test("every grouping is what dictionaries of all runs and events come to", arguments: [UInt64(6), 7, 8])
  func groupings(seed: UInt64) throws {
    let (runs, events) = try facts(seed: seed)
    // Some lie on either side of the window.
    let window = DayWindow(lastDays: 5, at: Fixture.instant(86_400 * 6))
    let report = UsageAggregation.report(for: window, runs: runs, events: events)
    #expect(report == grouped(runs, events, window), "seed \(seed)")
    // The same from what a store's pages list.
    let known = Dictionary(uniqueKeysWithValues: runs.map { ($0.id, $0) })
    let listedRuns = runs.map { RecordedRun($0, insertedRevision: 1, changedRevision: 1) }
    let listed = events.map { priced in
      let run = known[priced.event.runID]
      return RecordedEvent(
        priced.event, cost: priced.cost, user: Attributed(run?.userID), workflow: Attributed(run?.workflow),
        insertedRevision: 1, changedRevision: 1)
    }
    #expect(UsageAggregation.report(for: window, runs: listedRuns, events: listed) == report, "seed \(seed)")
    // And from a table, whole and in parts that are added up apart, some of them empty or past its end.
    var table = UsageEventTable()
    for event in listed { table.append(event) }
    var random = SeededGenerator(seed: seed &+ 100)
    for parts in 0..<6 {
      var cuts = (0..<parts).map { _ in Int.random(in: 0...table.count + 20, using: &random) }
      cuts = ([-5] + cuts + [table.count + 20]).sorted()
      var all = UsageAccumulator(window: window)
      for run in runs { all.add(run) }
      for (start, end) in zip(cuts, cuts.dropFirst()) {
        var part = UsageAccumulator(window: window)
        part.add(table, in: start..<end)
        try all.merge(part)
      }
      #expect(all.report == report, "seed \(seed), \(parts) cuts")
    }
  }

  @Test("groups of other days do not merge, and nothing is added")
  func otherWindow() throws {
    let (runs, events) = try facts(seed: 11)
    let window = DayWindow(lastDays: 5, at: Fixture.instant(86_400 * 6))
    let other = DayWindow(lastDays: 6, at: Fixture.instant(86_400 * 6))
    var groups = UsageAccumulator(window: window)
    for run in runs { groups.add(run) }
    let before = groups.report
    var others = UsageAccumulator(window: other)
    for priced in events { others.add(priced.event, cost: priced.cost, user: .unknown, workflow: .unknown) }
    #expect(throws: UsageAccumulator.MergeError.otherWindow(other)) { try groups.merge(others) }
    #expect(groups.report == before)
  }

  @Test("a table without events, and places outside it, add nothing")
  func noEvents() throws {
    let window = DayWindow(lastDays: 5, at: Fixture.instant(86_400 * 6))
    var groups = UsageAccumulator(window: window)
    groups.add(UsageEventTable(), in: .min..<Int.max)
    var table = UsageEventTable()
    table.append(try Fixture.event("e", at: 86_400 * 5), cost: .unpriced, user: .unknown, workflow: .unknown)
    groups.add(table, in: 1..<9)
    groups.add(table, in: -9..<0)
    #expect(groups.report == UsageAccumulator(window: window).report)
    groups.add(table, in: 0..<1)
    #expect(groups.report.total.sums.events.count == 1 && groups.report.users.map(\.user) == [.unknown])
  }

  /// The report by its definition: each grouping's key with the group of all that have it.
  private func grouped(_ runs: [Run], _ events: [PricedEvent], _ window: DayWindow) -> UsageReport {
    let known = Dictionary(uniqueKeysWithValues: runs.map { ($0.id, $0) })
    let isIn = { (instant: Timestamp) in (window.first...window.last).contains(UTCDay(containing: instant)) }
    let runs = runs.filter { isIn($0.startedAt) }
    let events = events.filter { isIn($0.event.createdAt) }
    func groups<Key: Hashable>(_ run: (Run) -> Key, _ event: (PricedEvent) -> Key) -> [Key: UsageGroup] {
      var groups: [Key: UsageGroup] = [:]
      for one in runs { groups[run(one), default: UsageGroup()].add(one) }
      for one in events { groups[event(one), default: UsageGroup()].add(one.event, cost: one.cost) }
      return groups
    }
    let owner = { (priced: PricedEvent) in known[priced.event.runID] }
    let days = groups({ UTCDay(containing: $0.startedAt) }, { UTCDay(containing: $0.event.createdAt) })
    let users = groups({ .known($0.userID) }, { Attributed(owner($0)?.userID) })
    let workflows = groups({ .known($0.workflow) }, { Attributed(owner($0)?.workflow) })
    let models = Dictionary(grouping: events) { ModelKey(provider: $0.event.provider, model: $0.event.model) }
    return UsageReport(
      window: window, days: days.map { .init(day: $0.key, group: $0.value) },
      users: users.map { .init(user: $0.key, group: $0.value) },
      workflows: workflows.map { .init(workflow: $0.key, group: $0.value) },
      models: models.map { key, events in
        .init(key: key, events: events.map { EventSums($0.event, cost: $0.cost) }.reduce(EventSums(), +))
      })
  }

  @Test("the changes that writes make to groups add up to the reference's groups", arguments: [UInt64(4), 5])
  func changes(seed: UInt64) throws {
    let (runs, events) = try facts(seed: seed)
    var changes = GroupChanges()
    var numbers = Numbers()
    let unknown = GroupChanges.Owner(user: 0, workflow: 0)
    let known = Dictionary(uniqueKeysWithValues: runs.map { ($0.id, $0) })
    // Events come first, under unknown and at another cost; then their runs, running, and ending last.
    for priced in events {
      let model = numbers.model(of: priced.event)
      changes.insert(PricedEvent(priced.event, cost: .unpriced), of: unknown, model: model)
    }
    for run in runs {
      let owner = numbers.owner(of: run)
      let started = try Run(id: run.id, userID: run.userID, workflow: run.workflow, startedAt: run.startedAt)
      changes.replace(nil, with: started, of: owner)
      for priced in events where priced.event.runID == run.id {
        changes.move(PricedEvent(priced.event, cost: .unpriced), from: unknown, to: owner)
      }
      changes.replace(started, with: run, of: owner)
    }
    for priced in events {
      let owner = known[priced.event.runID].map { numbers.owner(of: $0) } ?? unknown
      let model = numbers.model(of: priced.event)
      changes.reprice(priced.event, from: .unpriced, to: priced.cost, of: owner, model: model)
    }
    let window = DayWindow(lastDays: 30, at: Fixture.instant(86_400 * 12))
    let report = UsageAggregation.report(for: window, runs: runs, events: events)
    let users = merged(changes.users).map { number, group in
      UsageReport.User(user: Attributed(try? numbers.name(number).map(UserID.init(_:))), group: group)
    }
    let workflows = merged(changes.workflows).map { number, group in
      UsageReport.Workflow(workflow: Attributed(try? numbers.name(number).map(WorkflowName.init(_:))), group: group)
    }
    let models = try Dictionary(grouping: changes.models, by: \.key.model).map { model, groups in
      UsageReport.Model(
        key: ModelKey(
          provider: try ProviderName(numbers.name(model.provider) ?? ""),
          model: try ModelName(numbers.name(model.model) ?? "")),
        events: groups.map(\.value).reduce(EventSums(), +))
    }
    let days = changes.days.map { UsageReport.Day(day: $0.key, group: $0.value) }
    #expect(UsageReport(window: window, days: days, users: users, workflows: workflows, models: models) == report)
    #expect(changes.hours.values.reduce(UsageSums(), +) == report.total.sums)
    #expect(changes.staleDays == report.days.map(\.day))
  }

  private func merged(_ daily: [GroupChanges.DailyKey: UsageGroup]) -> [Int64: UsageGroup] {
    daily.reduce(into: [:]) { $0[$1.key.number, default: UsageGroup()] += $1.value }
  }

  /// Numbers of names from 1 on, as a store gives them.
  private struct Numbers {
    private var names: [String] = []

    mutating func owner(of run: Run) -> GroupChanges.Owner {
      .init(user: number(of: run.userID.rawValue), workflow: number(of: run.workflow.rawValue))
    }

    mutating func model(of event: UsageEvent) -> GroupChanges.Model {
      .init(provider: number(of: event.provider.rawValue), model: number(of: event.model.rawValue))
    }

    func name(_ number: Int64) -> String? { number == 0 ? nil : names[Int(number) - 1] }

    private mutating func number(of name: String) -> Int64 {
      if let index = names.firstIndex(of: name) { return Int64(index + 1) }
      names.append(name)
      return Int64(names.count)
    }
  }
}
