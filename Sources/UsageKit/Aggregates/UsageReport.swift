public import SaaSCore

/// One organisation's usage over a window of days, grouped every way that is reported.
///
/// Each run is in the group of the day it began on, and in those of its user and workflow; each event in that of the day
/// it came to be on, in those of its run's user and workflow, and in that of its provider and model. Groups without runs
/// and events are not listed.
public struct UsageReport: Sendable, Hashable {
  /// The days that are reported.
  public let window: DayWindow
  /// The organisation's groups by day, in order.
  public let days: [Day]
  /// By user over the whole window, in the order of ``Attributed``.
  public let users: [User]
  /// By workflow over the whole window, in the order of ``Attributed``.
  public let workflows: [Workflow]
  /// By provider and model over the whole window, in their order.
  public let models: [Model]

  /// A report of groups in any order; those that are empty are left out.
  public init(
    window: DayWindow, days: [Day], users: [User], workflows: [Workflow], models: [Model]
  ) {
    self.window = window
    self.days = days.filter { !$0.group.isEmpty }.sorted { $0.day < $1.day }
    self.users = users.filter { !$0.group.isEmpty }.sorted { $0.user < $1.user }
    self.workflows = workflows.filter { !$0.group.isEmpty }.sorted { $0.workflow < $1.workflow }
    self.models = models.filter { !$0.events.isEmpty }.sorted { $0.key < $1.key }
  }

  /// Everything in the window.
  public var total: UsageGroup { days.reduce(into: UsageGroup()) { $0 += $1.group } }

  /// One day's group.
  public struct Day: Sendable, Hashable {
    /// The day.
    public let day: UTCDay
    /// What happened on it.
    public let group: UsageGroup

    /// A day with its group.
    public init(day: UTCDay, group: UsageGroup) {
      self.day = day
      self.group = group
    }
  }

  /// One user's group.
  public struct User: Sendable, Hashable {
    /// The user, unknown for events whose run has not arrived.
    public let user: Attributed<UserID>
    /// What the user did.
    public let group: UsageGroup

    /// A user with the group.
    public init(user: Attributed<UserID>, group: UsageGroup) {
      self.user = user
      self.group = group
    }
  }

  /// One workflow's group.
  public struct Workflow: Sendable, Hashable {
    /// The workflow, unknown for events whose run has not arrived.
    public let workflow: Attributed<WorkflowName>
    /// What was done in it.
    public let group: UsageGroup

    /// A workflow with its group.
    public init(workflow: Attributed<WorkflowName>, group: UsageGroup) {
      self.workflow = workflow
      self.group = group
    }
  }

  /// One model's events.
  public struct Model: Sendable, Hashable {
    /// Provider and model.
    public let key: ModelKey
    /// What the model was used for.
    public let events: EventSums

    /// A model with its events.
    public init(key: ModelKey, events: EventSums) {
      self.key = key
      self.events = events
    }
  }
}

/// A provider and one of its models.
public struct ModelKey: Sendable, Hashable, Comparable {
  /// Who runs the model.
  public let provider: ProviderName
  /// The model.
  public let model: ModelName

  /// A provider and one of its models.
  public init(provider: ProviderName, model: ModelName) {
    self.provider = provider
    self.model = model
  }

  public static func < (left: ModelKey, right: ModelKey) -> Bool {
    (left.provider, left.model) < (right.provider, right.model)
  }
}
