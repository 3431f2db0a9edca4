#if SQLite
  /// Adding to groups and reading them; every statement gives or takes the sums in the order of their columns.
  extension SQL {
    // MARK: Adding

    static let addToDay = SQL(
      """
      INSERT INTO usage_days (
        organization, day, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts, artifacts,
        run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
      ON CONFLICT DO UPDATE SET
        runs = runs + excluded.runs, succeeded = succeeded + excluded.succeeded,
        failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,
        abandoned = abandoned + excluded.abandoned,
        finished_with_artifacts = finished_with_artifacts + excluded.finished_with_artifacts,
        artifacts = artifacts + excluded.artifacts,
        run_milliseconds = run_milliseconds + excluded.run_milliseconds, events = events + excluded.events,
        unpriced = unpriced + excluded.unpriced, partly_unpriced = partly_unpriced + excluded.partly_unpriced,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens,
        cache_write_prompt_tokens = cache_write_prompt_tokens + excluded.cache_write_prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens,
        event_milliseconds = event_milliseconds + excluded.event_milliseconds,
        cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000,
        cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000
      """)
    static let addToHour = SQL(
      """
      INSERT INTO usage_hours (
        organization, hour, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts, artifacts,
        run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos, last_change)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
        ?21)
      ON CONFLICT DO UPDATE SET
        runs = runs + excluded.runs, succeeded = succeeded + excluded.succeeded,
        failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,
        abandoned = abandoned + excluded.abandoned,
        finished_with_artifacts = finished_with_artifacts + excluded.finished_with_artifacts,
        artifacts = artifacts + excluded.artifacts,
        run_milliseconds = run_milliseconds + excluded.run_milliseconds, events = events + excluded.events,
        unpriced = unpriced + excluded.unpriced, partly_unpriced = partly_unpriced + excluded.partly_unpriced,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens,
        cache_write_prompt_tokens = cache_write_prompt_tokens + excluded.cache_write_prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens,
        event_milliseconds = event_milliseconds + excluded.event_milliseconds,
        cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000,
        cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000,
        last_change = excluded.last_change
      """)
    static let addToUserDay = SQL(
      """
      INSERT INTO usage_user_days (
        organization, day, user, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts,
        artifacts, run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
      ON CONFLICT DO UPDATE SET
        runs = runs + excluded.runs, succeeded = succeeded + excluded.succeeded,
        failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,
        abandoned = abandoned + excluded.abandoned,
        finished_with_artifacts = finished_with_artifacts + excluded.finished_with_artifacts,
        artifacts = artifacts + excluded.artifacts,
        run_milliseconds = run_milliseconds + excluded.run_milliseconds, events = events + excluded.events,
        unpriced = unpriced + excluded.unpriced, partly_unpriced = partly_unpriced + excluded.partly_unpriced,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens,
        cache_write_prompt_tokens = cache_write_prompt_tokens + excluded.cache_write_prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens,
        event_milliseconds = event_milliseconds + excluded.event_milliseconds,
        cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000,
        cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000
      """)
    static let addToWorkflowDay = SQL(
      """
      INSERT INTO usage_workflow_days (
        organization, day, workflow, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts,
        artifacts, run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
      ON CONFLICT DO UPDATE SET
        runs = runs + excluded.runs, succeeded = succeeded + excluded.succeeded,
        failed = failed + excluded.failed, cancelled = cancelled + excluded.cancelled,
        abandoned = abandoned + excluded.abandoned,
        finished_with_artifacts = finished_with_artifacts + excluded.finished_with_artifacts,
        artifacts = artifacts + excluded.artifacts,
        run_milliseconds = run_milliseconds + excluded.run_milliseconds, events = events + excluded.events,
        unpriced = unpriced + excluded.unpriced, partly_unpriced = partly_unpriced + excluded.partly_unpriced,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens,
        cache_write_prompt_tokens = cache_write_prompt_tokens + excluded.cache_write_prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens,
        event_milliseconds = event_milliseconds + excluded.event_milliseconds,
        cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000,
        cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000
      """)
    static let addToModelDay = SQL(
      """
      INSERT INTO usage_model_days (
        organization, day, provider, model, events, unpriced, partly_unpriced, prompt_tokens,
        cached_prompt_tokens, cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars,
        cost_picos)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      ON CONFLICT DO UPDATE SET
        events = events + excluded.events, unpriced = unpriced + excluded.unpriced,
        partly_unpriced = partly_unpriced + excluded.partly_unpriced,
        prompt_tokens = prompt_tokens + excluded.prompt_tokens,
        cached_prompt_tokens = cached_prompt_tokens + excluded.cached_prompt_tokens,
        cache_write_prompt_tokens = cache_write_prompt_tokens + excluded.cache_write_prompt_tokens,
        completion_tokens = completion_tokens + excluded.completion_tokens,
        event_milliseconds = event_milliseconds + excluded.event_milliseconds,
        cost_dollars = cost_dollars + excluded.cost_dollars + (cost_picos + excluded.cost_picos) / 1000000000000,
        cost_picos = (cost_picos + excluded.cost_picos) % 1000000000000
      """)

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
      SELECT day,
        runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts, artifacts, run_milliseconds,
        events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens, cache_write_prompt_tokens,
        completion_tokens, event_milliseconds, cost_dollars, cost_picos
      FROM usage_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3
      """)
    static let groupsOfUsers = SQL(
      """
      SELECT user,
        sum(runs), sum(succeeded), sum(failed), sum(cancelled), sum(abandoned), sum(finished_with_artifacts),
        sum(artifacts), sum(run_milliseconds), sum(events), sum(unpriced), sum(partly_unpriced),
        sum(prompt_tokens), sum(cached_prompt_tokens), sum(cache_write_prompt_tokens), sum(completion_tokens),
        sum(event_milliseconds), sum(cost_dollars), sum(cost_picos)
      FROM usage_user_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY user
      """)
    static let groupsOfWorkflows = SQL(
      """
      SELECT workflow,
        sum(runs), sum(succeeded), sum(failed), sum(cancelled), sum(abandoned), sum(finished_with_artifacts),
        sum(artifacts), sum(run_milliseconds), sum(events), sum(unpriced), sum(partly_unpriced),
        sum(prompt_tokens), sum(cached_prompt_tokens), sum(cache_write_prompt_tokens), sum(completion_tokens),
        sum(event_milliseconds), sum(cost_dollars), sum(cost_picos)
      FROM usage_workflow_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY workflow
      """)
    static let groupsOfModels = SQL(
      """
      SELECT provider, model,
        sum(events), sum(unpriced), sum(partly_unpriced), sum(prompt_tokens), sum(cached_prompt_tokens),
        sum(cache_write_prompt_tokens), sum(completion_tokens), sum(event_milliseconds), sum(cost_dollars),
        sum(cost_picos)
      FROM usage_model_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY provider, model
      """)
    static let durationsOfWindow = SQL(
      """
      SELECT day, key, histogram FROM usage_durations
      WHERE organization = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4
      """)
    static let sumsOfDays = SQL(
      """
      SELECT
        sum(runs), sum(succeeded), sum(failed), sum(cancelled), sum(abandoned), sum(finished_with_artifacts),
        sum(artifacts), sum(run_milliseconds), sum(events), sum(unpriced), sum(partly_unpriced),
        sum(prompt_tokens), sum(cached_prompt_tokens), sum(cache_write_prompt_tokens), sum(completion_tokens),
        sum(event_milliseconds), sum(cost_dollars), sum(cost_picos)
      FROM usage_days WHERE organization = ?1 AND day >= ?2 AND day < ?3
      """)
    static let sumsOfHours = SQL(
      """
      SELECT
        sum(runs), sum(succeeded), sum(failed), sum(cancelled), sum(abandoned), sum(finished_with_artifacts),
        sum(artifacts), sum(run_milliseconds), sum(events), sum(unpriced), sum(partly_unpriced),
        sum(prompt_tokens), sum(cached_prompt_tokens), sum(cache_write_prompt_tokens), sum(completion_tokens),
        sum(event_milliseconds), sum(cost_dollars), sum(cost_picos)
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
#endif
