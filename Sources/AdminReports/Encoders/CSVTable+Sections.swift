internal import BillingKit
internal import SaaSCore
internal import TenancyKit
internal import UsageKit

extension UsageSection {
  /// The section's tables: `runs-by-day`, `runs-by-user`, `runs-by-workflow`.
  public var csvTables: [CSVTable] {
    [
      CSVTable(
        "runs-by-day", header: ["day"] + RunFigures.csvHeader,
        rows: days.map { [.exact($0.day.day.description)] + $0.figures.csvCells }),
      CSVTable(
        "runs-by-user", header: ["userId"] + RunFigures.csvHeader,
        rows: users.map { [.text($0.userID.rawValue)] + $0.figures.csvCells }),
      CSVTable(
        "runs-by-workflow", header: ["workflow"] + RunFigures.csvHeader,
        rows: workflows.map { [.text($0.workflow.rawValue)] + $0.figures.csvCells }),
    ]
  }
}

extension CostSection {
  /// The section's tables: `cost-by-model`, `cost-by-day`, `cost-by-user`, `cost-by-workflow`. An empty user or workflow
  /// stands for the events whose run has not arrived.
  public var csvTables: [CSVTable] {
    [
      CSVTable(
        "cost-by-model", header: ["provider", "model"] + EventFigures.csvHeader,
        rows: models.map { [.text($0.provider.rawValue), .text($0.model.rawValue)] + $0.figures.csvCells }),
      CSVTable(
        "cost-by-day", header: ["day"] + EventFigures.csvHeader,
        rows: days.map { [.exact($0.day.day.description)] + $0.figures.csvCells }),
      CSVTable(
        "cost-by-user", header: ["userId"] + EventFigures.csvHeader,
        rows: users.map { [$0.userID.map { .text($0.rawValue) } ?? .empty] + $0.figures.csvCells }),
      CSVTable(
        "cost-by-workflow", header: ["workflow"] + EventFigures.csvHeader,
        rows: workflows.map { [$0.workflow.map { .text($0.rawValue) } ?? .empty] + $0.figures.csvCells }),
    ]
  }
}

extension BillingSection {
  /// The section's tables: `limits`, `warnings`.
  public var csvTables: [CSVTable] {
    [
      CSVTable(
        "limits", header: ["metric", "window", "from", "to", "used", "cap", "remaining", "usedPercent", "action"],
        rows: limits.map(\.csvCells)),
      CSVTable(
        "warnings", header: ["kind", "subjects", "amount", "cap", "at", "from", "to"], rows: warnings.map(\.csvCells)),
    ]
  }
}

extension DomainSection {
  /// The section's table: `domains`.
  public var csvTables: [CSVTable] {
    [
      CSVTable(
        "domains", header: ["host", "kind", "state", "failure", "isServed", "createdAt", "changedAt"],
        rows: domains.map { domain in
          [
            .text(domain.host.rawValue), .exact(domain.kind.rawValue), .exact(domain.state.name),
            domain.state.failure.map { .text($0.code) } ?? .empty, .exact(domain.isServed ? "true" : "false"),
            .exact(domain.createdAt.iso8601), .exact(domain.changedAt.iso8601),
          ]
        })
    ]
  }
}

extension DashboardPage {
  /// Every section's tables, in the sections' order.
  public var csvTables: [CSVTable] {
    usage.csvTables + costs.csvTables + (billing?.csvTables ?? []) + domains.csvTables
  }
}

extension AuditReport {
  /// The page's rows as a table: `runs` or `events`.
  public var csvTable: CSVTable {
    switch query.subject {
    case .runs:
      CSVTable(
        "runs",
        header: [
          "runId", "userId", "workflow", "startedAt", "finishedAt", "outcome", "artifactCount", "durationMs",
        ], rows: runs.map(\.csvCells))
    case .events:
      CSVTable(
        "events",
        header: [
          "eventId", "runId", "stepId", "userId", "workflow", "provider", "model", "promptTokens", "cachedPromptTokens",
          "cacheWritePromptTokens", "completionTokens", "serviceTier", "durationMs", "resultSize", "createdAt",
          "pricing", "costUsd", "rate",
        ], rows: events.map(\.csvCells))
    }
  }
}

extension RunFigures {
  fileprivate static let csvHeader = [
    "runs", "finished", "succeeded", "failed", "cancelled", "abandoned", "running", "withArtifacts", "successPercent",
    "artifactPercent", "averageMs", "medianMs", "percentile95Ms",
  ]

  fileprivate var csvCells: [CSVTable.Cell] {
    [runs, finished, succeeded, failed, cancelled, abandoned, running, withArtifacts].map { .number($0.value) } + [
      successRate.map { .exact($0.percentText) } ?? .empty, artifactRate.map { .exact($0.percentText) } ?? .empty,
      .number(duration?.averageMilliseconds), .number(duration?.medianMilliseconds),
      .number(duration?.percentile95Milliseconds),
    ]
  }
}

extension EventFigures {
  fileprivate static let csvHeader = [
    "events", "promptTokens", "cachedPromptTokens", "cacheWritePromptTokens", "completionTokens", "costUsd",
    "unpricedEvents", "partlyUnpricedEvents",
  ]

  fileprivate var csvCells: [CSVTable.Cell] {
    [
      .number(events.value), .number(promptTokens), .number(cachedPromptTokens), .number(cacheWritePromptTokens),
      .number(completionTokens), .exact(costUSD.decimalText), .number(unpriced.value), .number(partlyUnpriced.value),
    ]
  }
}

extension LimitFigures {
  fileprivate var csvCells: [CSVTable.Cell] {
    [
      .exact(metric.rawValue), .exact(window.rawValue), .exact(period.start.iso8601), .exact(period.end.iso8601),
      .exact(used), .exact(cap), .exact(remaining), .number(usedPercent), .exact(action.rawValue),
    ]
  }
}

extension ReportWarning {
  fileprivate var csvCells: [CSVTable.Cell] {
    [
      .exact(kind.rawValue), .text(subjects.joined(separator: " ")), amount.map { .exact($0) } ?? .empty,
      cap.map { .exact($0) } ?? .empty, at.map { .exact($0.iso8601) } ?? .empty,
      period.map { .exact($0.start.iso8601) } ?? .empty, period.map { .exact($0.end.iso8601) } ?? .empty,
    ]
  }
}

extension AuditedRun {
  fileprivate var csvCells: [CSVTable.Cell] {
    [
      .text(runID.rawValue), .text(userID.rawValue), .text(workflow.rawValue), .exact(startedAt.iso8601),
      finishedAt.map { .exact($0.iso8601) } ?? .empty, .exact(outcome.rawValue), .number(artifactCount),
      .number(durationMilliseconds),
    ]
  }
}

extension AuditedEvent {
  fileprivate var csvCells: [CSVTable.Cell] {
    [
      .text(eventID.rawValue), .text(runID.rawValue), .name(stepID), .name(userID), .name(workflow),
      .text(provider.rawValue), .text(model.rawValue), .number(promptTokens), .number(cachedPromptTokens),
      .number(cacheWritePromptTokens), .number(completionTokens), .name(serviceTier), .number(durationMilliseconds),
      .number(resultSize), .exact(createdAt.iso8601), .exact(pricing.rawValue),
      costUSD.map { .exact($0.decimalText) } ?? .empty, .name(rate),
    ]
  }
}

extension CSVTable.Cell {
  fileprivate static func number(_ value: Int64?) -> Self { value.map { .exact(String($0)) } ?? .empty }

  fileprivate static func name(_ name: (some Identifier)?) -> Self { name.map { .text($0.rawValue) } ?? .empty }
}
