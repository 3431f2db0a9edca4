/// What many runs add up to; sums of sums are the sums of all.
public struct RunSums: Sendable, Hashable {
  /// How many runs, those still running among them.
  public var count: Int64 = 0
  /// How many ended and did what they were for.
  public var succeeded: Int64 = 0
  /// How many ended and did not.
  public var failed: Int64 = 0
  /// How many were stopped.
  public var cancelled: Int64 = 0
  /// How many were closed because nobody said how they ended.
  public var abandoned: Int64 = 0
  /// How many ended with at least one artifact.
  public var finishedWithArtifacts: Int64 = 0
  /// How many artifacts all of them made.
  public var artifacts: Int64 = 0
  /// How long those that ended took together.
  public var durationMilliseconds: Int64 = 0

  /// Sums of nothing.
  public init() {}

  /// The sums of one run.
  public init(_ run: Run) {
    count = 1
    artifacts = run.artifactCount
    durationMilliseconds = run.durationMilliseconds ?? 0
    if run.outcome.isFinal, run.artifactCount > 0 { finishedWithArtifacts = 1 }
    switch run.outcome {
    case .running: break
    case .succeeded: succeeded = 1
    case .failed: failed = 1
    case .cancelled: cancelled = 1
    case .abandoned: abandoned = 1
    }
  }

  /// How many ended, in whatever way.
  public var finished: Int64 { succeeded &+ failed &+ cancelled &+ abandoned }

  /// Whether there are no runs; a store lists no such group.
  public var isEmpty: Bool { count == 0 }

  /// The share of those that ended which succeeded, from 0 to 1, or nil where none ended.
  public var successRate: Double? { finished > 0 ? Double(succeeded) / Double(finished) : nil }

  /// The share of those that ended which made at least one artifact, from 0 to 1, or nil where none ended.
  public var artifactRate: Double? { finished > 0 ? Double(finishedWithArtifacts) / Double(finished) : nil }

  /// The average duration in milliseconds of those that ended, half up, or nil where none did.
  public var averageDurationMilliseconds: Int64? { durationMilliseconds.average(over: finished) }

  /// The sums of both.
  public static func + (left: RunSums, right: RunSums) -> RunSums {
    var result = left
    result += right
    return result
  }

  /// What the first sums have beyond the second, which may be negative: a change.
  public static func - (left: RunSums, right: RunSums) -> RunSums {
    var result = left
    result.count &-= right.count
    result.succeeded &-= right.succeeded
    result.failed &-= right.failed
    result.cancelled &-= right.cancelled
    result.abandoned &-= right.abandoned
    result.finishedWithArtifacts &-= right.finishedWithArtifacts
    result.artifacts &-= right.artifacts
    result.durationMilliseconds &-= right.durationMilliseconds
    return result
  }

  /// Adds the second sums to the first.
  public static func += (left: inout RunSums, right: RunSums) {
    left.count &+= right.count
    left.succeeded &+= right.succeeded
    left.failed &+= right.failed
    left.cancelled &+= right.cancelled
    left.abandoned &+= right.abandoned
    left.finishedWithArtifacts &+= right.finishedWithArtifacts
    left.artifacts &+= right.artifacts
    left.durationMilliseconds &+= right.durationMilliseconds
  }
}
