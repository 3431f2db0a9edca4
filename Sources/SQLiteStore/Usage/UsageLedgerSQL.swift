#if SQLite
  /// The ledger, the days that wait for a roll-up, and retention.
  extension SQL {
    // MARK: Ledger

    static let putLedgerRow = SQL(
      """
      INSERT OR REPLACE INTO usage_ledger (
        organization, period_start, period_end, runs, succeeded, failed, cancelled, abandoned,
        finished_with_artifacts, artifacts, run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens,
        cached_prompt_tokens, cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars,
        cost_picos, estimated_cost, sealed_at)
      VALUES (
        ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23)
      """)
    static let deleteLedgerRow = SQL("DELETE FROM usage_ledger WHERE organization = ?1 AND period_start = ?2")
    /// Rows whose period ends after ?2 and begins before ?3, from ?4 on.
    static let ledgerRows = SQL(
      """
      SELECT
        period_start, period_end, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts,
        artifacts, run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos, sealed_at
      FROM usage_ledger
      WHERE organization = ?1 AND period_end > ?2 AND period_start < ?3 AND period_start >= ?4
        AND (?5 IS NULL OR (sealed_at IS NOT NULL) = ?5)
      ORDER BY period_start LIMIT ?6
      """)
    static let firstUnsealedRow = SQL(
      """
      SELECT
        period_start, period_end, runs, succeeded, failed, cancelled, abandoned, finished_with_artifacts,
        artifacts, run_milliseconds, events, unpriced, partly_unpriced, prompt_tokens, cached_prompt_tokens,
        cache_write_prompt_tokens, completion_tokens, event_milliseconds, cost_dollars, cost_picos, sealed_at
      FROM usage_ledger WHERE organization = ?1 AND sealed_at IS NULL ORDER BY period_start LIMIT 1
      """)

    // MARK: Stale days

    static let staleDays = SQL("SELECT day FROM usage_stale_days WHERE organization = ?1 ORDER BY day LIMIT ?2")
    /// The days with usage from ?2 to ?3.
    static let markDaysStale = SQL(
      """
      INSERT OR IGNORE INTO usage_stale_days (organization, day)
      SELECT organization, day FROM usage_days WHERE organization = ?1 AND day BETWEEN ?2 AND ?3
      """)
    static let settleDay = SQL("DELETE FROM usage_stale_days WHERE organization = ?1 AND day = ?2")

    // MARK: Retention

    static let setHorizon = SQL("UPDATE usage_organizations SET horizon = ?2 WHERE number = ?1")
    /// Runs (0) and events (1) before an instant, the oldest first, with their numbers and the runs of events.
    static let rowsBefore = SQL(
      """
      SELECT started_at AS instant, 0, number, number FROM usage_runs WHERE organization = ?1 AND started_at < ?2
      UNION ALL
      SELECT created_at, 1, number, run FROM usage_events WHERE organization = ?1 AND created_at < ?2
      ORDER BY instant LIMIT ?3
      """)
    static let deleteEvent = SQL("DELETE FROM usage_events WHERE number = ?1")
    /// Leaves a run as one that has not arrived.
    static let clearRun = SQL(
      """
      UPDATE usage_runs SET user = NULL, workflow = NULL, started_at = NULL, finished_at = NULL, outcome = NULL,
        artifacts = NULL, inserted_revision = NULL, changed_revision = NULL
      WHERE number = ?1
      """)
    /// Deletes a run that has not arrived and has no events.
    static let deleteUnusedRun = SQL(
      """
      DELETE FROM usage_runs WHERE number = ?1 AND started_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM usage_events WHERE run = ?1)
      """)
  }
#endif
