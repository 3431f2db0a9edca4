#if SQLite
  internal import SaaSCore
  internal import UsageKit

  /// Whose durations a histogram has.
  enum DurationsKind: Int64 {
    case organization = 0
    case user = 1
    case workflow = 2
  }

  extension Transaction<StoreError> {
    /// Adds to an organisation's groups, each once, and marks the days whose sums change.
    /// - Parameter revision: the revision of the last change.
    func add(_ changes: GroupChanges, to organization: Int64, at revision: Int64) throws(StoreError) {
      let days = try statement(.addToDay)
      let stale = try statement(.markStale)
      for (day, group) in changes.days {
        days.bind(organization, at: 1)
        days.bind(day.daysSince1970, at: 2)
        days.bind(group.sums, from: 3)
        try days.run()
        try add(group.durations, .organization, day, key: 0, to: organization)
        stale.bind(organization, at: 1)
        stale.bind(day.daysSince1970, at: 2)
        try stale.run()
      }
      let hours = try statement(.addToHour)
      for (hour, sums) in changes.hours {
        hours.bind(organization, at: 1)
        hours.bind(hour.hoursSince1970, at: 2)
        hours.bind(sums, from: 3)
        hours.bind(revision, at: 21)
        try hours.run()
      }
      for (key, group) in changes.users {
        try add(group, .user, key.day, key: key.number, by: .addToUserDay, to: organization)
      }
      for (key, group) in changes.workflows {
        try add(group, .workflow, key.day, key: key.number, by: .addToWorkflowDay, to: organization)
      }
      let models = try statement(.addToModelDay)
      for (key, sums) in changes.models {
        models.bind(organization, at: 1)
        models.bind(key.day.daysSince1970, at: 2)
        models.bind(key.model.provider, at: 3)
        models.bind(key.model.model, at: 4)
        models.bind(sums, from: 5)
        try models.run()
      }
    }

    private func add(
      _ group: UsageGroup, _ kind: DurationsKind, _ day: UTCDay, key: Int64, by sql: SQL, to organization: Int64
    ) throws(StoreError) {
      let statement = try statement(sql)
      statement.bind(organization, at: 1)
      statement.bind(day.daysSince1970, at: 2)
      statement.bind(key, at: 3)
      statement.bind(group.sums, from: 4)
      try statement.run()
      try add(group.durations, kind, day, key: key, to: organization)
    }

    private func add(
      _ durations: DurationHistogram, _ kind: DurationsKind, _ day: UTCDay, key: Int64, to organization: Int64
    )
      throws(StoreError)
    {
      guard durations.count > 0 else { return }
      var histogram = durations
      for sql in [SQL.durations, .putDurations] {
        let statement = try statement(sql)
        statement.bind(organization, at: 1)
        statement.bind(kind.rawValue, at: 2)
        statement.bind(day.daysSince1970, at: 3)
        statement.bind(key, at: 4)
        if sql.slot == SQL.durations.slot {
          _ = try statement.first { (row) throws(StoreError) in try row.addDurations(0, to: &histogram) }
        } else {
          statement.bind(histogram.blob, at: 5)
          try statement.run()
        }
      }
    }
  }

  extension Statement {
    /// Adds the histogram in a column.
    func addDurations(_ column: Int32, to histogram: inout DurationHistogram) throws(Failure) {
      guard histogram.add(blob: bytes(column)) else { throw unreadable("column \(column) is no histogram") }
    }
  }
#endif
