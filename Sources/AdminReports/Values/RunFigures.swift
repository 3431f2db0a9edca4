internal import SaaSCore
internal import UsageKit

/// What is said of some runs: how many, how they ended, how long they took.
public struct RunFigures: Sendable, Hashable, Codable {
  /// All of them.
  public let runs: Count
  /// Those that ended, in whatever way.
  public let finished: Count
  /// Those that succeeded.
  public let succeeded: Count
  /// Those that failed.
  public let failed: Count
  /// Those that were cancelled.
  public let cancelled: Count
  /// Those that were closed because they ran for too long.
  public let abandoned: Count
  /// Those that are running.
  public let running: Count
  /// Those that ended with at least one artifact.
  public let withArtifacts: Count
  /// Succeeded of finished; nil where none has finished.
  public let successRate: Ratio?
  /// With artifacts of finished; nil where none has finished.
  public let artifactRate: Ratio?
  /// How long the finished ones took; nil where none has finished.
  public let duration: DurationFigures?

  init(_ group: UsageGroup, _ query: RunQuery, revision: Int64) {
    let sums = group.sums.runs
    func count(_ value: Int64, _ outcomes: Set<Run.Outcome>?) -> Count {
      var query = query
      query.outcomes = outcomes
      return Count(value, AuditQuery(.runs(query), revision: revision))
    }
    runs = count(sums.count, nil)
    finished = count(sums.finished, Set(Run.Outcome.allCases.filter(\.isFinal)))
    succeeded = count(sums.succeeded, [.succeeded])
    failed = count(sums.failed, [.failed])
    cancelled = count(sums.cancelled, [.cancelled])
    abandoned = count(sums.abandoned, [.abandoned])
    running = count(sums.count - sums.finished, [.running])
    var artifacts = query
    artifacts.finishedWithArtifacts = true
    withArtifacts = Count(sums.finishedWithArtifacts, AuditQuery(.runs(artifacts), revision: revision))
    successRate = Ratio(sums.succeeded, of: sums.finished)
    artifactRate = Ratio(sums.finishedWithArtifacts, of: sums.finished)
    duration = DurationFigures(group, finished.audit)
  }
}

/// How long finished runs took, in milliseconds.
public struct DurationFigures: Sendable, Hashable, Codable {
  /// The mean, half rounded up.
  public let averageMilliseconds: Int64
  /// Half of them took no longer, to within one percent.
  public let medianMilliseconds: Int64
  /// Ninety-five of a hundred took no longer, to within one percent.
  public let percentile95Milliseconds: Int64
  /// What lists the runs.
  public let audit: AuditQuery

  init?(_ group: UsageGroup, _ audit: AuditQuery) {
    guard let average = group.sums.runs.averageDurationMilliseconds, let median = group.durations.percentile(50),
      let high = group.durations.percentile(95)
    else { return nil }
    averageMilliseconds = average
    medianMilliseconds = median
    percentile95Milliseconds = high
    self.audit = audit
  }
}
