#if SQLite
  extension Migration {
    /// What all kits share: the outbox with its cursors, and the leases and completions of jobs.
    static let shared = Migration(
      "outbox and job leases",
      [
        // AUTOINCREMENT: a sequence is never given again, also after the events up to it were pruned.
        """
        CREATE TABLE outbox (
          sequence INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL,
          organization TEXT NOT NULL,
          occurred_at INTEGER NOT NULL,
          kind TEXT NOT NULL,
          payload BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE outbox_cursors (
          consumer TEXT NOT NULL PRIMARY KEY,
          sequence INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE job_leases (
          job TEXT NOT NULL PRIMARY KEY,
          holder TEXT NOT NULL,
          fence INTEGER NOT NULL,
          expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE job_completions (
          job TEXT NOT NULL PRIMARY KEY,
          completed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
      ])
  }
#endif
