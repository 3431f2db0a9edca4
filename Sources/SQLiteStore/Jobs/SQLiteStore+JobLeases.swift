#if SQLite
  public import SaaSCore

  extension SQLiteStore: JobLeases {
    public func claim(_ job: String, holder: String, for duration: Duration, at now: Timestamp) async throws(StoreError)
      -> JobLease?
    {
      let end = now + duration
      return try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.claimJob)
        statement.bind(job, at: 1)
        statement.bind(holder, at: 2)
        statement.bind(end, at: 3)
        statement.bind(now, at: 4)
        return try statement.first { (row) throws(StoreError) in
          JobLease(job: job, holder: holder, fence: row.int64(0), expiresAt: end)
        }
      }
    }

    public func renew(_ lease: JobLease, for duration: Duration, at now: Timestamp) async throws(StoreError)
      -> JobLease?
    {
      let end = now + duration
      return try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.renewJob)
        statement.bind(lease.job, at: 1)
        statement.bind(lease.fence, at: 2)
        statement.bind(end, at: 3)
        statement.bind(now, at: 4)
        try statement.run()
        guard transaction.changes > 0 else { return nil }
        return JobLease(job: lease.job, holder: lease.holder, fence: lease.fence, expiresAt: end)
      }
    }

    public func release(_ lease: JobLease) async throws(StoreError) {
      try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.releaseJob)
        statement.bind(lease.job, at: 1)
        statement.bind(lease.fence, at: 2)
        statement.bind(Timestamp.distantPast, at: 3)
        try statement.run()
      }
    }

    public func noteCompletion(of job: String, at instant: Timestamp) async throws(StoreError) {
      try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.noteCompletion)
        statement.bind(job, at: 1)
        statement.bind(instant, at: 2)
        try statement.run()
      }
    }

    public func lastCompletion(of job: String) async throws(StoreError) -> Timestamp? {
      try await read { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.lastCompletion)
        statement.bind(job, at: 1)
        return try statement.first { (row) throws(StoreError) in row.timestamp(0) }
      }
    }
  }

  extension SQL {
    // A lease that is still live makes the update, and so the answer, empty.
    fileprivate static let claimJob = SQL(
      """
      INSERT INTO job_leases (job, holder, fence, expires_at) VALUES (?1, ?2, 1, ?3)
      ON CONFLICT (job) DO UPDATE
        SET holder = excluded.holder, fence = fence + 1, expires_at = excluded.expires_at
        WHERE expires_at <= ?4
      RETURNING fence
      """)
    fileprivate static let renewJob = SQL(
      "UPDATE job_leases SET expires_at = ?3 WHERE job = ?1 AND fence = ?2 AND expires_at > ?4")
    fileprivate static let noteCompletion = SQL(
      """
      INSERT INTO job_completions (job, completed_at) VALUES (?1, ?2)
      ON CONFLICT (job) DO UPDATE SET completed_at = max(completed_at, excluded.completed_at)
      """)
    fileprivate static let lastCompletion = SQL("SELECT completed_at FROM job_completions WHERE job = ?1")
    fileprivate static let releaseJob = SQL("UPDATE job_leases SET expires_at = ?3 WHERE job = ?1 AND fence = ?2")
  }
#endif
