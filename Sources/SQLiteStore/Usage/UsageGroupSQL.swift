#if SQLite
  /// Adding to groups and reading them; every statement gives or takes the sums in the order of their columns.
  extension SQL {
    // MARK: Adding

    static let addToDay = SQL(adding: GroupColumns.all, to: "usage_days", of: ["day"])
    static let addToHour = SQL(adding: GroupColumns.all, to: "usage_hours", of: ["hour"], keeping: "last_change")
    static let addToUserDay = SQL(adding: GroupColumns.all, to: "usage_user_days", of: ["day", "user"])
    static let addToWorkflowDay = SQL(adding: GroupColumns.all, to: "usage_workflow_days", of: ["day", "workflow"])
    static let addToModelDay = SQL(
      adding: GroupColumns.events, to: "usage_model_days", of: ["day", "provider", "model"])

    static let durations = SQL(
      "SELECT histogram FROM usage_durations WHERE organization = ?1 AND kind = ?2 AND day = ?3 AND key = ?4")
    static let putDurations = SQL(
      """
      INSERT INTO usage_durations (organization, kind, day, key, histogram) VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT DO UPDATE SET histogram = excluded.histogram
      """)
    static let markStale = SQL("INSERT OR IGNORE INTO usage_stale_days (organization, day) VALUES (?1, ?2)")
    static let markChanged = SQL("UPDATE usage_days SET last_change = ?3 WHERE organization = ?1 AND day = ?2")

    // MARK: Reading

    static let groupsOfDays = SQL(
      """
      SELECT day, \(GroupColumns.listed)
      FROM usage_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3
      """)
    static let groupsOfUsers = SQL(
      """
      SELECT user, \(GroupColumns.summed(GroupColumns.all))
      FROM usage_user_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY user
      """)
    static let groupsOfWorkflows = SQL(
      """
      SELECT workflow, \(GroupColumns.summed(GroupColumns.all))
      FROM usage_workflow_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY workflow
      """)
    static let groupsOfModels = SQL(
      """
      SELECT provider, model, \(GroupColumns.summed(GroupColumns.events))
      FROM usage_model_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY provider, model
      """)
    static let durationsOfWindow = SQL(
      """
      SELECT day, key, histogram FROM usage_durations
      WHERE organization = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4
      """)
    static let sumsOfDays = SQL(
      """
      SELECT \(GroupColumns.summed(GroupColumns.all))
      FROM usage_days WHERE organization = ?1 AND day >= ?2 AND day < ?3
      """)
    static let sumsOfHours = SQL(
      """
      SELECT \(GroupColumns.summed(GroupColumns.all))
      FROM usage_hours WHERE organization = ?1 AND hour >= ?2 AND hour < ?3
      """)
    static let lastChangeOfHour = SQL("SELECT last_change FROM usage_hours WHERE organization = ?1 AND hour = ?2")
    static let sumsOfRunRows = SQL(
      """
      SELECT count(*), sum(outcome = 1), sum(outcome = 2), sum(outcome = 3), sum(outcome = 4),
        sum(outcome > 0 AND artifacts > 0), sum(artifacts), sum((finished_at - started_at) / 1000)
      FROM usage_runs WHERE organization = ?1 AND started_at >= ?2 AND started_at < ?3
      """)
    static let sumsOfEventRows = SQL(
      """
      SELECT count(*), sum(rate IS NULL), sum(is_partly_priced), sum(prompt_tokens), sum(cached_prompt_tokens),
        sum(cache_write_prompt_tokens), sum(completion_tokens), sum(milliseconds), sum(picos / 1000000000000),
        sum(picos % 1000000000000)
      FROM usage_events WHERE organization = ?1 AND created_at >= ?2 AND created_at < ?3
      """)
    static let hasChangedSince = SQL(
      """
      SELECT EXISTS (
        SELECT 1 FROM usage_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 AND last_change > ?4)
      """)
  }

  /// The columns of sums that the tables of groups share, in the order in which every statement gives or takes them.
  private enum GroupColumns {
    static let runs = [
      "runs", "succeeded", "failed", "cancelled", "abandoned", "finished_with_artifacts", "artifacts",
      "run_milliseconds",
    ]
    static let events = [
      "events", "unpriced", "partly_unpriced", "prompt_tokens", "cached_prompt_tokens", "cache_write_prompt_tokens",
      "completion_tokens", "event_milliseconds", "cost_dollars", "cost_picos",
    ]
    static let all = runs + events

    static let listed = all.joined(separator: ", ")

    static func summed(_ columns: [String]) -> String { columns.map { "sum(\($0))" }.joined(separator: ", ") }

    /// What becomes of a column to which another row's is added. Pico-dollars carry into whole dollars.
    static func added(_ column: String) -> String {
      switch column {
      case "cost_dollars":
        "cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000"
      case "cost_picos": "cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000"
      default: "\(column) = \(column) + excluded.\(column)"
      }
    }
  }

  extension SQL {
    /// Adds sums to the group of a key, which is made where there is none.
    ///
    /// - Parameter latest: a column behind the sums that takes the new value.
    fileprivate init(adding columns: [String], to table: String, of key: [String], keeping latest: String? = nil) {
      let names = ["organization"] + key + columns + (latest.map { [$0] } ?? [])
      let changes = columns.map(GroupColumns.added) + (latest.map { ["\($0) = excluded.\($0)"] } ?? [])
      self.init(
        """
        INSERT INTO \(table) (\(names.joined(separator: ", ")))
        VALUES (\(names.indices.map { "?\($0 + 1)" }.joined(separator: ", ")))
        ON CONFLICT DO UPDATE SET \(changes.joined(separator: ", "))
        """)
    }
  }
#endif
