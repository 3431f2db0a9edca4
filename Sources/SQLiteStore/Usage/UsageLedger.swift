#if SQLite
  internal import SaaSCore
  internal import UsageKit

  extension Transaction {
    // MARK: Ledger

    /// Recomputes and saves the rows of periods, and settles the days that they cover.
    func rollUp(_ periods: [Period], of organization: UsageOrganization) throws(Failure) -> [LedgerRow] {
      for period in periods {
        let change = try LedgerRules.rollUp(
          period, overlapping: try ledgerRows(LedgerQuery(overlapping: period), of: organization.number),
          horizon: organization.horizon
        ) { (piece) throws(Failure) in try sums(of: PeriodParts(piece), for: organization) }
        for start in change.deleted {
          let statement = try statement(.deleteLedgerRow)
          statement.bind(organization.number, at: 1)
          statement.bind(start, at: 2)
          try statement.run()
        }
        for row in change.saved { try put(row, of: organization.number) }
        for span in change.uncovered { try markStale(span, of: organization.number) }
      }
      var rows: [LedgerRow] = []
      for period in periods {
        for row in try ledgerRows(LedgerQuery(overlapping: period), of: organization.number) where !rows.contains(row) {
          rows.append(row)
        }
      }
      try settle(
        LedgerRules.settled(try staleDays(limit: nil, of: organization.number), by: rows), of: organization.number)
      return rows
    }

    /// Seals the rows that are over and have no stale day.
    func sealLedger(endedBy instant: Timestamp, of organization: UsageOrganization, at now: Timestamp) throws(Failure)
      -> Int
    {
      var count = 0
      let stale = try staleDays(limit: nil, of: organization.number)
      for row in try ledgerRows(LedgerQuery(isSealed: false), of: organization.number) {
        let isStale = stale.contains { $0.start < row.period.end && row.period.start < $0.advanced(by: 1).start }
        guard let sealed = LedgerRules.seal(row, endedBy: instant, isStale: isStale, at: now) else { continue }
        try put(sealed, of: organization.number)
        count += 1
      }
      return count
    }

    /// Rows that match, in the order of their starts, from the one after a start on.
    func ledgerRows(_ query: LedgerQuery, after start: Timestamp? = nil, limit: Int = -1, of organization: Int64)
      throws(Failure) -> [LedgerRow]
    {
      let statement = try statement(.ledgerRows)
      statement.bind(organization, at: 1)
      statement.bind(query.overlapping?.start ?? .distantPast, at: 2)
      statement.bind(query.overlapping?.end ?? .distantFuture, at: 3)
      statement.bind(start.map { $0 + .microseconds(1) } ?? .distantPast, at: 4)
      if let isSealed = query.isSealed { statement.bind(isSealed, at: 5) } else { statement.bindNull(at: 5) }
      // A negative limit is none.
      statement.bind(limit, at: 6)
      return try statement.all { (row) throws(Failure) in try row.ledgerRow() }
    }

    private func put(_ row: LedgerRow, of organization: Int64) throws(Failure) {
      let statement = try statement(.putLedgerRow)
      statement.bind(organization, at: 1)
      statement.bind(row.period.start, at: 2)
      statement.bind(row.period.end, at: 3)
      statement.bind(row.sums, from: 4)
      statement.bind(row.estimatedCost.tenThousandths, at: 22)
      statement.bind(row.sealedAt, at: 23)
      try statement.run()
    }

    // MARK: Stale days

    /// The first stale days; all of them without a limit.
    func staleDays(limit: Int?, of organization: Int64) throws(Failure) -> [UTCDay] {
      let statement = try statement(.staleDays)
      statement.bind(organization, at: 1)
      statement.bind(limit ?? -1, at: 2)
      return try statement.all { (row) throws(Failure) in UTCDay(daysSince1970: Int(row.int64(0))) }
    }

    /// Makes the days with usage that a span touches stale.
    private func markStale(_ span: Period, of organization: Int64) throws(Failure) {
      let statement = try statement(.markDaysStale)
      statement.bind(organization, at: 1)
      statement.bind(UTCDay(containing: span.start).daysSince1970, at: 2)
      statement.bind(UTCDay(containing: span.end - .microseconds(1)).daysSince1970, at: 3)
      try statement.run()
    }

    private func settle(_ days: [UTCDay], of organization: Int64) throws(Failure) {
      let statement = try statement(.settleDay)
      for day in days {
        statement.bind(organization, at: 1)
        statement.bind(day.daysSince1970, at: 2)
        try statement.run()
      }
    }

    // MARK: Retention

    func deleteEvent(_ number: Int64) throws(Failure) { try each(.deleteEvent, number) }

    /// Deletes a run that has not arrived and has no events.
    func deleteUnusedRun(_ number: Int64) throws(Failure) { try each(.deleteUnusedRun, number) }

    private func each(_ sql: SQL, _ number: Int64) throws(Failure) {
      let statement = try statement(sql)
      statement.bind(number, at: 1)
      try statement.run()
    }

    func deleteRows(before day: UTCDay, limit: PageLimit, of organization: UsageOrganization) throws(Failure)
      -> UsageDeletion
    {
      let unsealed = try statement(.firstUnsealedRow)
      unsealed.bind(organization.number, at: 1)
      let horizon = LedgerRules.horizon(
        requested: day, present: organization.horizon,
        firstUnsealed: try unsealed.first { (row) throws(Failure) in try row.ledgerRow() },
        firstStale: try staleDays(limit: 1, of: organization.number).first)
      guard let horizon else { return UsageDeletion(horizon: nil, deleted: 0, isComplete: true) }
      if horizon != organization.horizon {
        let statement = try statement(.setHorizon)
        statement.bind(organization.number, at: 1)
        statement.bind(horizon, at: 2)
        try statement.run()
      }
      let rows = try self.rows(before: horizon, limit: limit.count + 1, of: organization.number)
      for row in rows.prefix(limit.count) {
        if row.isEvent { try deleteEvent(row.number) } else { try each(.clearRun, row.number) }
        try deleteUnusedRun(row.run)
      }
      return UsageDeletion(
        horizon: horizon, deleted: min(rows.count, limit.count), isComplete: rows.count <= limit.count)
    }

    private func rows(before horizon: Timestamp, limit: Int, of organization: Int64) throws(Failure)
      -> [(isEvent: Bool, number: Int64, run: Int64)]
    {
      let statement = try statement(.rowsBefore)
      statement.bind(organization, at: 1)
      statement.bind(horizon, at: 2)
      statement.bind(limit, at: 3)
      return try statement.all { (row) throws(Failure) in (row.bool(1), row.int64(2), row.int64(3)) }
    }
  }

  extension Statement {
    /// The row of the ledger in a row of `period_start, period_end`, the sums, `sealed_at`.
    fileprivate func ledgerRow() throws(Failure) -> LedgerRow {
      guard let period = Period(start: timestamp(0), end: timestamp(1)) else {
        throw unreadable("a period ends before it begins")
      }
      return LedgerRow(period: period, sums: usageSums(from: 2), sealedAt: optionalTimestamp(20))
    }
  }
#endif
