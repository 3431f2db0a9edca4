public import SaaSCore

/// One organisation's groups over a window of days while runs and events are added to them: a ``UsageReport`` in the
/// making.
///
/// Runs and events come in any order, each once, a run in its last value. What was added up apart merges into the groups
/// of all, so that the work can be divided among tasks.
public struct UsageAccumulator: Sendable {
  /// The days that are reported.
  public let window: DayWindow
  private var days = GroupTable<UsageGroup>()
  private var users: NamedGroups<UserID>
  private var workflows: NamedGroups<WorkflowName>
  private var models: ModelTable
  private var modelSums = GroupTable<EventSums>()
  private var lastDay = DayPlace()

  /// Groups of nothing over some days.
  public init(window: DayWindow) {
    self.window = window
    let secret = TextHashSecret()
    users = NamedGroups(secret: secret)
    workflows = NamedGroups(secret: secret)
    models = ModelTable(secret: secret)
  }

  /// Adds a run, which is left out where it began outside the window.
  public mutating func add(_ run: Run) {
    guard let day = day(of: run.startedAt) else { return }
    days[day].add(run)
    users.change(.known(run.userID)) { $0.add(run) }
    workflows.change(.known(run.workflow)) { $0.add(run) }
  }

  /// Adds an event with the user and workflow of its run, which is left out where it came to be outside the window.
  public mutating func add(
    _ event: UsageEvent, cost: EventCost, user: Attributed<UserID>, workflow: Attributed<WorkflowName>
  ) {
    guard let day = day(of: event.createdAt) else { return }
    let sums = EventSums(event, cost: cost)
    days[day].sums.events += sums
    users.change(user) { $0.sums.events += sums }
    workflows.change(workflow) { $0.sums.events += sums }
    modelSums[models.number(of: event.provider, event.model)] += sums
  }

  /// Adds the events of a table that came to be within the window.
  /// - Parameter places: which of the table's events, in the order in which they were appended; places that are no event's
  ///   are left out.
  /// - Complexity: O(events + groups)
  public mutating func add(_ table: UsageEventTable, in places: Range<Int>) {
    let groups = table.groups(over: window, in: places)
    for entry in groups.days.entries { days[entry.key].sums.events += entry.group }
    table.forEachUser(of: groups) { name, sums in users.change(name) { $0.sums.events += sums } }
    table.forEachWorkflow(of: groups) { name, sums in workflows.change(name) { $0.sums.events += sums } }
    table.forEachModel(of: groups) { key, sums in modelSums[models.number(of: key.provider, key.model)] += sums }
  }

  /// Why two accumulators do not merge.
  public enum MergeError: Error, Sendable, Hashable {
    /// The other one is of other days.
    case otherWindow(DayWindow)
  }

  /// Adds all that was added to another.
  /// - Throws: ``MergeError`` where the other one's window is not the same; nothing is added.
  /// - Complexity: O(groups)
  public mutating func merge(_ other: UsageAccumulator) throws(MergeError) {
    guard other.window == window else { throw .otherWindow(other.window) }
    days.merge(other.days)
    users.merge(other.users)
    workflows.merge(other.workflows)
    for entry in other.modelSums.entries {
      guard let key = other.models[entry.key] else { continue }
      modelSums[models.number(of: key.provider, key.model)] += entry.group
    }
  }

  /// The report of all that was added.
  /// - Complexity: O(groups)
  public var report: UsageReport {
    UsageReport(
      window: window,
      days: days.entries.map { .init(day: UTCDay(daysSince1970: Int($0.key)), group: $0.group) },
      users: users.named.map { .init(user: $0, group: $1) },
      workflows: workflows.named.map { .init(workflow: $0, group: $1) },
      models: modelSums.entries.compactMap { entry in
        models[entry.key].map { .init(key: $0, events: entry.group) }
      })
  }

  /// The number of the day that holds an instant, or nil where that is outside the window.
  @inline(__always)
  private mutating func day(of instant: Timestamp) -> Int32? {
    if !lastDay.holds(instant) { lastDay = DayPlace(of: instant, in: window) }
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
    groups.entries.map { (Attributed(names[$0.key]), $0.group) }
  }

  mutating func merge(_ other: NamedGroups) {
    for (name, group) in other.named { change(name) { $0 += group } }
  }
}
