#if SQLite
  extension Migration {
    /// Runs, events, their groups, and the ledger.
    static let usage = Migration(
      "usage",
      [
        // Repeated names (users, workflows, providers, models, service tiers, rates) by a number. A name is never deleted,
        // so that a number once committed means the same for ever.
        "CREATE TABLE usage_names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        """
        CREATE TABLE usage_organizations (
          number INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          revision INTEGER NOT NULL,
          horizon INTEGER
        ) STRICT
        """,
        // A run without a start has not arrived: events wait for it.
        """
        CREATE TABLE usage_runs (
          number INTEGER PRIMARY KEY,
          organization INTEGER NOT NULL,
          id TEXT NOT NULL,
          user INTEGER,
          workflow INTEGER,
          started_at INTEGER,
          finished_at INTEGER,
          outcome INTEGER CHECK ((outcome IS NULL) = (started_at IS NULL)),
          artifacts INTEGER,
          inserted_revision INTEGER,
          changed_revision INTEGER,
          UNIQUE (organization, id)
        ) STRICT
        """,
        "CREATE INDEX usage_runs_by_start ON usage_runs (organization, started_at) WHERE started_at IS NOT NULL",
        "CREATE INDEX usage_runs_running ON usage_runs (organization, started_at) WHERE outcome = 0",
        // User and workflow are 0 while the run has not arrived; they stay when the run is deleted. No rate: unpriced.
        """
        CREATE TABLE usage_events (
          number INTEGER PRIMARY KEY,
          organization INTEGER NOT NULL,
          id TEXT NOT NULL,
          run INTEGER NOT NULL,
          user INTEGER NOT NULL,
          workflow INTEGER NOT NULL,
          step TEXT,
          provider INTEGER NOT NULL,
          model INTEGER NOT NULL,
          prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL,
          cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL,
          service_tier INTEGER,
          milliseconds INTEGER NOT NULL,
          result_size INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          rate INTEGER,
          is_partly_priced INTEGER NOT NULL,
          picos INTEGER NOT NULL,
          inserted_revision INTEGER NOT NULL,
          changed_revision INTEGER NOT NULL,
          UNIQUE (organization, id)
        ) STRICT
        """,
        "CREATE INDEX usage_events_by_instant ON usage_events (organization, created_at)",
        "CREATE INDEX usage_events_by_run ON usage_events (run)",
        // The sums of a day's or hour's runs and events. A cost has as many whole dollars and less than one dollar in
        // pico-dollars, so that both columns can be summed. A day's `last_change` is the revision at which one of
        // its rows last changed after it was inserted, an hour's that at which its sums last changed.
        """
        CREATE TABLE usage_days (
          organization INTEGER NOT NULL, day INTEGER NOT NULL, runs INTEGER NOT NULL,
          succeeded INTEGER NOT NULL, failed INTEGER NOT NULL, cancelled INTEGER NOT NULL,
          abandoned INTEGER NOT NULL, finished_with_artifacts INTEGER NOT NULL, artifacts INTEGER NOT NULL,
          run_milliseconds INTEGER NOT NULL, events INTEGER NOT NULL, unpriced INTEGER NOT NULL,
          partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL, last_change INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (organization, day)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_hours (
          organization INTEGER NOT NULL, hour INTEGER NOT NULL, runs INTEGER NOT NULL,
          succeeded INTEGER NOT NULL, failed INTEGER NOT NULL, cancelled INTEGER NOT NULL,
          abandoned INTEGER NOT NULL, finished_with_artifacts INTEGER NOT NULL, artifacts INTEGER NOT NULL,
          run_milliseconds INTEGER NOT NULL, events INTEGER NOT NULL, unpriced INTEGER NOT NULL,
          partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL,
          last_change INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (organization, hour)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_user_days (
          organization INTEGER NOT NULL, day INTEGER NOT NULL, user INTEGER NOT NULL, runs INTEGER NOT NULL,
          succeeded INTEGER NOT NULL, failed INTEGER NOT NULL, cancelled INTEGER NOT NULL,
          abandoned INTEGER NOT NULL, finished_with_artifacts INTEGER NOT NULL, artifacts INTEGER NOT NULL,
          run_milliseconds INTEGER NOT NULL, events INTEGER NOT NULL, unpriced INTEGER NOT NULL,
          partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL, PRIMARY KEY (organization, day, user)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_workflow_days (
          organization INTEGER NOT NULL, day INTEGER NOT NULL, workflow INTEGER NOT NULL,
          runs INTEGER NOT NULL, succeeded INTEGER NOT NULL, failed INTEGER NOT NULL,
          cancelled INTEGER NOT NULL, abandoned INTEGER NOT NULL, finished_with_artifacts INTEGER NOT NULL,
          artifacts INTEGER NOT NULL, run_milliseconds INTEGER NOT NULL, events INTEGER NOT NULL,
          unpriced INTEGER NOT NULL, partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL, PRIMARY KEY (organization, day, workflow)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_model_days (
          organization INTEGER NOT NULL, day INTEGER NOT NULL, provider INTEGER NOT NULL,
          model INTEGER NOT NULL, events INTEGER NOT NULL, unpriced INTEGER NOT NULL,
          partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL,
          PRIMARY KEY (organization, day, provider, model)
        ) STRICT, WITHOUT ROWID
        """,
        // How long the runs took that began on a day: kind 0 the organisation's (key 0), 1 a user's, 2 a workflow's.
        """
        CREATE TABLE usage_durations (
          organization INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          day INTEGER NOT NULL,
          key INTEGER NOT NULL,
          histogram BLOB NOT NULL,
          PRIMARY KEY (organization, kind, day, key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_stale_days (
          organization INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY (organization, day)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE usage_ledger (
          organization INTEGER NOT NULL, period_start INTEGER NOT NULL, period_end INTEGER NOT NULL,
          runs INTEGER NOT NULL, succeeded INTEGER NOT NULL, failed INTEGER NOT NULL,
          cancelled INTEGER NOT NULL, abandoned INTEGER NOT NULL, finished_with_artifacts INTEGER NOT NULL,
          artifacts INTEGER NOT NULL, run_milliseconds INTEGER NOT NULL, events INTEGER NOT NULL,
          unpriced INTEGER NOT NULL, partly_unpriced INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL,
          cached_prompt_tokens INTEGER NOT NULL, cache_write_prompt_tokens INTEGER NOT NULL,
          completion_tokens INTEGER NOT NULL, event_milliseconds INTEGER NOT NULL,
          cost_dollars INTEGER NOT NULL, cost_picos INTEGER NOT NULL,
          estimated_cost INTEGER NOT NULL, sealed_at INTEGER, PRIMARY KEY (organization, period_start)
        ) STRICT, WITHOUT ROWID
        """,
      ])
  }
#endif
