#if SQLite
  internal import SaaSCore
  internal import UsageKit

  /// Writes to one organisation's runs and events within one transaction, with what they add to its groups.
  ///
  /// The groups are written by ``finish()``, each once; until then they lag behind the rows.
  final class UsageRecording {
    let transaction: Transaction<StoreError>
    let organization: UsageOrganization

    private let organizationID: OrgID
    private var names: UsageNames<StoreError>
    private var changes = GroupChanges()
    /// Days on which rows changed after they were inserted, with the revision of the last change.
    private var changedDays: [UTCDay: Int64] = [:]
    private var drafts: [OutboxDraft] = []
    private var callsWithChanges: Int64 = 0
    private var hasChanged = false
    private var lastRun: RunOfEvents?
    private var (provider, model, rate) = (RepeatedName(), RepeatedName(), RepeatedName())

    private static let unknown = GroupChanges.Owner(user: 0, workflow: 0)

    /// What the events of a run need to know of it.
    private struct RunOfEvents {
      let id: RunID
      let number: Int64
      /// The user and workflow; 0 while the run has not arrived.
      let owner: GroupChanges.Owner
      /// Made for the event that is about to be inserted.
      var isNew = false
    }

    init(_ transaction: Transaction<StoreError>, for organizationID: OrgID) throws(StoreError) {
      self.transaction = transaction
      self.organizationID = organizationID
      names = UsageNames(transaction)
      organization = try transaction.usageOrganizationMade(organizationID)
    }

    /// The revision that rows are stamped with which the present call writes.
    private var revision: Int64 { organization.revision + callsWithChanges + 1 }

    // MARK: Events

    func record(_ priced: PricedEvent) throws(StoreError) -> UsageAnswer {
      // Before the horizon nothing may be inserted, and so the row is looked for first.
      if priced.event.createdAt < organization.kept { return try recordStored(priced) }
      var run = try runOfEvents(priced.event.runID)
      guard try insert(priced, of: run) else {
        if run.isNew {
          try transaction.deleteUnusedRun(run.number)
          lastRun = nil
        }
        return try recordStored(priced)
      }
      run.isNew = false
      lastRun = run
      return .recorded
    }

    /// Decides by the event that is stored under the same identifier.
    private func recordStored(_ priced: PricedEvent) throws(StoreError) -> UsageAnswer {
      let stored = try transaction.event(priced.event.id, of: organization.number)
      if let stored, stored.row.event.createdAt < organization.kept {
        // Retention has not come to it yet, and for a caller it is not there.
        try transaction.deleteEvent(stored.number)
        lastRun = nil
        try transaction.deleteUnusedRun(try runOfEvents(stored.row.event.runID).number)
        return try record(priced)
      }
      return UsageRules.recording(priced.event, stored: stored?.row.event, horizon: organization.horizon)
    }

    /// Inserts an event, or gives false where there is one of its identifier.
    private func insert(_ priced: PricedEvent, of run: RunOfEvents) throws(StoreError) -> Bool {
      let event = priced.event
      let statement = try transaction.statement(.insertEvent)
      statement.bind(organization.number, at: 1)
      statement.bind(event.id, at: 2)
      statement.bind(run.number, at: 3)
      statement.bind(run.owner.user, at: 4)
      statement.bind(run.owner.workflow, at: 5)
      statement.bind(event.stepID?.text, at: 6)
      let model = try number(of: event.provider, event.model)
      statement.bind(model.provider, at: 7)
      statement.bind(model.model, at: 8)
      statement.bind(event.tokens.prompt, at: 9)
      statement.bind(event.tokens.cachedPrompt, at: 10)
      statement.bind(event.tokens.cacheWritePrompt, at: 11)
      statement.bind(event.tokens.completion, at: 12)
      if let tier = event.serviceTier {
        statement.bind(try names.number(of: tier.text), at: 13)
      } else {
        statement.bindNull(at: 13)
      }
      statement.bind(event.durationMilliseconds, at: 14)
      statement.bind(event.resultSize, at: 15)
      statement.bind(event.createdAt, at: 16)
      try bind(priced.cost, to: statement, at: 17)
      statement.bind(revision, at: 20)
      guard try statement.runUnlessViolating() == nil else { return false }
      changes.insert(priced, of: run.owner, model: model)
      hasChanged = true
      return true
    }

    private func number(of provider: ProviderName, _ model: ModelName) throws(StoreError) -> GroupChanges.Model {
      GroupChanges.Model(
        provider: try self.provider.number(of: provider.text, in: &names),
        model: try self.model.number(of: model.text, in: &names))
    }

    /// Binds rate, whether it is partly priced, and the amount.
    private func bind(_ cost: EventCost, to statement: Statement<StoreError>, at first: Int32)
      throws(StoreError)
    {
      if let name = cost.rate {
        statement.bind(try rate.number(of: name.text, in: &names), at: first)
      } else {
        statement.bindNull(at: first)
      }
      statement.bind(cost.pricing == .partlyPriced, at: first + 1)
      statement.bind(cost.amount?.picos ?? 0, at: first + 2)
    }

    /// The run with an identifier, made as one that has not arrived where there is none.
    private func runOfEvents(_ id: RunID) throws(StoreError) -> RunOfEvents {
      if let lastRun, lastRun.id == id { return lastRun }
      let statement = try transaction.statement(.runOfEvent)
      statement.bind(organization.number, at: 1)
      statement.bind(id, at: 2)
      let kept = organization.kept
      let found = try statement.first { (row) throws(StoreError) in
        let hasArrived = !row.isNull(3) && row.timestamp(3) >= kept
        return RunOfEvents(
          id: id, number: row.int64(0),
          owner: hasArrived ? GroupChanges.Owner(user: row.int64(1), workflow: row.int64(2)) : Self.unknown)
      }
      if let found { return found }
      let insert = try transaction.statement(.insertWaitedForRun)
      insert.bind(organization.number, at: 1)
      insert.bind(id, at: 2)
      try insert.run()
      return RunOfEvents(id: id, number: transaction.lastInsertedRow, owner: Self.unknown, isNew: true)
    }

    // MARK: Runs

    func record(_ run: Run, at now: Timestamp) throws(StoreError) -> UsageAnswer {
      let stored = try storedRun(run.id)
      return try write(
        UsageRules.recording(run, stored: stored?.row.run, horizon: organization.horizon), replacing: stored, at: now)
    }

    func start(_ run: Run, limit: RunLimit?, at now: Timestamp) throws(StoreError) -> UsageAnswer {
      let stored = try storedRun(run.id)
      // What is counted are the groups.
      if stored == nil, limit != nil { try writeGroups(at: revision) }
      let decision = try UsageRules.starting(
        run, limit: limit, stored: stored?.row.run, horizon: organization.horizon
      ) { (period) throws(StoreError) in
        try transaction.runCount(in: PeriodParts(period), of: organization)
      }
      return try write(decision, replacing: stored, at: now)
    }

    /// The run with an identifier that has arrived and lies not before the horizon.
    private func storedRun(_ id: RunID) throws(StoreError) -> Numbered<RecordedRun>? {
      guard let stored = try transaction.run(id, of: organization.number), stored.row.run.startedAt >= organization.kept
      else { return nil }
      return stored
    }

    private func write(
      _ decision: UsageRules.RunDecision, replacing stored: Numbered<RecordedRun>?, at now: Timestamp
    ) throws(StoreError) -> UsageAnswer {
      guard let run = decision.write else { return decision.answer }
      hasChanged = true
      lastRun = nil
      let owner = GroupChanges.Owner(
        user: try names.number(of: run.userID.text), workflow: try names.number(of: run.workflow.text))
      changes.replace(stored?.row.run, with: run, of: owner)
      if let stored {
        changedDays[UTCDay(containing: run.startedAt)] = revision
        let statement = try transaction.statement(.updateRun)
        statement.bind(stored.number, at: 1)
        statement.bind(run.finishedAt, at: 2)
        statement.bind(run.outcome.number, at: 3)
        statement.bind(run.artifactCount, at: 4)
        statement.bind(revision, at: 5)
        try statement.run()
      } else {
        try insert(run, of: owner)
      }
      if let event = UsageOutboxEvent.difference(from: stored?.row.run, to: run) {
        drafts.append(event.draft(of: organizationID, at: now))
      }
      return decision.answer
    }

    private func insert(_ run: Run, of owner: GroupChanges.Owner) throws(StoreError) {
      let waitedFor = try runOfEvents(run.id)
      let statement = try transaction.statement(.insertRun)
      statement.bind(organization.number, at: 1)
      statement.bind(run.id, at: 2)
      statement.bind(owner.user, at: 3)
      statement.bind(owner.workflow, at: 4)
      statement.bind(run.startedAt, at: 5)
      statement.bind(run.finishedAt, at: 6)
      statement.bind(run.outcome.number, at: 7)
      statement.bind(run.artifactCount, at: 8)
      statement.bind(revision, at: 9)
      statement.bind(revision, at: 10)
      try statement.run()
      guard !waitedFor.isNew else { return }
      for waiting in try transaction.eventsWaiting(for: waitedFor.number, from: organization.kept) {
        let attribute = try transaction.statement(.attributeEvent)
        attribute.bind(waiting.number, at: 1)
        attribute.bind(owner.user, at: 2)
        attribute.bind(owner.workflow, at: 3)
        attribute.bind(revision, at: 4)
        try attribute.run()
        changes.move(
          PricedEvent(waiting.row.event, cost: waiting.row.cost), from: Self.unknown, to: owner)
        changedDays[UTCDay(containing: waiting.row.event.createdAt)] = revision
      }
    }

    // MARK: Re-pricing

    /// Gives an event another cost; false where it is not there or has that cost already.
    func reprice(_ id: EventID, _ cost: EventCost) throws(StoreError) -> Bool {
      guard let stored = try transaction.event(id, of: organization.number),
        stored.row.event.createdAt >= organization.kept, stored.row.cost != cost
      else { return false }
      let statement = try transaction.statement(.repriceEvent)
      statement.bind(stored.number, at: 1)
      try bind(cost, to: statement, at: 2)
      statement.bind(revision, at: 5)
      try statement.run()
      let event = stored.row.event
      changes.reprice(
        event, from: stored.row.cost, to: cost,
        of: GroupChanges.Owner(
          user: try names.number(of: stored.row.user), workflow: try names.number(of: stored.row.workflow)),
        model: try number(of: event.provider, event.model))
      changedDays[UTCDay(containing: event.createdAt)] = revision
      hasChanged = true
      return true
    }

    // MARK: Ends

    /// Ends one call: what it changed has taken a revision, and what is told is told.
    func endCall() throws(StoreError) {
      guard hasChanged else { return }
      hasChanged = false
      callsWithChanges += 1
      try transaction.append(drafts)
      drafts.removeAll()
    }

    /// Writes the groups and the revision at the end of the transaction.
    func finish() throws(StoreError) {
      guard callsWithChanges > 0 else { return }
      try writeGroups(at: organization.revision + callsWithChanges)
      for (day, revision) in changedDays {
        let statement = try transaction.statement(.markChanged)
        statement.bind(organization.number, at: 1)
        statement.bind(day.daysSince1970, at: 2)
        statement.bind(revision, at: 3)
        try statement.run()
      }
      let statement = try transaction.statement(.setRevision)
      statement.bind(organization.number, at: 1)
      statement.bind(organization.revision + callsWithChanges, at: 2)
      try statement.run()
    }

    private func writeGroups(at revision: Int64) throws(StoreError) {
      guard !changes.isEmpty else { return }
      try transaction.add(changes, to: organization.number, at: revision)
      changes = GroupChanges()
    }
  }
#endif
