internal import SaaSCore

extension UsageWrite {
  /// Refuses a write whose instants lie after the last one that is allowed.
  func checkInstants(latest: Timestamp) throws(UsageValueError) {
    switch self {
    case .event(let priced): try UsageBounds.check(priced.event.createdAt, .createdAt, latest: latest)
    case .run(let run), .start(let run, _):
      try UsageBounds.check(run.startedAt, .startedAt, latest: latest)
      if let finishedAt = run.finishedAt { try UsageBounds.check(finishedAt, .finishedAt, latest: latest) }
    }
  }
}
