#if SQLite
  public import SaaSCore
  public import TenancyKit
  public import UsageKit

  /// Groups are kept in the transaction that writes a row, each written once for a call, however many rows it has.
  extension SQLiteStore: UsageStore {
    // MARK: Recording

    /// - Complexity: O(log *n*) for each write; for a run that is new, also the number of events that wait for it.
    public func record(_ batches: [UsageBatch], at now: Timestamp) async throws(StoreError) -> [[UsageAnswer]] {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        let recordings = UsageRecordings.present(in: work)
        var answers: [[UsageAnswer]] = []
        answers.reserveCapacity(batches.count)
        for batch in batches {
          answers.append(try recordings.recording(for: batch.tenant, in: work).record(batch.writes, at: now))
        }
        // After all of them: one call takes one revision of an organisation, however many batches it has of it.
        for batch in batches { try recordings.recording(for: batch.tenant, in: work).endCall() }
        return answers
      }
    }

    /// - Complexity: O(log *n*) for each cost
    public func reprice(_ costs: [EventID: EventCost], for tenant: TenantContext) async throws(StoreError) -> Int {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        let recording = try UsageRecordings.present(in: work).recording(for: tenant, in: work)
        var count = 0
        for (id, cost) in costs where try recording.reprice(id, cost) { count += 1 }
        try recording.endCall()
        return count
      }
    }

    // MARK: Figures

    /// - Complexity: O(groups × days)
    public func report(for window: DayWindow, of tenant: TenantContext) async throws(StoreError)
      -> UsageReading<UsageReport>
    {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID) else {
          return UsageReading(
            UsageReport(window: window, days: [], users: [], workflows: [], models: []), revision: 0)
        }
        return UsageReading(try work.report(for: window, of: organization), revision: organization.revision)
      }
    }

    /// - Complexity: O(*d* + *h*) for each period, in the number of days with usage and of rows in its partial hours
    public func sums(of periods: [Period], for tenant: TenantContext) async throws(UsageStoreError)
      -> UsageReading<[UsageSums]>
    {
      try await read { (work: Transaction<UsageStoreError>) throws(UsageStoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID) else {
          return UsageReading(periods.map { _ in UsageSums() }, revision: 0)
        }
        var sums: [UsageSums] = []
        for period in periods {
          let parts = PeriodParts(period)
          if let error = try work.deletedRows(of: parts, in: organization) { throw error }
          sums.append(try work.sums(of: parts, for: organization))
        }
        return UsageReading(sums, revision: organization.revision)
      }
    }

    // MARK: Rows

    public func status(of tenant: TenantContext) async throws(StoreError) -> UsageStatus {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        let organization = try work.usageOrganization(tenant.organizationID)
        return UsageStatus(revision: organization?.revision ?? 0, horizon: organization?.horizon)
      }
    }

    /// - Complexity: O(log *n*)
    public func run(_ id: RunID, of tenant: TenantContext) async throws(StoreError) -> RecordedRun? {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID),
          let run = try work.run(id, of: organization.number)?.row, run.run.startedAt >= organization.kept
        else { return nil }
        return run
      }
    }

    /// - Complexity: O(log *n*)
    public func event(_ id: EventID, of tenant: TenantContext) async throws(StoreError) -> RecordedEvent? {
      try await lookUp { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID),
          let event = try work.event(id, of: organization.number)?.row, event.event.createdAt >= organization.kept
        else { return nil }
        return event
      }
    }

    /// - Complexity: O(log *n* + *r*), in the number of runs of the period that are passed over or listed
    public func runs(
      matching query: RunQuery, at revision: Int64?, after cursor: RunCursor?, limit: PageLimit,
      of tenant: TenantContext
    ) async throws(UsageStoreError) -> AuditPage<RecordedRun, RunCursor> {
      try await read { (work: Transaction<UsageStoreError>) throws(UsageStoreError) in
        try work.runs(
          matching: query, at: revision, after: cursor, limit: limit,
          of: try work.usageOrganization(tenant.organizationID))
      }
    }

    /// - Complexity: O(log *n* + *e*), in the number of events of the period that are passed over or listed; of one run,
    ///   in the number of its events.
    public func events(
      matching query: EventQuery, at revision: Int64?, after cursor: EventCursor?, limit: PageLimit,
      of tenant: TenantContext
    ) async throws(UsageStoreError) -> AuditPage<RecordedEvent, EventCursor> {
      try await read { (work: Transaction<UsageStoreError>) throws(UsageStoreError) in
        try work.events(
          matching: query, at: revision, after: cursor, limit: limit,
          of: try work.usageOrganization(tenant.organizationID))
      }
    }

    /// - Complexity: O(log *n* + limit)
    public func runningRuns(
      startedBefore instant: Timestamp, after cursor: RunCursor?, limit: PageLimit, of tenant: TenantContext
    ) async throws(StoreError) -> Page<RecordedRun, RunCursor> {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID) else { return Page([], next: nil) }
        return try work.runningRuns(startedBefore: instant, after: cursor, limit: limit, of: organization)
      }
    }

    // MARK: Ledger

    public func staleDays(limit: PageLimit, of tenant: TenantContext) async throws(StoreError) -> [UTCDay] {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID) else { return [] }
        return try work.staleDays(limit: limit.count, of: organization.number)
      }
    }

    /// - Complexity: O(*d* + *h*) for each period, in the number of days with usage and of rows in its partial hours
    public func rollUp(_ periods: [Period], of tenant: TenantContext) async throws(StoreError) -> [LedgerRow] {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        try work.writeDeferred()
        return try work.rollUp(periods, of: try work.usageOrganizationMade(tenant.organizationID))
      }
    }

    public func sealLedger(endedBy instant: Timestamp, of tenant: TenantContext, at now: Timestamp)
      async throws(StoreError) -> Int
    {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        try work.writeDeferred()
        guard let organization = try work.usageOrganization(tenant.organizationID) else { return 0 }
        return try work.sealLedger(endedBy: instant, of: organization, at: now)
      }
    }

    public func ledger(_ query: LedgerQuery, after start: Timestamp?, limit: PageLimit, of tenant: TenantContext)
      async throws(StoreError) -> Page<LedgerRow, Timestamp>
    {
      try await read { (work: Transaction<StoreError>) throws(StoreError) in
        guard let organization = try work.usageOrganization(tenant.organizationID) else { return Page([], next: nil) }
        let rows = try work.ledgerRows(query, after: start, limit: limit.count + 1, of: organization.number)
        let page = Array(rows.prefix(limit.count))
        return Page(page, next: rows.count > limit.count ? page.last?.period.start : nil)
      }
    }

    // MARK: Retention

    /// - Complexity: O(log *n* + limit)
    public func deleteRows(before day: UTCDay, limit: PageLimit, of tenant: TenantContext) async throws(StoreError)
      -> UsageDeletion
    {
      try await write { (work: Transaction<StoreError>) throws(StoreError) in
        try work.writeDeferred()
        return try work.deleteRows(
          before: day, limit: limit, of: try work.usageOrganizationMade(tenant.organizationID))
      }
    }
  }

  extension UsageRecording {
    /// Makes some writes in order, and gives their answers.
    fileprivate func record(_ writes: [UsageWrite], at now: Timestamp) throws(StoreError) -> [UsageAnswer] {
      var answers: [UsageAnswer] = []
      answers.reserveCapacity(writes.count)
      for write in writes {
        let answer =
          switch write {
          case .event(let priced): try record(priced)
          case .run(let run): try record(run, at: now)
          case .start(let run, let limit): try start(run, limit: limit, at: now)
          }
        answers.append(answer)
      }
      return answers
    }
  }
#endif
