public import SaaSCore
public import UsageKit

/// Costs: events, tokens and their estimated cost by provider and model, by day, by user and by workflow.
public struct CostSection: Sendable, Hashable, Codable {
  /// The days.
  public let window: ReportedWindow
  /// When the report was made.
  public let madeAt: Timestamp
  /// All events of the window.
  public let total: EventFigures
  /// All events of as many days before the window.
  public let before: EventFigures
  /// By provider and model, the dearest first.
  public let models: [Model]
  /// Every day of the window in order, those without events too.
  public let days: [Day]
  /// By user, the dearest first.
  public let users: [User]
  /// By workflow, the dearest first.
  public let workflows: [Workflow]

  /// One model.
  public struct Model: Sendable, Hashable, Codable {
    /// Who runs it.
    public let provider: ProviderName
    /// The model.
    public let model: ModelName
    /// Its events.
    public let figures: EventFigures
  }

  /// One day.
  public struct Day: Sendable, Hashable, Codable {
    /// The day.
    public let day: ReportedDay
    /// Whether it was not over when the report was made.
    public let isPartial: Bool
    /// Its events.
    public let figures: EventFigures
  }

  /// One user.
  public struct User: Sendable, Hashable, Codable {
    /// The user; nil for the events whose run has not arrived.
    public let userID: UserID?
    /// The user's events.
    public let figures: EventFigures
  }

  /// One workflow.
  public struct Workflow: Sendable, Hashable, Codable {
    /// The workflow; nil for the events whose run has not arrived.
    public let workflow: WorkflowName?
    /// Its events.
    public let figures: EventFigures
  }

  init(_ reading: UsageReading<UsageReport>, before: UsageReading<UsageReport>, at now: Timestamp) {
    let report = reading.value
    let revision = reading.revision
    let all = EventQuery(period: report.window.instants)
    func figures(_ sums: EventSums, _ change: (inout EventQuery) -> Void) -> EventFigures {
      var query = all
      change(&query)
      return EventFigures(sums, query, revision: revision)
    }
    window = ReportedWindow(report.window, at: now)
    madeAt = now
    total = figures(report.total.sums.events) { _ in }
    self.before = EventFigures(
      before.value.total.sums.events, EventQuery(period: before.value.window.instants), revision: before.revision)
    models = report.models.map { entry in
      Model(
        provider: entry.key.provider, model: entry.key.model,
        figures: figures(entry.events) {
          $0.provider = entry.key.provider
          $0.model = entry.key.model
        })
    }.sorted { Self.isDearer($0.figures, $1.figures) }
    days = report.zeroFilledDays.map { entry in
      Day(
        day: ReportedDay(entry.day), isPartial: entry.day.isPartial(at: now),
        figures: figures(entry.group.sums.events) { $0.period = entry.day.window.instants })
    }
    users = report.users.filter { !$0.group.sums.events.isEmpty }.map { entry in
      User(userID: entry.user.name, figures: figures(entry.group.sums.events) { $0.user = entry.user })
    }.sorted { Self.isDearer($0.figures, $1.figures) }
    workflows = report.workflows.filter { !$0.group.sums.events.isEmpty }.map { entry in
      Workflow(
        workflow: entry.workflow.name, figures: figures(entry.group.sums.events) { $0.workflow = entry.workflow })
    }.sorted { Self.isDearer($0.figures, $1.figures) }
  }

  private static func isDearer(_ left: EventFigures, _ right: EventFigures) -> Bool {
    (left.costUSD, left.events.value) > (right.costUSD, right.events.value)
  }
}
