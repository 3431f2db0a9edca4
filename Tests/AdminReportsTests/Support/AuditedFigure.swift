import AdminReports
import BillingKit
import SaaSCore
import TenancyKit
import UsageKit

/// A figure of a report with the query that lists its rows.
struct AuditedFigure {
  enum Said {
    case count
    case runs(RunFigures)
    case duration(DurationFigures)
    case events(EventFigures)
    case limit(LimitFigures)
  }

  let audit: AuditQuery
  /// How many rows there are, where the figure says that.
  let count: Int64?
  let said: Said

  private init(_ count: Count, _ said: Said = .count) {
    audit = count.audit
    self.count = count.value
    self.said = said
  }

  private init(_ audit: AuditQuery, _ said: Said) {
    self.audit = audit
    count = nil
    self.said = said
  }

  /// Every figure of two sections and of the plan's limits.
  static func all(_ usage: UsageSection, _ costs: CostSection, limits: [LimitFigures]) -> [AuditedFigure] {
    let runs =
      [usage.total, usage.before] + usage.days.map(\.figures) + usage.users.map(\.figures)
      + usage.workflows.map(\.figures)
    let events =
      [costs.total, costs.before] + costs.days.map(\.figures) + costs.users.map(\.figures)
      + costs.workflows.map(\.figures) + costs.models.map(\.figures)
    return runs.flatMap(Self.all) + events.flatMap(Self.all)
      + limits.map { AuditedFigure($0.audit, .limit($0)) }
  }

  private static func all(_ figures: RunFigures) -> [AuditedFigure] {
    let counts = [
      figures.finished, figures.succeeded, figures.failed, figures.cancelled, figures.abandoned, figures.running,
      figures.withArtifacts,
    ]
    return [AuditedFigure(figures.runs, .runs(figures))] + counts.map { AuditedFigure($0) }
      + (figures.duration.map { [AuditedFigure($0.audit, .duration($0))] } ?? [])
  }

  private static func all(_ figures: EventFigures) -> [AuditedFigure] {
    [
      AuditedFigure(figures.events, .events(figures)), AuditedFigure(figures.unpriced),
      AuditedFigure(figures.partlyUnpriced),
    ]
  }

  /// What the figure says that the reference does not make of these rows; nothing where it holds.
  func differences(from runs: [Run], _ events: [PricedEvent]) -> [String] {
    var result: [String] = []
    func compare<Value: Equatable>(_ name: String, _ figure: Value, _ rows: Value) {
      if figure != rows { result.append("\(name) is \(figure), its rows make \(rows)") }
    }
    if let count { compare("count", count, Int64(runs.count + events.count)) }
    let group = runs.reduce(into: UsageGroup()) { $0.add($1) }
    let sums = events.reduce(into: EventSums()) { $0 += EventSums($1.event, cost: $1.cost) }
    switch said {
    case .count: break
    case .duration(let duration): compare("duration", Self.numbers(duration), Self.numbers(group))
    case .runs(let figures):
      let reference = group.sums.runs
      compare("finished", figures.finished.value, reference.finished)
      compare("succeeded", figures.succeeded.value, reference.succeeded)
      compare("failed", figures.failed.value, reference.failed)
      compare("cancelled", figures.cancelled.value, reference.cancelled)
      compare("abandoned", figures.abandoned.value, reference.abandoned)
      compare("running", figures.running.value, reference.count - reference.finished)
      compare("withArtifacts", figures.withArtifacts.value, reference.finishedWithArtifacts)
      compare("successRate", Self.rate(figures.successRate), reference.successRate)
      compare("artifactRate", Self.rate(figures.artifactRate), reference.artifactRate)
      compare("duration", figures.duration.map(Self.numbers), reference.finished > 0 ? Self.numbers(group) : nil)
    case .events(let figures):
      compare("promptTokens", figures.promptTokens, sums.promptTokens)
      compare("cachedPromptTokens", figures.cachedPromptTokens, sums.cachedPromptTokens)
      compare("cacheWritePromptTokens", figures.cacheWritePromptTokens, sums.cacheWritePromptTokens)
      compare("completionTokens", figures.completionTokens, sums.completionTokens)
      compare("costUSD", figures.costUSD, sums.cost)
      compare("unpriced", figures.unpriced.value, sums.unpriced)
      compare("partlyUnpriced", figures.partlyUnpriced.value, sums.partlyUnpriced)
    case .limit(let limit):
      let used =
        switch limit.metric {
        case .runs: String(group.sums.runs.count)
        case .tokens: String(sums.promptTokens + sums.completionTokens)
        case .cost: sums.cost.decimalText
        }
      compare("used", limit.used, used)
    }
    return result
  }

  private static func rate(_ ratio: Ratio?) -> Double? { ratio.map { Double($0.part) / Double($0.whole) } }

  private static func numbers(_ duration: DurationFigures) -> [Int64?] {
    [duration.averageMilliseconds, duration.medianMilliseconds, duration.percentile95Milliseconds]
  }

  private static func numbers(_ group: UsageGroup) -> [Int64?] {
    [group.sums.runs.averageDurationMilliseconds, group.durations.percentile(50), group.durations.percentile(95)]
  }
}

extension Run {
  /// The run that a row of an audit trail shows.
  init(_ row: AuditedRun) throws {
    try self.init(
      id: row.runID, userID: row.userID, workflow: row.workflow, startedAt: row.startedAt, finishedAt: row.finishedAt,
      outcome: row.outcome, artifactCount: row.artifactCount)
  }
}

extension PricedEvent {
  /// The event that a row of an audit trail shows.
  init(_ row: AuditedEvent) throws {
    let event = try UsageEvent(
      id: row.eventID, runID: row.runID, stepID: row.stepID, provider: row.provider, model: row.model,
      tokens: TokenCounts(
        prompt: row.promptTokens, cachedPrompt: row.cachedPromptTokens, cacheWritePrompt: row.cacheWritePromptTokens,
        completion: row.completionTokens), serviceTier: row.serviceTier,
      durationMilliseconds: row.durationMilliseconds, resultSize: row.resultSize, createdAt: row.createdAt)
    let cost: EventCost
    if let amount = row.costUSD, let rate = row.rate {
      let picos = PicoUSD(picos: Int64(amount.totalPicos))
      cost = row.pricing == .partlyPriced ? .partlyPriced(picos, rate: rate) : .priced(picos, rate: rate)
    } else {
      cost = .unpriced
    }
    self.init(event, cost: cost)
  }
}
