internal import SaaSCore

extension OrganizationUsage {
  // MARK: Events

  mutating func record(_ priced: PricedEvent, call: UInt64) -> UsageAnswer {
    let hash = secret.hash(priced.event.id.text)
    if let row = eventRow(priced.event.id, hash: hash) {
      if isKept(eventRows[row].createdAt) {
        return UsageRules.recording(priced.event, stored: event(at: row), horizon: horizon)
      }
      drop(row, hash: hash)
    }
    if let refusal = UsageRules.refusal(ofEventAt: priced.event.createdAt, horizon: horizon) {
      return .refused(refusal)
    }
    insert(priced, hash: hash, revision: revision(ofCall: call))
    return .recorded
  }

  private mutating func insert(_ priced: PricedEvent, hash: UInt64, revision: Int64) {
    let event = priced.event
    let run = runPlaceMade(event.runID)
    var row = EventRow(
      createdAt: event.createdAt, durationMilliseconds: event.durationMilliseconds, resultSize: event.resultSize,
      picos: 0, insertedRevision: revision, changedRevision: revision,
      promptTokens: UInt32(truncatingIfNeeded: event.tokens.prompt),
      cachedPromptTokens: UInt32(truncatingIfNeeded: event.tokens.cachedPrompt),
      cacheWritePromptTokens: UInt32(truncatingIfNeeded: event.tokens.cacheWritePrompt),
      completionTokens: UInt32(truncatingIfNeeded: event.tokens.completion),
      run: Int32(truncatingIfNeeded: run), model: models.number(of: event.provider, event.model),
      step: steps.number(of: event.stepID), tier: tiers.number(of: event.serviceTier), rate: -1, user: -1,
      workflow: -1, pricing: .unpriced)
    setCost(priced.cost, of: &row)
    runHeads[run].eventCount &+= 1
    if let startedAt = runHeads[run].startedAt, isKept(startedAt) {
      row.user = runHeads[run].user
      row.workflow = runHeads[run].workflow
    }
    let number = append(row, id: event.id)
    eventIndex.insert(number, hash: hash)
    if row.user < 0 { runs[run].waiting.append(Int32(truncatingIfNeeded: number)) }
    let day = dayPlace(of: row.createdAt)
    days[day].insert(row, number: Int32(truncatingIfNeeded: number))
    markStale(day)
  }

  private mutating func append(_ row: EventRow, id: EventID) -> Int {
    if let free = freeEvents.popLast() {
      eventRows[Int(free)] = row
      eventIDs[Int(free)] = id
      return Int(free)
    }
    eventRows.append(row)
    eventIDs.append(id)
    return eventRows.count - 1
  }

  private mutating func setCost(_ cost: EventCost, of row: inout EventRow) {
    row.picos = cost.amount?.picos ?? 0
    row.rate = rates.number(of: cost.rate)
    row.pricing = cost.pricing
  }

  /// Takes a row out of what can be found; its day lists it until retention gives the row back.
  mutating func drop(_ row: Int, hash: UInt64) {
    eventIndex.remove(row, hash: hash)
    eventRows[row].isDropped = true
  }

  // MARK: Runs

  mutating func record(_ run: Run, call: UInt64) -> (answer: UsageAnswer, told: UsageOutboxEvent?) {
    let stored = runPlace(run.id).flatMap { keptRun($0) }
    return write(UsageRules.recording(run, stored: stored, horizon: horizon), over: stored, call: call)
  }

  mutating func start(_ run: Run, limit: RunLimit?, call: UInt64) -> (answer: UsageAnswer, told: UsageOutboxEvent?) {
    let stored = runPlace(run.id).flatMap { keptRun($0) }
    let decision = UsageRules.starting(run, limit: limit, stored: stored, horizon: horizon) { period in
      // The rows of an hour before the horizon are gone, and so are their days' limits.
      sums(of: PeriodParts(period)).runs.count
    }
    return write(decision, over: stored, call: call)
  }

  private mutating func write(_ decision: UsageRules.RunDecision, over stored: Run?, call: UInt64)
    -> (answer: UsageAnswer, told: UsageOutboxEvent?)
  {
    guard let run = decision.write else { return (decision.answer, nil) }
    let revision = revision(ofCall: call)
    let place = runPlaceMade(run.id)
    let day = dayPlace(of: run.startedAt)
    runs[place].run = run
    runHeads[place].startedAt = run.startedAt
    runs[place].changedRevision = revision
    if stored == nil {
      runHeads[place].user = users.number(of: run.userID)
      runHeads[place].workflow = workflows.number(of: run.workflow)
      runs[place].insertedRevision = revision
      days[day].runs.append(Int32(truncatingIfNeeded: place))
      attributeWaiting(of: place, revision: revision)
    } else {
      days[day].lastChange = revision
    }
    let change = stored.map { RunSums(run) - RunSums($0) } ?? RunSums(run)
    let duration = stored?.durationMilliseconds == nil ? run.durationMilliseconds : nil
    days[day].hours[UsageDay.hour(of: run.startedAt)].runs += change
    add(change, duration, to: &days[day].group)
    add(change, duration, to: &days[day].users[runHeads[place].user])
    add(change, duration, to: &days[day].workflows[runHeads[place].workflow])
    markStale(day)
    return (decision.answer, UsageOutboxEvent.difference(from: stored, to: run))
  }

  private func add(_ change: RunSums, _ duration: Int64?, to group: inout UsageGroup) {
    group.sums.runs += change
    if let duration { group.durations.add(duration) }
  }

  /// Moves the events that waited for a run from unknown to its user and workflow.
  private mutating func attributeWaiting(of place: Int, revision: Int64) {
    let (user, workflow) = (runHeads[place].user, runHeads[place].workflow)
    let waiting = runs[place].waiting
    runs[place].waiting = []
    for number in waiting {
      let row = eventRows[Int(number)]
      guard !row.isDropped, Int(row.run) == place, row.user < 0, isKept(row.createdAt) else { continue }
      eventRows[Int(number)].user = user
      eventRows[Int(number)].workflow = workflow
      eventRows[Int(number)].changedRevision = revision
      let day = dayPlace(of: row.createdAt)
      days[day].attribute(EventSums() - row.sums, user: -1, workflow: -1)
      days[day].attribute(row.sums, user: user, workflow: workflow)
      days[day].lastChange = revision
    }
  }

  // MARK: Re-pricing

  mutating func reprice(_ costs: [EventID: EventCost], call: UInt64) -> Int {
    var changed = 0
    for (id, cost) in costs {
      guard let number = eventRow(id, hash: secret.hash(id.text)), isKept(eventRows[number].createdAt),
        self.cost(of: eventRows[number]) != cost
      else { continue }
      let old = eventRows[number].sums
      setCost(cost, ofRow: number)
      let revision = revision(ofCall: call)
      let row = eventRows[number]
      eventRows[number].changedRevision = revision
      let day = dayPlace(of: row.createdAt)
      days[day].lastChange = revision
      changed += 1
      let change = row.sums - old
      guard change != EventSums() else { continue }
      days[day].add(change, model: row.model, at: row.createdAt)
      days[day].attribute(change, user: row.user, workflow: row.workflow)
      markStale(day)
    }
    return changed
  }

  private mutating func setCost(_ cost: EventCost, ofRow number: Int) {
    var row = eventRows[number]
    setCost(cost, of: &row)
    eventRows[number] = row
  }
}
