internal import SaaSCore

extension OrganizationUsage {
  // MARK: Rows

  func event(at row: Int) -> UsageEvent? {
    let stored = eventRows[row]
    guard let model = models[stored.model] else { return nil }
    return UsageEvent(
      unchecked: eventIDs[row], runID: runs[Int(stored.run)].id, stepID: steps[stored.step],
      provider: model.provider, model: model.model, tokens: stored.tokens, serviceTier: tiers[stored.tier],
      durationMilliseconds: stored.durationMilliseconds, resultSize: stored.resultSize, createdAt: stored.createdAt)
  }

  func cost(of row: EventRow) -> EventCost {
    guard let rate = rates[row.rate] else { return .unpriced }
    let amount = PicoUSD(picos: row.picos)
    switch row.pricing {
    case .priced: return .priced(amount, rate: rate)
    case .partlyPriced: return .partlyPriced(amount, rate: rate)
    case .unpriced: return .unpriced
    }
  }

  func recordedEvent(at row: Int) -> RecordedEvent? {
    let stored = eventRows[row]
    return event(at: row).map { event in
      RecordedEvent(
        event, cost: cost(of: stored), user: Attributed(users[stored.user]),
        workflow: Attributed(workflows[stored.workflow]), insertedRevision: stored.insertedRevision,
        changedRevision: stored.changedRevision)
    }
  }

  func recordedRun(at place: Int) -> RecordedRun? {
    keptRun(place).map { run in
      RecordedRun(
        run, insertedRevision: runs[place].insertedRevision, changedRevision: runs[place].changedRevision)
    }
  }

  func recordedEvent(_ id: EventID) -> RecordedEvent? {
    guard let row = eventRow(id, hash: secret.hash(id.text)), isKept(eventRows[row].createdAt) else { return nil }
    return recordedEvent(at: row)
  }

  mutating func recordedRun(_ id: RunID) -> RecordedRun? { runPlace(id).flatMap { recordedRun(at: $0) } }

  // MARK: Figures

  func report(for window: DayWindow) -> UsageReport {
    var users = GroupTable<UsageGroup>()
    var workflows = GroupTable<UsageGroup>()
    var models = GroupTable<EventSums>()
    let places = dayPlaces(from: window.first, upTo: window.last.advanced(by: 1))
    for place in places {
      users.merge(days[place].users)
      workflows.merge(days[place].workflows)
      models.merge(days[place].models)
    }
    return UsageReport(
      window: window, days: places.map { UsageReport.Day(day: days[$0].day, group: days[$0].group) },
      users: users.entries.map { UsageReport.User(user: Attributed(self.users[$0.key]), group: $0.group) },
      workflows: workflows.entries.map {
        UsageReport.Workflow(workflow: Attributed(self.workflows[$0.key]), group: $0.group)
      },
      models: models.entries.compactMap { entry in
        self.models[entry.key].map { UsageReport.Model(key: $0, events: entry.group) }
      })
  }

  /// Whether there ever was usage in an hour.
  func hadUsage(in hour: UTCHour) -> Bool {
    guard let place = dayPlace(hour.day) else { return false }
    return days[place].hours[UsageDay.hour(of: hour.start)] != UsageSums()
  }

  /// The sums of a period from its days, hours and rows; rows before the horizon are not there.
  mutating func sums(of parts: PeriodParts) -> UsageSums {
    var result = UsageSums()
    for place in dayPlaces(from: parts.days.lowerBound, upTo: parts.days.upperBound) {
      result += days[place].group.sums
    }
    for hours in parts.hours {
      for hour in hours.lowerBound.hoursSince1970..<hours.upperBound.hoursSince1970 {
        let start = UTCHour(hoursSince1970: hour).start
        guard let place = dayPlace(UTCDay(containing: start)) else { continue }
        result += days[place].hours[UsageDay.hour(of: start)]
      }
    }
    for span in parts.rows {
      guard let place = dayPlace(UTCDay(containing: span.start)) else { continue }
      sortRows(ofDay: place)
      let runRows = days[place].runs.rows
      let firstRun = runRows.partitioningIndex { startedAt($0) >= span.start }
      for row in runRows[firstRun...].prefix(while: { startedAt($0) < span.end }) {
        if let run = keptRun(Int(row)) { result.runs += RunSums(run) }
      }
      let eventRows = days[place].events.rows
      let firstEvent = eventRows.partitioningIndex { self.eventRows[Int($0)].createdAt >= span.start }
      for row in eventRows[firstEvent...].prefix(while: { self.eventRows[Int($0)].createdAt < span.end }) {
        let stored = self.eventRows[Int(row)]
        if !stored.isDropped, isKept(stored.createdAt) { result.events += stored.sums }
      }
    }
    return result
  }

  // MARK: Order

  /// Puts a day's runs and events in the order of pages.
  mutating func sortRows(ofDay place: Int) {
    // Taken out meanwhile, so that sorting in place neither copies the rows nor reads what it changes.
    var (runRows, eventRows) = (DayRows(), DayRows())
    swap(&runRows, &days[place].runs)
    swap(&eventRows, &days[place].events)
    runRows.sort { left, right in
      let (first, second) = (startedAt(left), startedAt(right))
      return first == second ? runs[Int(left)].id < runs[Int(right)].id : first < second
    }
    eventRows.sort { left, right in
      let (first, second) = (self.eventRows[Int(left)].createdAt, self.eventRows[Int(right)].createdAt)
      return first == second ? eventIDs[Int(left)] < eventIDs[Int(right)] : first < second
    }
    swap(&runRows, &days[place].runs)
    swap(&eventRows, &days[place].events)
  }

  func startedAt(_ row: Int32) -> Timestamp { runHeads[Int(row)].startedAt ?? .distantPast }
}
