internal import SaaSCore

extension OrganizationUsage {
  mutating func rollUp(_ periods: [Period]) -> [LedgerRow] {
    for period in periods {
      let change = LedgerRules.rollUp(period, overlapping: overlapping(period), horizon: horizon) {
        sums(of: PeriodParts($0))
      }
      ledger.removeAll { row in
        change.deleted.contains(row.period.start) || change.saved.contains { $0.period.start == row.period.start }
      }
      for row in change.saved {
        ledger.insert(row, at: ledger.partitioningIndex { $0.period.start > row.period.start })
      }
      for place in change.uncovered.flatMap(dayPlaces(touching:)) { markStale(place) }
    }
    var rows: [LedgerRow] = []
    for row in periods.flatMap(overlapping) where !rows.contains(row) { rows.append(row) }
    for day in LedgerRules.settled(Array(staleDays), by: rows) {
      staleDays.remove(day)
      if let place = dayPlace(day) { days[place].isStale = false }
    }
    return rows
  }

  mutating func sealLedger(endedBy instant: Timestamp, at now: Timestamp) -> Int {
    var count = 0
    for index in ledger.indices {
      let period = ledger[index].period
      let isStale = staleDays.contains { $0.start < period.end && period.start < $0.advanced(by: 1).start }
      guard let sealed = LedgerRules.seal(ledger[index], endedBy: instant, isStale: isStale, at: now) else { continue }
      ledger[index] = sealed
      count += 1
    }
    return count
  }

  func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit) -> Page<LedgerRow, Timestamp> {
    let first = start.map { start in ledger.partitioningIndex { $0.period.start > start } } ?? 0
    let rows = ledger[first...].lazy.filter(query.matches).prefix(limit.count + 1)
    let page = Array(rows.prefix(limit.count))
    return Page(page, next: rows.count > limit.count ? page.last?.period.start : nil)
  }

  mutating func deleteRows(before day: UTCDay, limit: PageLimit) -> UsageDeletion {
    horizon = LedgerRules.horizon(
      requested: day, present: horizon, firstUnsealed: ledger.first { !$0.isSealed }, firstStale: staleDays.min())
    guard let horizon else { return UsageDeletion(horizon: nil, deleted: 0, isComplete: true) }
    var deleted = 0
    for place in dayPlaces(before: horizon) {
      while deleted < limit.count, let row = days[place].events.popLast() {
        deleteEvent(Int(row))
        deleted += 1
      }
      while deleted < limit.count, let row = days[place].runs.popLast() {
        deleteRun(Int(row), of: days[place].day)
        deleted += 1
      }
      if deleted == limit.count { break }
    }
    let isComplete = dayPlaces(before: horizon).allSatisfy {
      days[$0].events.rows.isEmpty && days[$0].runs.rows.isEmpty
    }
    return UsageDeletion(horizon: horizon, deleted: deleted, isComplete: isComplete)
  }

  private mutating func deleteEvent(_ row: Int) {
    if !eventRows[row].isDropped { drop(row, hash: secret.hash(eventIDs[row].text)) }
    freeEvents.append(Int32(truncatingIfNeeded: row))
    let run = Int(eventRows[row].run)
    runHeads[run].eventCount -= 1
    releaseRun(run)
  }

  /// Deletes the run at a place, unless the place has taken another one that began on another day.
  private mutating func deleteRun(_ place: Int, of day: UTCDay) {
    guard let run = runs[place].run, UTCDay(containing: run.startedAt) == day else { return }
    runs[place].run = nil
    runHeads[place] = RunHead(eventCount: runHeads[place].eventCount)
    releaseRun(place)
  }

  private func overlapping(_ period: Period) -> [LedgerRow] { ledger.filter(LedgerQuery(overlapping: period).matches) }
}
