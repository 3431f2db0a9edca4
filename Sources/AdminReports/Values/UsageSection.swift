public import SaaSCore
public import UsageKit

/// Usage and quality: runs by day, by user and by workflow.
public struct UsageSection: Sendable, Hashable, Codable {
  /// The days.
  public let window: ReportedWindow
  /// When the report was made.
  public let madeAt: Timestamp
  /// All runs of the window.
  public let total: RunFigures
  /// All runs of as many days before the window.
  public let before: RunFigures
  /// Every day of the window in order, those without runs too.
  public let days: [Day]
  /// By user, the one with the most runs first.
  public let users: [User]
  /// By workflow, the one with the most runs first.
  public let workflows: [Workflow]

  /// One day.
  public struct Day: Sendable, Hashable, Codable {
    /// The day.
    public let day: ReportedDay
    /// Whether it was not over when the report was made.
    public let isPartial: Bool
    /// Its runs.
    public let figures: RunFigures
  }

  /// One user.
  public struct User: Sendable, Hashable, Codable {
    /// The user.
    public let userID: UserID
    /// The user's runs.
    public let figures: RunFigures
  }

  /// One workflow.
  public struct Workflow: Sendable, Hashable, Codable {
    /// The workflow.
    public let workflow: WorkflowName
    /// Its runs.
    public let figures: RunFigures
  }

  init(_ reading: UsageReading<UsageReport>, before: UsageReading<UsageReport>, at now: Timestamp) {
    let report = reading.value
    window = ReportedWindow(report.window, at: now)
    madeAt = now
    total = Self.figures(report.total, in: report.window, reading.revision)
    self.before = Self.figures(before.value.total, in: before.value.window, before.revision)
    days = report.zeroFilledDays.map { entry in
      Day(
        day: ReportedDay(entry.day), isPartial: entry.day.isPartial(at: now),
        figures: Self.figures(entry.group, in: entry.day.window, reading.revision))
    }
    users = report.users.compactMap { entry in
      guard let userID = entry.user.name, entry.group.sums.runs.count > 0 else { return nil }
      return User(
        userID: userID, figures: Self.figures(entry.group, in: report.window, reading.revision, userID: userID))
    }.sorted { $0.figures.runs.value > $1.figures.runs.value }
    workflows = report.workflows.compactMap { entry in
      guard let workflow = entry.workflow.name, entry.group.sums.runs.count > 0 else { return nil }
      return Workflow(
        workflow: workflow,
        figures: Self.figures(entry.group, in: report.window, reading.revision, workflow: workflow))
    }.sorted { $0.figures.runs.value > $1.figures.runs.value }
  }

  private static func figures(
    _ group: UsageGroup, in window: DayWindow, _ revision: Int64, userID: UserID? = nil, workflow: WorkflowName? = nil
  ) -> RunFigures {
    RunFigures(
      group, RunQuery(period: window.instants, userID: userID, workflow: workflow), revision: revision)
  }
}
