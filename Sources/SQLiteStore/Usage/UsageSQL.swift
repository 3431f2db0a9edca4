#if SQLite
  /// Runs, events, and their names.
  extension SQL {
    // MARK: Names

    static let nameNumber = SQL("SELECT number FROM usage_names WHERE name = ?1")
    static let lastNameNumber = SQL("SELECT max(number) FROM usage_names")
    static let insertName = SQL("INSERT INTO usage_names (name) VALUES (?1)")
    static let nameOfNumber = SQL("SELECT name FROM usage_names WHERE number = ?1")

    // MARK: Organisations

    static let usageOrganization = SQL(
      "SELECT number, revision, horizon FROM usage_organizations WHERE id = ?1")
    static let insertUsageOrganization = SQL("INSERT INTO usage_organizations (id, revision) VALUES (?1, 0)")
    static let setRevision = SQL("UPDATE usage_organizations SET revision = ?2 WHERE number = ?1")

    // MARK: Runs

    /// What an event needs to know of its run.
    static let runOfEvent = SQL(
      "SELECT number, user, workflow, started_at FROM usage_runs WHERE organization = ?1 AND id = ?2")
    static let insertWaitedForRun = SQL("INSERT INTO usage_runs (organization, id) VALUES (?1, ?2)")
    static let insertRun = SQL(
      """
      INSERT INTO usage_runs (
        organization, id, user, workflow, started_at, finished_at, outcome, artifacts, inserted_revision,
        changed_revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      ON CONFLICT (organization, id) DO UPDATE SET
        user = excluded.user, workflow = excluded.workflow, started_at = excluded.started_at,
        finished_at = excluded.finished_at, outcome = excluded.outcome, artifacts = excluded.artifacts,
        inserted_revision = excluded.inserted_revision, changed_revision = excluded.changed_revision
      """)
    static let updateRun = SQL(
      """
      UPDATE usage_runs SET finished_at = ?2, outcome = ?3, artifacts = ?4, changed_revision = ?5 WHERE number = ?1
      """)
    static let runByID = SQL(
      """
      SELECT r.id, u.name, w.name, r.started_at, r.finished_at, r.outcome, r.artifacts, r.inserted_revision,
        r.changed_revision, r.number
      FROM usage_runs r LEFT JOIN usage_names u ON u.number = r.user LEFT JOIN usage_names w ON w.number = r.workflow
      WHERE r.organization = ?1 AND r.id = ?2
      """)
    /// Those from ?2 up to ?3 after the cursor (?4, ?5) that match the filters.
    static let runsOfPeriod = SQL(
      """
      SELECT r.id, u.name, w.name, r.started_at, r.finished_at, r.outcome, r.artifacts, r.inserted_revision,
        r.changed_revision, r.number
      FROM usage_runs r LEFT JOIN usage_names u ON u.number = r.user LEFT JOIN usage_names w ON w.number = r.workflow
      WHERE r.organization = ?1 AND r.started_at >= ?2 AND r.started_at < ?3
        AND NOT (r.started_at IS ?4 AND r.id <= ?5)
        AND r.inserted_revision <= ?6
        AND (?7 IS NULL OR r.user = ?7) AND (?8 IS NULL OR r.workflow = ?8)
        AND ?9 >> r.outcome & 1
        AND (?10 IS NULL OR (r.outcome > 0 AND r.artifacts > 0) = ?10)
      ORDER BY r.started_at, r.id LIMIT ?11
      """)
    static let runningRuns = SQL(
      """
      SELECT r.id, u.name, w.name, r.started_at, r.finished_at, r.outcome, r.artifacts, r.inserted_revision,
        r.changed_revision, r.number
      FROM usage_runs r LEFT JOIN usage_names u ON u.number = r.user LEFT JOIN usage_names w ON w.number = r.workflow
      WHERE r.organization = ?1 AND r.outcome = 0 AND r.started_at >= ?2 AND r.started_at < ?3
        AND NOT (r.started_at IS ?4 AND r.id <= ?5)
      ORDER BY r.started_at, r.id LIMIT ?6
      """)

    // MARK: Events

    static let insertEvent = SQL(
      """
      INSERT INTO usage_events (
        organization, id, run, user, workflow, step, provider, model, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, service_tier, milliseconds, result_size, created_at, rate,
        is_partly_priced, picos, inserted_revision, changed_revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?20)
      """)
    static let attributeEvent = SQL(
      "UPDATE usage_events SET user = ?2, workflow = ?3, changed_revision = ?4 WHERE number = ?1")
    static let repriceEvent = SQL(
      "UPDATE usage_events SET rate = ?2, is_partly_priced = ?3, picos = ?4, changed_revision = ?5 WHERE number = ?1")
    static let eventByID = SQL(
      """
      SELECT e.id, r.id, e.step, p.name, m.name, e.prompt_tokens, e.cached_prompt_tokens, e.cache_write_prompt_tokens,
        e.completion_tokens, t.name, e.milliseconds, e.result_size, e.created_at, c.name, e.is_partly_priced, e.picos,
        u.name, w.name, e.inserted_revision, e.changed_revision, e.number
      FROM usage_events e JOIN usage_runs r ON r.number = e.run
        JOIN usage_names p ON p.number = e.provider JOIN usage_names m ON m.number = e.model
        LEFT JOIN usage_names t ON t.number = e.service_tier LEFT JOIN usage_names c ON c.number = e.rate
        LEFT JOIN usage_names u ON u.number = e.user LEFT JOIN usage_names w ON w.number = e.workflow
      WHERE e.organization = ?1 AND e.id = ?2
      """)
    static let waitingEvents = SQL(
      """
      SELECT e.id, r.id, e.step, p.name, m.name, e.prompt_tokens, e.cached_prompt_tokens, e.cache_write_prompt_tokens,
        e.completion_tokens, t.name, e.milliseconds, e.result_size, e.created_at, c.name, e.is_partly_priced, e.picos,
        NULL, NULL, e.inserted_revision, e.changed_revision, e.number
      FROM usage_events e JOIN usage_runs r ON r.number = e.run
        JOIN usage_names p ON p.number = e.provider JOIN usage_names m ON m.number = e.model
        LEFT JOIN usage_names t ON t.number = e.service_tier LEFT JOIN usage_names c ON c.number = e.rate
      WHERE e.run = ?1 AND e.user = 0 AND e.created_at >= ?2
      """)
    /// Those from ?2 up to ?3 after the cursor (?4, ?5) that match the filters.
    static let eventsOfPeriod = SQL(
      """
      SELECT e.id, r.id, e.step, p.name, m.name, e.prompt_tokens, e.cached_prompt_tokens, e.cache_write_prompt_tokens,
        e.completion_tokens, t.name, e.milliseconds, e.result_size, e.created_at, c.name, e.is_partly_priced, e.picos,
        u.name, w.name, e.inserted_revision, e.changed_revision, e.number
      FROM usage_events e JOIN usage_runs r ON r.number = e.run
        JOIN usage_names p ON p.number = e.provider JOIN usage_names m ON m.number = e.model
        LEFT JOIN usage_names t ON t.number = e.service_tier LEFT JOIN usage_names c ON c.number = e.rate
        LEFT JOIN usage_names u ON u.number = e.user LEFT JOIN usage_names w ON w.number = e.workflow
      WHERE e.organization = ?1 AND e.created_at >= ?2 AND e.created_at < ?3
        AND NOT (e.created_at IS ?4 AND e.id <= ?5)
        AND e.inserted_revision <= ?6
        AND (?7 IS NULL OR e.user = ?7) AND (?8 IS NULL OR e.workflow = ?8)
        AND (?9 IS NULL OR e.provider = ?9) AND (?10 IS NULL OR e.model = ?10)
        AND (?11 IS NULL OR (e.rate IS NULL) * 2 + e.is_partly_priced = ?11)
      ORDER BY e.created_at, e.id LIMIT ?12
      """)
    /// As ``eventsOfPeriod``, of one run.
    static let eventsOfRun = SQL(
      """
      SELECT e.id, r.id, e.step, p.name, m.name, e.prompt_tokens, e.cached_prompt_tokens, e.cache_write_prompt_tokens,
        e.completion_tokens, t.name, e.milliseconds, e.result_size, e.created_at, c.name, e.is_partly_priced, e.picos,
        u.name, w.name, e.inserted_revision, e.changed_revision, e.number
      FROM usage_runs r CROSS JOIN usage_events e ON e.run = r.number
        JOIN usage_names p ON p.number = e.provider JOIN usage_names m ON m.number = e.model
        LEFT JOIN usage_names t ON t.number = e.service_tier LEFT JOIN usage_names c ON c.number = e.rate
        LEFT JOIN usage_names u ON u.number = e.user LEFT JOIN usage_names w ON w.number = e.workflow
      WHERE r.organization = ?1 AND r.id = ?13 AND e.created_at >= ?2 AND e.created_at < ?3
        AND NOT (e.created_at IS ?4 AND e.id <= ?5)
        AND e.inserted_revision <= ?6
        AND (?7 IS NULL OR e.user = ?7) AND (?8 IS NULL OR e.workflow = ?8)
        AND (?9 IS NULL OR e.provider = ?9) AND (?10 IS NULL OR e.model = ?10)
        AND (?11 IS NULL OR (e.rate IS NULL) * 2 + e.is_partly_priced = ?11)
      ORDER BY e.created_at, e.id LIMIT ?12
      """)
  }
#endif
