internal import SaaSCore

/// One organisation's groups over a window of days while runs and events are added to them: a ``UsageReport`` in the
/// making.
///
/// Runs and events come in any order, each once, a run in its last value. What was added up apart merges into the groups
/// of all, so that the work can be divided among tasks.
struct UsageAccumulator: Sendable {
  /// The days that are reported.
  let window: DayWindow
  private var days = GroupTable<UsageGroup>()
  private var users: NamedGroups<UserID>
  private var workflows: NamedGroups<WorkflowName>
  private var models: ModelTable
  private var modelSums = GroupTable<EventSums>()
  // Most instants are of the day of the one before: its start in microseconds, and its number, nil outside the window.
  private var lastDay: (start: Int64, number: Int32?) = (.max, nil)

  /// Groups of nothing over some days.
  init(window: DayWindow) { self.init(window: window, secret: TextHashSecret()) }

  private init(window: DayWindow, secret: TextHashSecret) {
    self.window = window
    users = NamedGroups(secret: secret)
    workflows = NamedGroups(secret: secret)
    models = ModelTable(secret: secret)
  }

  /// Adds a run, which is left out where it began outside the window.
  mutating func add(_ run: Run) {
    guard let day = day(of: run.startedAt) else { return }
    days[day].add(run)
    users.change(.known(run.userID)) { $0.add(run) }
    workflows.change(.known(run.workflow)) { $0.add(run) }
  }

  /// Adds an event with the user and workflow of its run, which is left out where it came to be outside the window.
  mutating func add(
    _ event: UsageEvent, cost: EventCost, user: Attributed<UserID>, workflow: Attributed<WorkflowName>
  ) {
    guard let day = day(of: event.createdAt) else { return }
    let sums = EventSums(event, cost: cost)
    days[day].sums.events += sums
    users.change(user) { $0.sums.events += sums }
    workflows.change(workflow) { $0.sums.events += sums }
    modelSums[models.number(of: event.provider, event.model)] += sums
  }

  /// Adds events as a store's pages list them, each with the user and workflow that the page says.
  /// - Complexity: O(events)
  mutating func add(_ events: ArraySlice<RecordedEvent>) {
    // Read where they lie: an event has a dozen identifiers, and copying it would take longer than adding it.
    for place in events.indices {
      add(events[place].event, cost: events[place].cost, user: events[place].user, workflow: events[place].workflow)
    }
  }

  /// Adds all that was added to another of the same window.
  /// - Complexity: O(groups)
  mutating func merge(_ other: UsageAccumulator) {
    for (day, group) in zip(other.days.keys, other.days.groups) { days[day] += group }
    users.merge(other.users)
    workflows.merge(other.workflows)
    for (number, sums) in zip(other.modelSums.keys, other.modelSums.groups) {
      guard let key = other.models[number] else { continue }
      modelSums[models.number(of: key.provider, key.model)] += sums
    }
  }

  /// The report of all that was added.
  /// - Complexity: O(groups)
  var report: UsageReport {
    UsageReport(
      window: window,
      days: zip(days.keys, days.groups).map { .init(day: UTCDay(daysSince1970: Int($0)), group: $1) },
      users: users.named.map { .init(user: $0, group: $1) },
      workflows: workflows.named.map { .init(workflow: $0, group: $1) },
      models: zip(modelSums.keys, modelSums.groups).compactMap { number, sums in
        models[number].map { .init(key: $0, events: sums) }
      })
  }

  /// The number of the day that holds an instant, or nil where that is outside the window.
  @inline(__always)
  private mutating func day(of instant: Timestamp) -> Int32? {
    // Only an instant from that start on, and less than a day after it, is so little ahead of it.
    if UInt64(bitPattern: instant.microseconds &- lastDay.start) >= 86_400_000_000 {
      let day = UTCDay(containing: instant)
      let isReported = window.first <= day && day <= window.last
      // No instant is further than 2^27 days from 1970.
      lastDay = (day.start.microseconds, isReported ? Int32(truncatingIfNeeded: day.daysSince1970) : nil)
    }
    return lastDay.number
  }
}

/// The groups of users or workflows, and that of those who are unknown.
private struct NamedGroups<Name: Identifier> {
  private var names: NameTable<Name>
  private var groups = GroupTable<UsageGroup>()

  init(secret: TextHashSecret) { names = NameTable(secret: secret) }

  /// Changes the group of a name, or of what is unknown.
  @inline(__always)
  mutating func change(_ name: Attributed<Name>, _ body: (inout UsageGroup) -> Void) {
    switch name {
    case .known(let name): body(&groups[names.number(of: name)])
    case .unknown: body(&groups[NameTable<Name>.none])
    }
  }

  var named: [(Attributed<Name>, UsageGroup)] {
    zip(groups.keys, groups.groups).map { (Attributed(names[$0]), $1) }
  }

  mutating func merge(_ other: NamedGroups) {
    for (name, group) in other.named { change(name) { $0 += group } }
  }
}
