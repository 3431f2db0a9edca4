#if SQLite
  internal import SaaSCore
  internal import UsageKit

  extension Transaction {
    // MARK: Organisations and names

    /// An organisation, or nil where nothing of it was ever recorded.
    func usageOrganization(_ id: OrgID) throws(Failure) -> UsageOrganization? {
      let statement = try statement(.usageOrganization)
      statement.bind(id, at: 1)
      return try statement.first { (row) throws(Failure) in row.usageOrganization() }
    }

    /// An organisation, which is inserted where it is not there.
    func usageOrganizationMade(_ id: OrgID) throws(Failure) -> UsageOrganization {
      if let organization = try usageOrganization(id) { return organization }
      let statement = try statement(.insertUsageOrganization)
      statement.bind(id, at: 1)
      try statement.run()
      return UsageOrganization(number: lastInsertedRow, revision: 0, horizon: nil)
    }

    /// The name of a number.
    func name<Name: Identifier>(_ number: Int64) throws(Failure) -> Name {
      let statement = try statement(.nameOfNumber)
      statement.bind(number, at: 1)
      let name: Name? = try statement.first { (row) throws(Failure) in try row.identifier(0) }
      guard let name else { throw Failure(.corrupt("no name has number \(number)")) }
      return name
    }

    // MARK: Rows

    /// A run that has arrived, before the horizon or not.
    func run(_ id: RunID, of organization: Int64) throws(Failure) -> Numbered<RecordedRun>? {
      let statement = try statement(.runByID)
      statement.bind(organization, at: 1)
      statement.bind(id, at: 2)
      return try statement.first { (row) throws(Failure) in row.isNull(3) ? nil : try row.runRow() } ?? nil
    }

    /// An event, before the horizon or not.
    func event(_ id: EventID, of organization: Int64) throws(Failure) -> Numbered<RecordedEvent>? {
      let statement = try statement(.eventByID)
      statement.bind(organization, at: 1)
      statement.bind(id, at: 2)
      return try statement.first { (row) throws(Failure) in try row.eventRow() }
    }

    /// The events under unknown that wait for a run, from an instant on.
    func eventsWaiting(for run: Int64, from instant: Timestamp) throws(Failure) -> [Numbered<RecordedEvent>] {
      let statement = try statement(.waitingEvents)
      statement.bind(run, at: 1)
      statement.bind(instant, at: 2)
      return try statement.all { (row) throws(Failure) in try row.eventRow() }
    }

    // MARK: Figures

    /// The sums of a period in pieces, from groups and rows.
    func sums(of parts: PeriodParts, for organization: UsageOrganization) throws(Failure) -> UsageSums {
      var sums = UsageSums()
      try sumGroups(of: parts, for: organization) { sums += $0.usageSums(from: 0) }
      for span in parts.rows { sums += try self.sums(within: span, for: organization) }
      return sums
    }

    /// Why a period in pieces cannot be summed, or nil where it can.
    func deletedRows(of parts: PeriodParts, in organization: UsageOrganization) throws(Failure) -> UsageStoreError? {
      try UsageRules.summing(parts, horizon: organization.horizon) { (hour) throws(Failure) in
        try lastChange(of: hour, for: organization) != nil
      }
    }

    /// The revision at which an hour's sums last changed; nil where there never was usage in it.
    private func lastChange(of hour: UTCHour, for organization: UsageOrganization) throws(Failure) -> Int64? {
      let statement = try statement(.lastChangeOfHour)
      statement.bind(organization.number, at: 1)
      statement.bind(hour.hoursSince1970, at: 2)
      return try statement.first { (row) throws(Failure) in row.int64(0) }
    }

    /// The sums of a span within one hour, from its rows unless this connection has read them and the hour is as it was.
    private func sums(within span: Period, for organization: UsageOrganization) throws(Failure) -> UsageSums {
      // Without a group there is no row.
      guard let lastChange = try lastChange(of: UTCHour(containing: span.start), for: organization) else {
        return UsageSums()
      }
      let part = PartialHours.Part(organization: organization.number, span: span)
      if let known = connection.partialHours?.sums(of: part, lastChange: lastChange) { return known }
      let sums = UsageSums(
        runs: try rowSums(.sumsOfRunRows, span, organization) { $0.runSums(from: 0) } ?? RunSums(),
        events: try rowSums(.sumsOfEventRows, span, organization) { $0.eventSums(from: 0) } ?? EventSums())
      connection.partialHours?.remember(sums, of: part, lastChange: lastChange)
      return sums
    }

    /// How many runs began in a period in pieces.
    func runCount(in parts: PeriodParts, of organization: UsageOrganization) throws(Failure) -> Int64 {
      var count: Int64 = 0
      try sumGroups(of: parts, for: organization) { count += $0.int64(0) }
      for span in parts.rows { count += try rowSums(.sumsOfRunRows, span, organization) { $0.int64(0) } ?? 0 }
      return count
    }

    private func sumGroups(
      of parts: PeriodParts, for organization: UsageOrganization, _ add: (Statement<Failure>) -> Void
    ) throws(Failure) {
      let days = (parts.days.lowerBound.daysSince1970, parts.days.upperBound.daysSince1970)
      let hours = parts.hours.map { ($0.lowerBound.hoursSince1970, $0.upperBound.hoursSince1970) }
      for (sql, first, end) in [(SQL.sumsOfDays, days.0, days.1)] + hours.map({ (SQL.sumsOfHours, $0.0, $0.1) })
      where first < end {
        let statement = try statement(sql)
        statement.bind(organization.number, at: 1)
        statement.bind(first, at: 2)
        statement.bind(end, at: 3)
        try statement.forEach { (row) throws(Failure) in add(row) }
      }
    }

    private func rowSums<Sums>(
      _ sql: SQL, _ span: Period, _ organization: UsageOrganization, _ read: (Statement<Failure>) -> Sums
    ) throws(Failure) -> Sums? {
      let statement = try statement(sql)
      statement.bind(organization.number, at: 1)
      statement.bind(max(span.start, organization.kept), at: 2)
      statement.bind(span.end, at: 3)
      return try statement.first { (row) throws(Failure) in read(row) }
    }

    /// Every group of a window.
    func report(for window: DayWindow, of organization: UsageOrganization) throws(Failure) -> UsageReport {
      var days: [UsageReport.Day] = []
      let dayDurations = try durations(.organization, in: window, of: organization.number) { $0.int64(0) }
      try forEachGroup(.groupsOfDays, in: window, of: organization.number) { (row) throws(Failure) in
        let group = UsageGroup(
          sums: row.usageSums(from: 1), durations: dayDurations[row.int64(0)] ?? DurationHistogram())
        days.append(.init(day: UTCDay(daysSince1970: Int(row.int64(0))), group: group))
      }
      let users = try groups(.groupsOfUsers, .user, in: window, of: organization.number, naming: UserID.self)
      let workflows = try groups(
        .groupsOfWorkflows, .workflow, in: window, of: organization.number, naming: WorkflowName.self)
      var sums: [(provider: Int64, model: Int64, sums: EventSums)] = []
      try forEachGroup(.groupsOfModels, in: window, of: organization.number) { (row) throws(Failure) in
        sums.append((row.int64(0), row.int64(1), row.eventSums(from: 2)))
      }
      var models: [UsageReport.Model] = []
      for (provider, model, sums) in sums {
        let key = ModelKey(provider: try name(provider), model: try name(model))
        models.append(.init(key: key, events: sums))
      }
      return UsageReport(
        window: window, days: days, users: users.map { .init(user: $0.name, group: $0.group) },
        workflows: workflows.map { .init(workflow: $0.name, group: $0.group) }, models: models)
    }

    /// The groups of a window by a name.
    private func groups<Name: Identifier>(
      _ sql: SQL, _ kind: DurationsKind, in window: DayWindow, of organization: Int64, naming type: Name.Type
    ) throws(Failure) -> [(name: Attributed<Name>, group: UsageGroup)] {
      let durations = try durations(kind, in: window, of: organization) { $0.int64(1) }
      var sums: [(number: Int64, sums: UsageSums)] = []
      try forEachGroup(sql, in: window, of: organization) { (row) throws(Failure) in
        sums.append((row.int64(0), row.usageSums(from: 1)))
      }
      var groups: [(name: Attributed<Name>, group: UsageGroup)] = []
      for (number, sums) in sums {
        let name: Attributed<Name> = number == 0 ? .unknown : .known(try name(number))
        groups.append((name, UsageGroup(sums: sums, durations: durations[number] ?? DurationHistogram())))
      }
      return groups
    }

    private func forEachGroup(
      _ sql: SQL, in window: DayWindow, of organization: Int64, _ body: (Statement<Failure>) throws(Failure) -> Void
    ) throws(Failure) {
      let statement = try statement(sql)
      statement.bind(organization, at: 1)
      statement.bind(window.first.daysSince1970, at: 2)
      statement.bind(window.last.daysSince1970, at: 3)
      try statement.forEach(body)
    }

    /// The histograms of a window, added up by day or key.
    private func durations(
      _ kind: DurationsKind, in window: DayWindow, of organization: Int64, by key: (Statement<Failure>) -> Int64
    ) throws(Failure) -> [Int64: DurationHistogram] {
      var histograms: [Int64: DurationHistogram] = [:]
      let statement = try statement(.durationsOfWindow)
      statement.bind(organization, at: 1)
      statement.bind(kind.rawValue, at: 2)
      statement.bind(window.first.daysSince1970, at: 3)
      statement.bind(window.last.daysSince1970, at: 4)
      try statement.forEach { (row) throws(Failure) in
        try row.addDurations(2, to: &histograms[key(row), default: DurationHistogram()])
      }
      return histograms
    }
  }
#endif
