#if SQLite
  public import SaaSCore

  extension Transaction {
    /// Appends events in order, in the transaction of the change that they tell of.
    func append(_ drafts: [OutboxDraft]) throws(Failure) {
      guard !drafts.isEmpty else { return }
      let statement = try statement(.appendToOutbox)
      for draft in drafts {
        statement.bind(draft.id, at: 1)
        statement.bind(draft.organizationID, at: 2)
        statement.bind(draft.occurredAt, at: 3)
        statement.bind(draft.kind, at: 4)
        statement.bind(draft.payload, at: 5)
        try statement.run()
      }
    }
  }

  extension Statement {
    /// The event in a row of `sequence, id, organization, occurred_at, kind, payload`.
    fileprivate func outboxEvent() throws(Failure) -> OutboxEvent {
      OutboxEvent(
        sequence: int64(0),
        draft: OutboxDraft(
          id: try string(1), organizationID: try identifier(2), occurredAt: timestamp(3), kind: try string(4),
          payload: bytes(5)))
    }
  }

  /// Sequences are given under the write lock, and so in the order of commits.
  extension SQLiteStore: Outbox {
    /// - Complexity: O(log *n* + limit)
    public func events(after sequence: Int64, limit: PageLimit) async throws(StoreError) -> [OutboxEvent] {
      try await read { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.outboxEvents)
        statement.bind(sequence, at: 1)
        statement.bind(limit.count, at: 2)
        return try statement.all { (row) throws(StoreError) in try row.outboxEvent() }
      }
    }

    public func cursor(of consumer: String) async throws(StoreError) -> Int64 {
      try await lookUp { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.outboxCursor)
        statement.bind(consumer, at: 1)
        return try statement.first { (row) throws(StoreError) in row.int64(0) } ?? 0
      }
    }

    public func advance(_ consumer: String, from expected: Int64, to sequence: Int64) async throws(StoreError) {
      try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let cursor = try transaction.statement(.outboxCursor)
        cursor.bind(consumer, at: 1)
        let stored = try cursor.first { (row) throws(StoreError) in row.int64(0) } ?? 0
        guard stored == expected else { throw .conflict("the cursor of \(consumer) is \(stored), not \(expected)") }
        let statement = try transaction.statement(.moveOutboxCursor)
        statement.bind(consumer, at: 1)
        statement.bind(sequence, at: 2)
        try statement.run()
      }
    }

    /// - Complexity: O(events deleted)
    @discardableResult
    public func prune(through sequence: Int64) async throws(StoreError) -> Int {
      try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        let statement = try transaction.statement(.pruneOutbox)
        statement.bind(sequence, at: 1)
        try statement.run()
        return Int(transaction.changes)
      }
    }
  }

  extension SQL {
    fileprivate static let appendToOutbox = SQL(
      "INSERT INTO outbox (id, organization, occurred_at, kind, payload) VALUES (?1, ?2, ?3, ?4, ?5)")
    fileprivate static let outboxEvents = SQL(
      """
      SELECT sequence, id, organization, occurred_at, kind, payload FROM outbox
      WHERE sequence > ?1 ORDER BY sequence LIMIT ?2
      """)
    fileprivate static let outboxCursor = SQL("SELECT sequence FROM outbox_cursors WHERE consumer = ?1")
    fileprivate static let moveOutboxCursor = SQL(
      """
      INSERT INTO outbox_cursors (consumer, sequence) VALUES (?1, ?2)
      ON CONFLICT (consumer) DO UPDATE SET sequence = excluded.sequence
      """)
    fileprivate static let pruneOutbox = SQL("DELETE FROM outbox WHERE sequence <= ?1")
  }
#endif
