#if SQLite
  internal import SaaSCore
  internal import UsageKit

  /// An organisation in the usage tables.
  struct UsageOrganization {
    let number: Int64
    let revision: Int64
    let horizon: Timestamp?

    /// The first instant of which rows are there.
    var kept: Timestamp { horizon ?? .distantPast }
  }

  /// A run or event with its row number.
  struct Numbered<Row> {
    let number: Int64
    let row: Row
  }

  extension Run.Outcome {
    /// The number that stands for it in a row.
    var number: Int64 {
      switch self {
      case .running: 0
      case .succeeded: 1
      case .failed: 2
      case .cancelled: 3
      case .abandoned: 4
      }
    }

    fileprivate init?(number: Int64) {
      guard let outcome = Self.allCases.first(where: { $0.number == number }) else { return nil }
      self = outcome
    }
  }

  extension Statement {
    /// The organisation in a row of `number, revision, horizon`.
    func usageOrganization() -> UsageOrganization {
      UsageOrganization(number: int64(0), revision: int64(1), horizon: optionalTimestamp(2))
    }

    /// The run in a row in the columns of `runByID`.
    func runRow() throws(Failure) -> Numbered<RecordedRun> {
      guard let outcome = Run.Outcome(number: int64(5)) else { throw unreadable("a run has outcome \(int64(5))") }
      let run = Run(
        unchecked: try identifier(0), userID: try identifier(1), workflow: try identifier(2), startedAt: timestamp(3),
        finishedAt: optionalTimestamp(4), outcome: outcome, artifactCount: int64(6))
      return Numbered(
        number: int64(9), row: RecordedRun(run, insertedRevision: int64(7), changedRevision: int64(8)))
    }

    /// The event in a row in the columns of `eventByID`.
    func eventRow() throws(Failure) -> Numbered<RecordedEvent> {
      let event = UsageEvent(
        unchecked: try identifier(0), runID: try identifier(1), stepID: try optionalIdentifier(2),
        provider: try identifier(3), model: try identifier(4),
        tokens: TokenCounts(unchecked: int64(5), int64(6), int64(7), int64(8)), serviceTier: try optionalIdentifier(9),
        durationMilliseconds: int64(10), resultSize: int64(11), createdAt: timestamp(12))
      var cost = EventCost.unpriced
      if let rate: RateID = try optionalIdentifier(13) {
        let amount = PicoUSD(picos: int64(15))
        cost = bool(14) ? .partlyPriced(amount, rate: rate) : .priced(amount, rate: rate)
      }
      return Numbered(
        number: int64(20),
        row: RecordedEvent(
          event, cost: cost, user: Attributed(try optionalIdentifier(16)),
          workflow: Attributed(try optionalIdentifier(17)), insertedRevision: int64(18), changedRevision: int64(19)))
    }

    func optionalIdentifier<ID: Identifier>(_ column: Int32, as type: ID.Type = ID.self) throws(Failure) -> ID? {
      isNull(column) ? nil : try identifier(column)
    }

    // MARK: Sums

    /// Binds the sums of runs, then those of events, each in the order of their columns.
    func bind(_ sums: UsageSums, from first: Int32) {
      bind(sums.runs.count, at: first)
      bind(sums.runs.succeeded, at: first + 1)
      bind(sums.runs.failed, at: first + 2)
      bind(sums.runs.cancelled, at: first + 3)
      bind(sums.runs.abandoned, at: first + 4)
      bind(sums.runs.finishedWithArtifacts, at: first + 5)
      bind(sums.runs.artifacts, at: first + 6)
      bind(sums.runs.durationMilliseconds, at: first + 7)
      bind(sums.events, from: first + 8)
    }

    /// Binds the sums of events in the order of their columns.
    func bind(_ sums: EventSums, from first: Int32) {
      bind(sums.count, at: first)
      bind(sums.unpriced, at: first + 1)
      bind(sums.partlyUnpriced, at: first + 2)
      bind(sums.promptTokens, at: first + 3)
      bind(sums.cachedPromptTokens, at: first + 4)
      bind(sums.cacheWritePromptTokens, at: first + 5)
      bind(sums.completionTokens, at: first + 6)
      bind(sums.durationMilliseconds, at: first + 7)
      bind(sums.cost.wholeDollars, at: first + 8)
      bind(sums.cost.picos, at: first + 9)
    }

    /// The sums from a column on; NULL is zero.
    func usageSums(from first: Int32) -> UsageSums {
      UsageSums(runs: runSums(from: first), events: eventSums(from: first + 8))
    }

    /// The sums of runs from a column on; NULL is zero.
    func runSums(from first: Int32) -> RunSums {
      var sums = RunSums()
      sums.count = int64(first)
      sums.succeeded = int64(first + 1)
      sums.failed = int64(first + 2)
      sums.cancelled = int64(first + 3)
      sums.abandoned = int64(first + 4)
      sums.finishedWithArtifacts = int64(first + 5)
      sums.artifacts = int64(first + 6)
      sums.durationMilliseconds = int64(first + 7)
      return sums
    }

    /// The sums of events from a column on; NULL is zero.
    func eventSums(from first: Int32) -> EventSums {
      var sums = EventSums()
      sums.count = int64(first)
      sums.unpriced = int64(first + 1)
      sums.partlyUnpriced = int64(first + 2)
      sums.promptTokens = int64(first + 3)
      sums.cachedPromptTokens = int64(first + 4)
      sums.cacheWritePromptTokens = int64(first + 5)
      sums.completionTokens = int64(first + 6)
      sums.durationMilliseconds = int64(first + 7)
      sums.cost = CostSum(wholeDollars: int64(first + 8), picos: int64(first + 9))
      return sums
    }
  }
#endif
