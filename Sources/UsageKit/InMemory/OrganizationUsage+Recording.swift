internal import SaaSCore

extension OrganizationUsage {
  // MARK: Calls

  /// How many writes are read ahead: what they read stays near until they are recorded.
  private static var block: Int { 64 }

  /// Records what one call has for this organisation, and tells of the changes that others may hear of.
  mutating func record(_ writes: [UsageWrite], call: UInt64, tell: (UsageOutboxEvent) -> Void) -> [UsageAnswer] {
    var answers: [UsageAnswer] = []
    answers.reserveCapacity(writes.count)
    // A block has as many writes at most, and a place is read only after the block's hash was put there.
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: min(Self.block, writes.count)) { hashes in
      for first in stride(from: 0, to: writes.count, by: Self.block) {
        let next = first..<min(first + Self.block, writes.count)
        if next.count > 1 {
          lastReadAhead = readAhead(writes, next, hashes)
        } else {
          hashes.initializeElement(at: 0, to: 0)
        }
        // By their places: a write that is handed out is retained once more.
        for place in next {
          switch writes[place] {
          case .event(let priced):
            answers.append(record(priced, hash: hashes[place &- first], call: call))
          case .run(let run):
            let (answer, told) = record(run, call: call)
            if let told { tell(told) }
            answers.append(answer)
          case .start(let run, let limit):
            let (answer, told) = start(run, limit: limit, call: call)
            if let told { tell(told) }
            answers.append(answer)
          }
        }
        if ungrouped.count >= Self.groupedAtOnce { groupEvents() }
      }
    }
    return answers
  }

  /// Reads where some events and their runs will be looked for, so that these reads wait for memory at the same time
  /// instead of one after the other.
  ///
  /// A loop for the events, one for their hashes, and one each for what lies where these say: the fewer steps are
  /// between two reads, the more of them wait at once. Nothing in them may call: an event would have to be retained, and
  /// an atomic change waits for all reads before it.
  /// - Parameter hashes: room for as many hashes as there are writes, into which those of the events' identifiers are
  ///   put: 0 for what is no event, and for an identifier that lies in a box.
  /// - Returns: what was read, which is of no use but that it must be read.
  private func readAhead(
    _ writes: [UsageWrite], _ block: Range<Int>, _ hashes: UnsafeMutableBufferPointer<UInt64>
  ) -> UInt64 {
    // As many as there are writes, and each is put there before it is read.
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: block.count) { runHashes in
      var read: UInt64 = 0
      for index in block {
        guard case .event(let priced) = writes[index] else { continue }
        let event = priced.event
        read &+= event.id.text.edges &+ event.runID.text.edges &+ event.provider.text.edges &+ event.model.text.edges
        read &+= UInt64(bitPattern: event.tokens.completion &+ event.createdAt.microseconds)
      }
      var place = 0
      for index in block {
        var (hash, runHash) = (0 as UInt64, 0 as UInt64)
        if case .event(let priced) = writes[index] {
          hash = secret.hashIfInline(priced.event.id.text) ?? 0
          runHash = secret.hashIfInline(priced.event.runID.text) ?? 0
        }
        hashes.initializeElement(at: place, to: hash)
        runHashes.initializeElement(at: place, to: runHash)
        place &+= 1
      }
      for place in 0..<place {
        read &+= UInt64(bitPattern: Int64(eventIndex.likelyRow(hash: hashes[place])))
        runHashes[place] = UInt64(bitPattern: Int64(runIndex.likelyRow(hash: runHashes[place])))
      }
      for place in 0..<place {
        let run = Int(truncatingIfNeeded: runHashes[place])
        if run >= 0, run < runHeads.count, run < runs.count {
          read &+= UInt64(bitPattern: Int64(runHeads[run].eventCount)) &+ runs[run].id.text.edges
        }
      }
      return read
    }
  }

  // MARK: Events

  /// - Parameter known: the hash of the event's identifier as ``readAhead(_:_:_:)`` gives it.
  private mutating func record(_ priced: PricedEvent, hash known: UInt64, call: UInt64) -> UsageAnswer {
    let event = priced.event
    let hash = known == 0 ? secret.hash(event.id.text) : known
    if let row = eventRow(event.id, hash: hash) {
      if isKept(eventRows[row].createdAt) {
        return UsageRules.recording(event, stored: self.event(at: row), horizon: horizon)
      }
      drop(row, hash: hash)
    }
    if let refusal = UsageRules.refusal(ofEventAt: event.createdAt, horizon: horizon) { return .refused(refusal) }
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
    ungrouped.append(Int32(truncatingIfNeeded: number))
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
    // By its cases: asked for as an optional, the rate would be copied.
    switch cost {
    case .priced(let amount, let rate), .partlyPriced(let amount, let rate):
      row.picos = amount.picos
      row.rate = rates.number(of: rate)
    case .unpriced:
      row.picos = 0
      row.rate = NameTable<RateID>.none
    }
    row.pricing = cost.pricing
  }

  /// Takes a row out of what can be found; its day lists it until retention gives the row back.
  mutating func drop(_ row: Int, hash: UInt64) {
    eventIndex.remove(row, hash: hash)
    eventRows[row].isDropped = true
  }

  // MARK: Runs

  private mutating func record(_ run: Run, call: UInt64) -> (answer: UsageAnswer, told: UsageOutboxEvent?) {
    let stored = runPlace(run.id).flatMap { keptRun($0) }
    return write(UsageRules.recording(run, stored: stored, horizon: horizon), over: stored, call: call)
  }

  private mutating func start(_ run: Run, limit: RunLimit?, call: UInt64)
    -> (answer: UsageAnswer, told: UsageOutboxEvent?)
  {
    let stored = runPlace(run.id).flatMap { keptRun($0) }
    let decision = UsageRules.starting(run, limit: limit, stored: stored, horizon: horizon) { period in
      // The rows of an hour before the horizon are gone, and so are their days' limits. Events may wait, but not runs.
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
    guard !runs[place].waiting.isEmpty else { return }
    groupEvents()
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
    groupEvents()
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
      days[day].add(change, model: row.model, hour: UsageDay.hour(of: row.createdAt))
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
