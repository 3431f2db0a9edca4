internal import SaaSCore

extension OrganizationUsage {
  mutating func runs(matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit)
    throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor>
  {
    if let error = UsageRules.listing(query.period, horizon: horizon) { throw error }
    let revision = revision ?? self.revision
    var found: [RecordedRun] = []
    let start = max(query.period.start, cursor?.startedAt ?? .distantPast)
    walk: for place in dayPlaces(touching: query.period)
    where days[place].day.advanced(by: 1).start > start {
      sortRows(ofDay: place)
      let rows = days[place].runs.rows
      for row in rows[rows.partitioningIndex { startedAt($0) >= start }...] {
        guard let recorded = recordedRun(at: Int(row)), recorded.insertedRevision <= revision,
          query.matches(recorded.run), cursor.map({ $0 < recorded.cursor }) ?? true
        else { continue }
        found.append(recorded)
        if found.count > limit.count { break walk }
      }
    }
    return AuditPage(
      Self.page(found, limit: limit, cursor: \.cursor), revision: revision,
      changedSince: hasChanged(in: query.period, since: revision))
  }

  mutating func events(matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit)
    throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor>
  {
    if let error = UsageRules.listing(query.period, horizon: horizon) { throw error }
    let revision = revision ?? self.revision
    var found: [RecordedEvent] = []
    let start = max(query.period.start, cursor?.createdAt ?? .distantPast)
    walk: for place in dayPlaces(touching: query.period)
    where days[place].day.advanced(by: 1).start > start {
      sortRows(ofDay: place)
      let rows = days[place].events.rows
      for row in rows[rows.partitioningIndex { eventRows[Int($0)].createdAt >= start }...] {
        guard !eventRows[Int(row)].isDropped, eventRows[Int(row)].insertedRevision <= revision,
          let recorded = recordedEvent(at: Int(row)), query.matches(recorded),
          cursor.map({ $0 < recorded.cursor }) ?? true
        else { continue }
        found.append(recorded)
        if found.count > limit.count { break walk }
      }
    }
    return AuditPage(
      Self.page(found, limit: limit, cursor: \.cursor), revision: revision,
      changedSince: hasChanged(in: query.period, since: revision))
  }

  mutating func runningRuns(startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit)
    -> Page<RecordedRun, RunCursor>
  {
    var found: [RecordedRun] = []
    let first = UTCDay(containing: cursor?.startedAt ?? .distantPast)
    walk: for place in dayPlaces(from: first, upTo: UTCDay(containing: instant).advanced(by: 1))
    where days[place].group.sums.runs.finished < days[place].group.sums.runs.count {
      sortRows(ofDay: place)
      for row in days[place].runs.rows {
        guard let recorded = recordedRun(at: Int(row)), recorded.run.outcome == .running,
          recorded.run.startedAt < instant, cursor.map({ $0 < recorded.cursor }) ?? true
        else { continue }
        found.append(recorded)
        if found.count > limit.count { break walk }
      }
    }
    return Self.page(found, limit: limit, cursor: \.cursor)
  }

  /// Whether a row in a day that a period touches changed after a revision.
  private func hasChanged(in period: Period, since revision: Int64) -> Bool {
    dayPlaces(touching: period).contains { days[$0].lastChange > revision }
  }

  /// A page of rows of which there may be one more than its limit, which tells that there is a next page.
  private static func page<Row: Sendable, Cursor: Sendable>(
    _ rows: [Row], limit: PageLimit, cursor: (Row) -> Cursor
  ) -> Page<Row, Cursor> {
    let page = Array(rows.prefix(limit.count))
    return Page(page, next: rows.count > limit.count ? page.last.map(cursor) : nil)
  }
}
