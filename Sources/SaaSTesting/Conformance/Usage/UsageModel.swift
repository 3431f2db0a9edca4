package import SaaSCore
package import UsageKit

/// What a ``UsageStore`` says of one organisation, worked out in the plainest way: lists of rows, and every figure by the
/// reference over all of them.
package struct UsageModel {
  package private(set) var revision: Int64 = 0
  package private(set) var horizon: Timestamp?
  package private(set) var runs: [RunID: RecordedRun] = [:]
  package private(set) var events: [EventID: RecordedEvent] = [:]
  // Rows that retention deleted, of which the groups still tell.
  private var deletedRuns: [RecordedRun] = []
  private var deletedEvents: [RecordedEvent] = []
  private(set) var ledger: [LedgerRow] = []
  private(set) var staleDays: Set<UTCDay> = []

  package init() {}

  // MARK: Writing

  package mutating func record(_ writes: [UsageWrite]) -> [UsageAnswer] {
    let next = revision + 1
    let answers = writes.map { write -> UsageAnswer in
      switch write {
      case .event(let priced): return record(priced, next)
      case .run(let run):
        return self.write(UsageRules.recording(run, stored: runs[run.id]?.run, horizon: horizon), next)
      case .start(let run, let limit):
        let decision = UsageRules.starting(run, limit: limit, stored: runs[run.id]?.run, horizon: horizon) { period in
          used(in: period)
        }
        return self.write(decision, next)
      }
    }
    if answers.contains(.recorded) || answers.contains(.updated) { revision = next }
    return answers
  }

  private mutating func record(_ priced: PricedEvent, _ next: Int64) -> UsageAnswer {
    let event = priced.event
    let answer = UsageRules.recording(event, stored: events[event.id]?.event, horizon: horizon)
    guard answer == .recorded else { return answer }
    let run = runs[event.runID]?.run
    events[event.id] = RecordedEvent(
      event, cost: priced.cost, user: Attributed(run?.userID), workflow: Attributed(run?.workflow),
      insertedRevision: next, changedRevision: next)
    staleDays.insert(UTCDay(containing: event.createdAt))
    return answer
  }

  private mutating func write(_ decision: UsageRules.RunDecision, _ next: Int64) -> UsageAnswer {
    guard let run = decision.write else { return decision.answer }
    let stored = runs[run.id]
    runs[run.id] = RecordedRun(run, insertedRevision: stored?.insertedRevision ?? next, changedRevision: next)
    staleDays.insert(UTCDay(containing: run.startedAt))
    guard stored == nil else { return decision.answer }
    for (id, row) in events where row.event.runID == run.id && row.user == .unknown {
      events[id] = RecordedEvent(
        row.event, cost: row.cost, user: .known(run.userID), workflow: .known(run.workflow),
        insertedRevision: row.insertedRevision, changedRevision: next)
    }
    return decision.answer
  }

  package mutating func reprice(_ costs: [EventID: EventCost]) -> Int {
    var changed = 0
    for (id, cost) in costs {
      guard let row = events[id], row.cost != cost else { continue }
      changed += 1
      events[id] = RecordedEvent(
        row.event, cost: cost, user: row.user, workflow: row.workflow, insertedRevision: row.insertedRevision,
        changedRevision: revision + 1)
      if EventSums(row.event, cost: row.cost) != EventSums(row.event, cost: cost) {
        staleDays.insert(UTCDay(containing: row.event.createdAt))
      }
    }
    if changed > 0 { revision += 1 }
    return changed
  }

  // MARK: Ledger

  mutating func rollUp(_ periods: [Period]) -> [LedgerRow] {
    func overlapping(_ period: Period) -> [LedgerRow] { ledger.filter(LedgerQuery(overlapping: period).matches) }
    for period in periods {
      let change = LedgerRules.rollUp(period, overlapping: overlapping(period), horizon: horizon, sums: sums(of:))
      ledger.removeAll { row in
        change.deleted.contains(row.period.start) || change.saved.contains { $0.period.start == row.period.start }
      }
      ledger = (ledger + change.saved).sorted { $0.period.start < $1.period.start }
      for span in change.uncovered { staleDays.formUnion(instants.filter(span.contains).map(UTCDay.init(containing:))) }
    }
    var rows: [LedgerRow] = []
    for row in periods.flatMap(overlapping) where !rows.contains(row) { rows.append(row) }
    staleDays.subtract(LedgerRules.settled(Array(staleDays), by: rows))
    return rows
  }

  /// When there ever was usage.
  private var instants: [Timestamp] {
    (Array(runs.values) + deletedRuns).map(\.run.startedAt)
      + (Array(events.values) + deletedEvents).map(\.event.createdAt)
  }

  mutating func seal(endedBy instant: Timestamp, at now: Timestamp) {
    ledger = ledger.map { row in
      let isStale = staleDays.contains { $0.start < row.period.end && row.period.start < $0.advanced(by: 1).start }
      return LedgerRules.seal(row, endedBy: instant, isStale: isStale, at: now) ?? row
    }
  }

  package mutating func deleteRows(before day: UTCDay) {
    horizon = LedgerRules.horizon(
      requested: day, present: horizon, firstUnsealed: ledger.first { !$0.isSealed }, firstStale: staleDays.min())
    guard let horizon else { return }
    deletedRuns += runs.values.filter { $0.run.startedAt < horizon }
    deletedEvents += events.values.filter { $0.event.createdAt < horizon }
    runs = runs.filter { $0.value.run.startedAt >= horizon }
    events = events.filter { $0.value.event.createdAt >= horizon }
  }

  // MARK: Reading

  package func report(for window: DayWindow) -> UsageReport {
    UsageAggregation.report(
      for: window, runs: Array(runs.values) + deletedRuns, events: Array(events.values) + deletedEvents)
  }

  /// Why the sums of a period cannot be read, or nil where they can.
  func deletedRows(of period: Period) -> UsageStoreError? {
    UsageRules.summing(PeriodParts(period), horizon: horizon) { hour in
      instants.contains { UTCHour(containing: $0) == hour }
    }
  }

  package func sums(of period: Period) -> UsageSums {
    UsageAggregation.sums(
      for: period, runs: (Array(runs.values) + deletedRuns).map(\.run),
      events: (Array(events.values) + deletedEvents).map { PricedEvent($0.event, cost: $0.cost) })
  }

  /// How many runs a limit counts: of parts of hours, only those that are not deleted.
  private func used(in period: Period) -> Int64 {
    let rows = PeriodParts(period).rows
    let deleted = deletedRuns.filter { deleted in !rows.contains { $0.contains(deleted.run.startedAt) } }
    return Int64((Array(runs.values) + deleted).count { period.contains($0.run.startedAt) })
  }

  package func runs(matching query: RunQuery, at revision: Int64) -> [RecordedRun] {
    runs.values.filter { $0.insertedRevision <= revision && query.matches($0.run) }.sorted { $0.cursor < $1.cursor }
  }

  package func events(matching query: EventQuery, at revision: Int64) -> [RecordedEvent] {
    events.values.filter { $0.insertedRevision <= revision && query.matches($0) }.sorted { $0.cursor < $1.cursor }
  }

  /// Whether an event of a period that was there at a revision has changed since.
  func hasEventChanged(in period: Period, since revision: Int64) -> Bool {
    events.values.contains {
      period.contains($0.event.createdAt) && $0.insertedRevision <= revision && revision < $0.changedRevision
    }
  }
}
