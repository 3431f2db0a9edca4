#if SQLite
  internal import SaaSCore
  internal import TenancyKit
  internal import UsageKit

  /// Writes to one organisation's runs and events within one call, with what they add to its groups.
  ///
  /// The groups are written by ``finish()``, each once; until then they lag behind the rows.
  struct UsageRecording {
    let transaction: Transaction<StoreError>
    let organization: UsageOrganization
    var names: UsageNames<StoreError>
    private(set) var changes = GroupChanges()
    /// Days on which rows changed after they were inserted.
    private(set) var changedDays: Set<UTCDay> = []
    private(set) var drafts: [OutboxDraft] = []

    private let tenant: TenantContext
    private let now: Timestamp
    private var hasChanged = false
    private var lastRun: RunOfEvents?
    private var (provider, model, rate) = (RepeatedName(), RepeatedName(), RepeatedName())

    /// What the events of a run need to know of it.
    private struct RunOfEvents {
      let id: RunID
      let number: Int64
      /// The user and workflow with their numbers; nil while the run has not arrived.
      let owner: Owner?
      /// Made for the event that is about to be inserted.
      var isNew = false

      struct Owner {
        let user: Int64
        let workflow: Int64
        let userID: UserID
        let workflowName: WorkflowName
      }
    }

    init(_ transaction: Transaction<StoreError>, for tenant: TenantContext, at now: Timestamp) throws(StoreError) {
      self.transaction = transaction
      self.tenant = tenant
      self.now = now
      names = UsageNames(transaction)
      organization = try transaction.usageOrganizationMade(tenant.organizationID)
    }

    /// The revision that rows are stamped with which this call writes.
    private var revision: Int64 { organization.revision + 1 }

    // MARK: Events

    mutating func record(_ priced: PricedEvent) throws(StoreError) -> UsageAnswer {
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
    private mutating func recordStored(_ priced: PricedEvent) throws(StoreError) -> UsageAnswer {
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
    private mutating func insert(_ priced: PricedEvent, of run: RunOfEvents) throws(StoreError) -> Bool {
      let event = priced.event
      let statement = try transaction.statement(.insertEvent)
      statement.bind(organization.number, at: 1)
      statement.bind(event.id, at: 2)
      statement.bind(run.number, at: 3)
      statement.bind(run.owner?.user ?? 0, at: 4)
      statement.bind(run.owner?.workflow ?? 0, at: 5)
      statement.bind(event.stepID?.text, at: 6)
      statement.bind(try provider.number(of: event.provider.text, in: &names), at: 7)
      statement.bind(try model.number(of: event.model.text, in: &names), at: 8)
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
      changes.insert(
        priced, user: Attributed(run.owner?.userID), workflow: Attributed(run.owner?.workflowName))
      hasChanged = true
      return true
    }

    /// Binds rate, whether it is partly priced, and the amount.
    private mutating func bind(_ cost: EventCost, to statement: Statement<StoreError>, at first: Int32)
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
        return (number: row.int64(0), names: hasArrived ? (row.int64(1), row.int64(2)) : nil)
      }
      guard let found else {
        let statement = try transaction.statement(.insertWaitedForRun)
        statement.bind(organization.number, at: 1)
        statement.bind(id, at: 2)
        try statement.run()
        return RunOfEvents(id: id, number: transaction.lastInsertedRow, owner: nil, isNew: true)
      }
      guard let (user, workflow) = found.names else { return RunOfEvents(id: id, number: found.number, owner: nil) }
      return RunOfEvents(
        id: id, number: found.number,
        owner: .init(
          user: user, workflow: workflow, userID: try transaction.name(user),
          workflowName: try transaction.name(workflow)))
    }

    // MARK: Runs

    mutating func record(_ run: Run) throws(StoreError) -> UsageAnswer {
      let stored = try storedRun(run.id)
      return try write(
        UsageRules.recording(run, stored: stored?.row.run, horizon: organization.horizon), replacing: stored)
    }

    mutating func start(_ run: Run, limit: RunLimit?) throws(StoreError) -> UsageAnswer {
      let stored = try storedRun(run.id)
      // What is counted are the groups.
      if stored == nil, limit != nil { try writeGroups() }
      let decision = try UsageRules.starting(
        run, limit: limit, stored: stored?.row.run, horizon: organization.horizon
      ) { (period) throws(StoreError) in
        try transaction.runCount(in: PeriodParts(period), of: organization)
      }
      return try write(decision, replacing: stored)
    }

    /// The run with an identifier that has arrived and lies not before the horizon.
    private func storedRun(_ id: RunID) throws(StoreError) -> Numbered<RecordedRun>? {
      guard let stored = try transaction.run(id, of: organization.number), stored.row.run.startedAt >= organization.kept
      else { return nil }
      return stored
    }

    private mutating func write(_ decision: UsageRules.RunDecision, replacing stored: Numbered<RecordedRun>?)
      throws(StoreError) -> UsageAnswer
    {
      guard let run = decision.write else { return decision.answer }
      hasChanged = true
      lastRun = nil
      changes.replace(stored?.row.run, with: run)
      if let stored {
        changedDays.insert(UTCDay(containing: run.startedAt))
        let statement = try transaction.statement(.updateRun)
        statement.bind(stored.number, at: 1)
        statement.bind(run.finishedAt, at: 2)
        statement.bind(run.outcome.number, at: 3)
        statement.bind(run.artifactCount, at: 4)
        statement.bind(revision, at: 5)
        try statement.run()
      } else {
        try insert(run)
      }
      if let event = UsageOutboxEvent.difference(from: stored?.row.run, to: run) {
        drafts.append(event.draft(of: tenant.organizationID, at: now))
      }
      return decision.answer
    }

    private mutating func insert(_ run: Run) throws(StoreError) {
      let user = try names.number(of: run.userID.text)
      let workflow = try names.number(of: run.workflow.text)
      let waitedFor = try runOfEvents(run.id)
      let statement = try transaction.statement(.insertRun)
      statement.bind(organization.number, at: 1)
      statement.bind(run.id, at: 2)
      statement.bind(user, at: 3)
      statement.bind(workflow, at: 4)
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
        attribute.bind(user, at: 2)
        attribute.bind(workflow, at: 3)
        attribute.bind(revision, at: 4)
        try attribute.run()
        changes.move(PricedEvent(waiting.row.event, cost: waiting.row.cost), to: run)
        changedDays.insert(UTCDay(containing: waiting.row.event.createdAt))
      }
    }

    // MARK: Re-pricing

    /// Gives an event another cost; false where it is not there or has that cost already.
    mutating func reprice(_ id: EventID, _ cost: EventCost) throws(StoreError) -> Bool {
      guard let stored = try transaction.event(id, of: organization.number),
        stored.row.event.createdAt >= organization.kept, stored.row.cost != cost
      else { return false }
      let statement = try transaction.statement(.repriceEvent)
      statement.bind(stored.number, at: 1)
      try bind(cost, to: statement, at: 2)
      statement.bind(revision, at: 5)
      try statement.run()
      changes.reprice(
        stored.row.event, from: stored.row.cost, to: cost, user: stored.row.user, workflow: stored.row.workflow)
      changedDays.insert(UTCDay(containing: stored.row.event.createdAt))
      hasChanged = true
      return true
    }

    // MARK: Groups

    /// Writes the groups, the revision, and what is told.
    mutating func finish() throws(StoreError) {
      guard hasChanged else { return }
      try writeGroups()
      for day in changedDays {
        let statement = try transaction.statement(.markChanged)
        statement.bind(organization.number, at: 1)
        statement.bind(day.daysSince1970, at: 2)
        statement.bind(revision, at: 3)
        try statement.run()
      }
      let statement = try transaction.statement(.setRevision)
      statement.bind(organization.number, at: 1)
      statement.bind(revision, at: 2)
      try statement.run()
      try transaction.append(drafts)
    }

    private mutating func writeGroups() throws(StoreError) {
      guard !changes.isEmpty else { return }
      try transaction.add(changes, to: organization.number, naming: &names)
      changes = GroupChanges()
    }
  }
#endif
