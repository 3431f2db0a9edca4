package import SaaSCore

/// What the writes of one transaction add to one organisation's groups.
///
/// A store tells it every row that it writes, and then adds each change to the stored group, which it inserts where there
/// is none and may delete where nothing is left in it. Sums in a change may be negative; durations are only ever added.
package struct GroupChanges: Sendable, Hashable {
  /// A group's key within its day.
  package struct Daily<Key: Hashable & Sendable>: Sendable, Hashable {
    /// The day.
    package let day: UTCDay
    /// The user, workflow or model.
    package let key: Key
  }

  /// To the organisation's days.
  package private(set) var days: [UTCDay: UsageGroup] = [:]
  /// To the organisation's hours, which have no histograms.
  package private(set) var hours: [UTCHour: UsageSums] = [:]
  /// To users by day.
  package private(set) var users: [Daily<Attributed<UserID>>: UsageGroup] = [:]
  /// To workflows by day.
  package private(set) var workflows: [Daily<Attributed<WorkflowName>>: UsageGroup] = [:]
  /// To models by day.
  package private(set) var models: [Daily<ModelKey>: EventSums] = [:]

  /// No change.
  package init() {}

  /// Whether nothing is to be added.
  package var isEmpty: Bool { users.isEmpty && days.isEmpty }

  /// The days that become stale: those on which the organisation's own sums change.
  package var staleDays: [UTCDay] { days.keys.sorted() }

  /// An event was inserted under a user and a workflow.
  package mutating func insert(_ priced: PricedEvent, user: Attributed<UserID>, workflow: Attributed<WorkflowName>) {
    let sums = EventSums(priced.event, cost: priced.cost)
    add(sums, of: priced.event)
    attribute(sums, of: priced.event, to: user, workflow)
  }

  /// An event that waited for its run is now under that run's user and workflow.
  package mutating func move(_ priced: PricedEvent, to run: Run) {
    let sums = EventSums(priced.event, cost: priced.cost)
    attribute(EventSums() - sums, of: priced.event, to: .unknown, .unknown)
    attribute(sums, of: priced.event, to: .known(run.userID), .known(run.workflow))
  }

  /// An event has another cost.
  package mutating func reprice(
    _ event: UsageEvent, from old: EventCost, to new: EventCost, user: Attributed<UserID>,
    workflow: Attributed<WorkflowName>
  ) {
    let change = EventSums(event, cost: new) - EventSums(event, cost: old)
    // Another rate that comes to the same changes no sum.
    guard change != EventSums() else { return }
    add(change, of: event)
    attribute(change, of: event, to: user, workflow)
  }

  /// A run was inserted (`old` is nil) or took another value.
  package mutating func replace(_ old: Run?, with new: Run) {
    let sums = UsageSums(runs: old.map { RunSums(new) - RunSums($0) } ?? RunSums(new), events: EventSums())
    var durations = DurationHistogram()
    // A run ends once, so that a duration is never taken back.
    if old?.durationMilliseconds == nil, let duration = new.durationMilliseconds { durations.add(duration) }
    let change = UsageGroup(sums: sums, durations: durations)
    let day = UTCDay(containing: new.startedAt)
    days[day, default: UsageGroup()] += change
    hours[UTCHour(containing: new.startedAt), default: UsageSums()] += sums
    users[Daily(day: day, key: .known(new.userID)), default: UsageGroup()] += change
    workflows[Daily(day: day, key: .known(new.workflow)), default: UsageGroup()] += change
  }

  private mutating func add(_ sums: EventSums, of event: UsageEvent) {
    let day = UTCDay(containing: event.createdAt)
    days[day, default: UsageGroup()].sums.events += sums
    hours[UTCHour(containing: event.createdAt), default: UsageSums()].events += sums
    models[Daily(day: day, key: ModelKey(provider: event.provider, model: event.model)), default: EventSums()] += sums
  }

  private mutating func attribute(
    _ sums: EventSums, of event: UsageEvent, to user: Attributed<UserID>, _ workflow: Attributed<WorkflowName>
  ) {
    let day = UTCDay(containing: event.createdAt)
    users[Daily(day: day, key: user), default: UsageGroup()].sums.events += sums
    workflows[Daily(day: day, key: workflow), default: UsageGroup()].sums.events += sums
  }
}
