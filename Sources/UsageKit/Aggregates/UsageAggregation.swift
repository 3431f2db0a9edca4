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
    var groups = UsageAccumulator(window: window)
    for run in known.values { groups.add(run) }
    for priced in events {
      let run = known[priced.event.runID]
      groups.add(
        priced.event, cost: priced.cost, user: Attributed(run?.userID), workflow: Attributed(run?.workflow))
    }
    return groups.report
  }

  /// The report of a window from what a store's pages list, each event with the user and workflow that the page says.
  /// - Complexity: O(runs + events)
  public static func report(
    for window: DayWindow, runs: some Sequence<RecordedRun>, events: some Sequence<RecordedEvent>
  ) -> UsageReport {
    var groups = UsageAccumulator(window: window)
    for recorded in runs { groups.add(recorded.run) }
    for recorded in events {
      groups.add(recorded.event, cost: recorded.cost, user: recorded.user, workflow: recorded.workflow)
    }
    return groups.report
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
}
