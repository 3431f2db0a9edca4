#if SQLite
  internal import SaaSCore
  internal import UsageKit

  extension Transaction<UsageStoreError> {
    /// A page of runs; nil for an organisation of which nothing was ever recorded.
    func runs(
      matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit,
      of organization: UsageOrganization?
    ) throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor> {
      try page(of: organization, query.period, at: revision) { (organization, revision) throws(UsageStoreError) in
        var filters: [Int64?] = []
        for name in [query.userID?.text, query.workflow?.text] {
          guard let filter = try filter(name) else { return Page([], next: nil) }
          filters.append(filter)
        }
        let statement = try statement(.runsOfPeriod)
        statement.bind(organization, query.period, cursor?.startedAt, cursor?.id.text, revision)
        statement.bind(filters, from: 7)
        statement.bind(query.outcomes.map { $0.reduce(0) { $0 | 1 << $1.number } } ?? .max, at: 9)
        statement.bind([query.finishedWithArtifacts.map { $0 ? 1 : 0 }], from: 10)
        statement.bind(limit.count + 1, at: 11)
        return try statement.page(limit, cursor: \.cursor) { (row) throws(UsageStoreError) in try row.runRow().row }
      }
    }

    /// A page of events; nil for an organisation of which nothing was ever recorded.
    func events(
      matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
      of organization: UsageOrganization?
    ) throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor> {
      try page(of: organization, query.period, at: revision) { (organization, revision) throws(UsageStoreError) in
        var filters: [Int64?] = []
        for (name, isUnknown) in [
          (query.user?.name?.text, query.user == .unknown), (query.workflow?.name?.text, query.workflow == .unknown),
          (query.provider?.text, false), (query.model?.text, false),
        ] {
          guard let filter = isUnknown ? .some(0) : try filter(name) else { return Page([], next: nil) }
          filters.append(filter)
        }
        let statement = try statement(query.runID == nil ? .eventsOfPeriod : .eventsOfRun)
        statement.bind(organization, query.period, cursor?.createdAt, cursor?.id.text, revision)
        statement.bind(filters, from: 7)
        statement.bind([query.pricing?.number], from: 11)
        statement.bind(limit.count + 1, at: 12)
        if let runID = query.runID { statement.bind(runID, at: 13) }
        return try statement.page(limit, cursor: \.cursor) { (row) throws(UsageStoreError) in try row.eventRow().row }
      }
    }

    private func page<Row: Sendable, Cursor: Sendable>(
      of organization: UsageOrganization?, _ period: Period, at revision: Int64?,
      _ read: (UsageOrganization, Int64) throws(UsageStoreError) -> Page<Row, Cursor>
    ) throws(UsageStoreError) -> AuditPage<Row, Cursor> {
      guard let organization else {
        return AuditPage(Page([], next: nil), revision: revision ?? 0, changedSince: false)
      }
      if let error = UsageRules.listing(period, horizon: organization.horizon) { throw error }
      let revision = revision ?? organization.revision
      let page = try read(organization, revision)
      let statement = try statement(.hasChangedSince)
      statement.bind(organization.number, at: 1)
      statement.bind(UTCDay(containing: period.start).daysSince1970, at: 2)
      // The period ends before its end.
      statement.bind(UTCDay(containing: period.end - .microseconds(1)).daysSince1970, at: 3)
      statement.bind(revision, at: 4)
      let changed = try statement.first { (row) throws(UsageStoreError) in row.bool(0) } ?? false
      return AuditPage(page, revision: revision, changedSince: changed)
    }

    /// The value of a filter by name: NULL without one; nil where no row can match because the name has no number.
    private func filter(_ name: InlineText?) throws(UsageStoreError) -> Int64?? {
      guard let name else { return .some(nil) }
      return try knownNumber(of: name).map(Optional.some)
    }
  }

  extension Transaction<StoreError> {
    func runningRuns(
      startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of organization: UsageOrganization
    ) throws(StoreError) -> Page<RecordedRun, RunCursor> {
      let statement = try statement(.runningRuns)
      let start = max(organization.kept, cursor?.startedAt ?? .distantPast)
      statement.bind(organization.number, at: 1)
      statement.bind(start, at: 2)
      statement.bind(instant, at: 3)
      statement.bind(cursor?.startedAt, at: 4)
      statement.bind(cursor?.id.text, at: 5)
      statement.bind(limit.count + 1, at: 6)
      return try statement.page(limit, cursor: \.cursor) { (row) throws(StoreError) in try row.runRow().row }
    }
  }

  extension EventCost.Pricing {
    fileprivate var number: Int64 {
      switch self {
      case .priced: 0
      case .partlyPriced: 1
      case .unpriced: 2
      }
    }
  }

  extension Statement {
    /// Binds what every page has: the organisation, the period from the cursor on, the cursor, and the revision.
    fileprivate func bind(
      _ organization: UsageOrganization, _ period: Period, _ instant: Timestamp?, _ id: InlineText?, _ revision: Int64
    ) {
      bind(organization.number, at: 1)
      bind(max(period.start, instant ?? .distantPast), at: 2)
      bind(period.end, at: 3)
      bind(instant, at: 4)
      bind(id, at: 5)
      bind(revision, at: 6)
    }

    fileprivate func bind(_ values: [Int64?], from first: Int32) {
      for (index, value) in zip(first..., values) {
        if let value { bind(value, at: index) } else { bindNull(at: index) }
      }
    }

    /// A page of rows, of which the statement answers one more where there is a next page.
    fileprivate func page<Row: Sendable, Cursor: Sendable>(
      _ limit: PageLimit, cursor: (Row) -> Cursor, _ read: (Statement) throws(Failure) -> Row
    ) throws(Failure) -> Page<Row, Cursor> {
      let rows = try all(read)
      let page = Array(rows.prefix(limit.count))
      return Page(page, next: rows.count > limit.count ? page.last.map(cursor) : nil)
    }
  }
#endif
