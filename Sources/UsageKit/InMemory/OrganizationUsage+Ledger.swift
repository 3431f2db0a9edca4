internal import SaaSCore

extension OrganizationUsage {
  mutating func rollUp(_ periods: [Period]) throws(UsageStoreError) -> [LedgerRow] {
    // Checked first, so that the call changes everything or nothing.
    for period in periods where !overlapping(period).contains(where: \.isSealed) {
      if let error = UsageRules.summing(PeriodParts(period), horizon: horizon) { throw error }
    }
    var rows: [LedgerRow] = []
    for period in periods {
      switch LedgerRules.rollUp(period, sums: sums(of: PeriodParts(period)), overlapping: overlapping(period)) {
      case .sealed(let row), .unchanged(let row): rows.append(row)
      case .save(let row, let deleted):
        ledger.removeAll { $0.period.start == period.start || deleted.contains($0.period.start) }
        ledger.insert(row, at: ledger.partitioningIndex { $0.period.start > period.start })
        for start in deleted { markStale(UTCDay(containing: start)) }
        rows.append(row)
      }
    }
    for day in LedgerRules.settled(Array(staleDays), by: periods) {
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
    runs[run].eventCount -= 1
    releaseRun(run)
  }

  /// Deletes the run at a place, unless the place has taken another one that began on another day.
  private mutating func deleteRun(_ place: Int, of day: UTCDay) {
    guard let run = runs[place].run, UTCDay(containing: run.startedAt) == day else { return }
    runs[place].run = nil
    runs[place].user = -1
    runs[place].workflow = -1
    releaseRun(place)
  }

  private func overlapping(_ period: Period) -> [LedgerRow] { ledger.filter(LedgerQuery(overlapping: period).matches) }

  private mutating func markStale(_ day: UTCDay) {
    staleDays.insert(day)
    if let place = dayPlace(day) { days[place].isStale = true }
  }
}
