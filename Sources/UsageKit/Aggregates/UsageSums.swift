/// Runs and events of one organisation over some time, added up: what limits, periods and ledger rows are made of.
///
/// The runs are those that began in that time, the events those that came to be in it; they need not be each other's.
public struct UsageSums: Sendable, Hashable {
  /// The runs.
  public var runs = RunSums()
  /// The events.
  public var events = EventSums()

  /// Sums of nothing.
  public init() {}

  /// Sums of both.
  public init(runs: RunSums, events: EventSums) {
    self.runs = runs
    self.events = events
  }

  /// Whether there is neither a run nor an event.
  public var isEmpty: Bool { runs.isEmpty && events.isEmpty }

  /// The sums of both.
  public static func + (left: UsageSums, right: UsageSums) -> UsageSums {
    UsageSums(runs: left.runs + right.runs, events: left.events + right.events)
  }

  /// Adds the second sums to the first.
  public static func += (left: inout UsageSums, right: UsageSums) {
    left.runs += right.runs
    left.events += right.events
  }
}

/// ``UsageSums`` with the distribution of the durations of the runs that ended: what a dashboard's figures are made of.
public struct UsageGroup: Sendable, Hashable {
  /// Runs and events.
  public var sums = UsageSums()
  /// How long the runs that ended took, in milliseconds.
  public var durations = DurationHistogram()

  /// A group of nothing.
  public init() {}

  /// A group of sums and durations.
  public init(sums: UsageSums, durations: DurationHistogram) {
    self.sums = sums
    self.durations = durations
  }

  /// Whether there is neither a run nor an event; a store lists no such group.
  public var isEmpty: Bool { sums.isEmpty }

  /// Adds a run.
  public mutating func add(_ run: Run) {
    sums.runs += RunSums(run)
    if let duration = run.durationMilliseconds { durations.add(duration) }
  }

  /// Adds an event.
  public mutating func add(_ event: UsageEvent, cost: EventCost) { sums.events += EventSums(event, cost: cost) }

  /// Adds the second group to the first.
  public static func += (left: inout UsageGroup, right: UsageGroup) {
    left.sums += right.sums
    left.durations += right.durations
  }
}
