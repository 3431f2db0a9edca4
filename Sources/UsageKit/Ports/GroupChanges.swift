package import SaaSCore

/// What the writes of one transaction add to one organisation's groups.
///
/// A store tells it every row that it writes, and then adds each change to the stored group, which it inserts where there
/// is none and may delete where nothing is left in it. Sums in a change may be negative; durations are only ever added.
///
/// Users, workflows, providers and models are told by the numbers that the store has for them.
package struct GroupChanges: Sendable, Hashable {
  /// A user's or workflow's group within its day.
  package struct DailyKey: Sendable, Hashable {
    /// The day.
    package let day: UTCDay
    /// The user or workflow.
    package let number: Int64
  }

  /// A model's group within its day.
  package struct DailyModelKey: Sendable, Hashable {
    /// The day.
    package let day: UTCDay
    /// The model.
    package let model: Model
  }

  /// A provider and one of its models.
  package struct Model: Sendable, Hashable {
    /// Who runs the model.
    package let provider: Int64
    /// The model.
    package let model: Int64

    /// A provider and one of its models.
    package init(provider: Int64, model: Int64) {
      self.provider = provider
      self.model = model
    }
  }

  /// Whose an event or run is.
  package struct Owner: Sendable, Hashable {
    /// The user.
    package let user: Int64
    /// The workflow.
    package let workflow: Int64

    /// A user and a workflow.
    package init(user: Int64, workflow: Int64) {
      self.user = user
      self.workflow = workflow
    }
  }

  /// To the organisation's days.
  package private(set) var days: [UTCDay: UsageGroup] = [:]
  /// To the organisation's hours, which have no histograms.
  package private(set) var hours: [UTCHour: UsageSums] = [:]
  /// To users by day.
  package private(set) var users: [DailyKey: UsageGroup] = [:]
  /// To workflows by day.
  package private(set) var workflows: [DailyKey: UsageGroup] = [:]
  /// To models by day.
  package private(set) var models: [DailyModelKey: EventSums] = [:]

  /// No change.
  package init() {}

  /// Whether nothing is to be added.
  package var isEmpty: Bool { users.isEmpty && days.isEmpty }

  /// The days that become stale: those on which the organisation's own sums change.
  package var staleDays: [UTCDay] { days.keys.sorted() }

  /// An event was inserted under a user and a workflow.
  package mutating func insert(_ priced: PricedEvent, of owner: Owner, model: Model) {
    let sums = EventSums(priced.event, cost: priced.cost)
    add(sums, of: priced.event, model)
    attribute(sums, of: priced.event, to: owner)
  }

  /// An event that waited for its run is now under that run's user and workflow.
  package mutating func move(_ priced: PricedEvent, from unknown: Owner, to owner: Owner) {
    let sums = EventSums(priced.event, cost: priced.cost)
    attribute(EventSums() - sums, of: priced.event, to: unknown)
    attribute(sums, of: priced.event, to: owner)
  }

  /// An event has another cost.
  package mutating func reprice(
    _ event: UsageEvent, from old: EventCost, to new: EventCost, of owner: Owner, model: Model
  ) {
    let change = EventSums(event, cost: new) - EventSums(event, cost: old)
    // Another rate that comes to the same changes no sum.
    guard change != EventSums() else { return }
    add(change, of: event, model)
    attribute(change, of: event, to: owner)
  }

  /// A run was inserted (`old` is nil) or took another value.
  package mutating func replace(_ old: Run?, with new: Run, of owner: Owner) {
    let sums = UsageSums(runs: old.map { RunSums(new) - RunSums($0) } ?? RunSums(new), events: EventSums())
    var durations = DurationHistogram()
    // A run ends once, so that a duration is never taken back.
    if old?.durationMilliseconds == nil, let duration = new.durationMilliseconds { durations.add(duration) }
    let change = UsageGroup(sums: sums, durations: durations)
    let day = UTCDay(containing: new.startedAt)
    days[day, default: UsageGroup()] += change
    hours[UTCHour(containing: new.startedAt), default: UsageSums()] += sums
    users[DailyKey(day: day, number: owner.user), default: UsageGroup()] += change
    workflows[DailyKey(day: day, number: owner.workflow), default: UsageGroup()] += change
  }

  private mutating func add(_ sums: EventSums, of event: UsageEvent, _ model: Model) {
    let day = UTCDay(containing: event.createdAt)
    days[day, default: UsageGroup()].sums.events += sums
    hours[UTCHour(containing: event.createdAt), default: UsageSums()].events += sums
    models[DailyModelKey(day: day, model: model), default: EventSums()] += sums
  }

  private mutating func attribute(_ sums: EventSums, of event: UsageEvent, to owner: Owner) {
    let day = UTCDay(containing: event.createdAt)
    users[DailyKey(day: day, number: owner.user), default: UsageGroup()].sums.events += sums
    workflows[DailyKey(day: day, number: owner.workflow), default: UsageGroup()].sums.events += sums
  }
}
