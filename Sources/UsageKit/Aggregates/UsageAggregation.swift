public import SaaSCore

/// The reference for every figure: pure functions over one organisation's runs and events, to which every store is held.
///
/// Nothing is said twice: give each run once, in its last value, and each event once.
public enum UsageAggregation {
  /// The report of a window.
  ///
  /// - Parameters:
  ///   - runs: all runs of the organisation; those outside the window still tell whose the events are.
  ///   - events: its events with their costs; those outside the window are left out.
  /// - Complexity: O(runs + events)
  public static func report(
    for window: DayWindow, runs: some Sequence<Run>, events: some Sequence<PricedEvent>
  ) -> UsageReport {
    var known: [RunID: Run] = [:]
    for run in runs { known[run.id] = run }
    let attributed = events.lazy.map { priced in
      let run = known[priced.event.runID]
      return (priced, Attributed(run?.userID), Attributed(run?.workflow))
    }
    return report(for: window, runs: known.values, attributed: attributed)
  }

  /// The report of a window from what a store's pages list, each event with the user and workflow that the page says.
  /// - Complexity: O(runs + events)
  public static func report(
    for window: DayWindow, runs: some Sequence<RecordedRun>, events: some Sequence<RecordedEvent>
  ) -> UsageReport {
    report(
      for: window, runs: runs.lazy.map(\.run),
      attributed: events.lazy.map { (PricedEvent($0.event, cost: $0.cost), $0.user, $0.workflow) })
  }

  /// The sums of a period: the runs that began in it and the events that came to be in it.
  /// - Complexity: O(runs + events)
  public static func sums(
    for period: Period, runs: some Sequence<Run>, events: some Sequence<PricedEvent>
  ) -> UsageSums {
    var sums = UsageSums()
    for run in runs where period.contains(run.startedAt) { sums.runs += RunSums(run) }
    for priced in events where period.contains(priced.event.createdAt) {
      sums.events += EventSums(priced.event, cost: priced.cost)
    }
    return sums
  }

  private static func report(
    for window: DayWindow, runs: some Sequence<Run>,
    attributed events: some Sequence<(PricedEvent, Attributed<UserID>, Attributed<WorkflowName>)>
  ) -> UsageReport {
    var days: [UTCDay: UsageGroup] = [:]
    var users: [Attributed<UserID>: UsageGroup] = [:]
    var workflows: [Attributed<WorkflowName>: UsageGroup] = [:]
    var models: [ModelKey: EventSums] = [:]
    for run in runs {
      let day = UTCDay(containing: run.startedAt)
      guard window.first <= day, day <= window.last else { continue }
      days[day, default: UsageGroup()].add(run)
      users[.known(run.userID), default: UsageGroup()].add(run)
      workflows[.known(run.workflow), default: UsageGroup()].add(run)
    }
    for (priced, user, workflow) in events {
      let (event, cost) = (priced.event, priced.cost)
      let day = UTCDay(containing: event.createdAt)
      guard window.first <= day, day <= window.last else { continue }
      days[day, default: UsageGroup()].add(event, cost: cost)
      users[user, default: UsageGroup()].add(event, cost: cost)
      workflows[workflow, default: UsageGroup()].add(event, cost: cost)
      models[ModelKey(provider: event.provider, model: event.model), default: EventSums()] += EventSums(
        event, cost: cost)
    }
    return UsageReport(
      window: window, days: days.map { UsageReport.Day(day: $0.key, group: $0.value) },
      users: users.map { UsageReport.User(user: $0.key, group: $0.value) },
      workflows: workflows.map { UsageReport.Workflow(workflow: $0.key, group: $0.value) },
      models: models.map { UsageReport.Model(key: $0.key, events: $0.value) })
  }
}
