#if SQLite
  internal import CSQLite
  internal import SaaSCore

  /// One connection with its prepared statements; one thread at a time has it.
  final class Connection {
    /// SQLite's own connection.
    let handle: OpaquePointer
    /// Where text is put for SQLite to copy.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 8)
    /// The first failure of the present transaction, after which nothing of it may run.
    private(set) var failure: StoreError?
    /// Whether ``failure`` is there; asked for every row.
    private(set) var hasFailed = false
    /// How many transactions were begun: the number of the present one.
    private(set) var transactions: Int64 = 0
    /// The numbers of repeated names that are known to be committed.
    var nameNumbers = NameNumbers()
    /// The sums of parts of hours that this connection has read; nil where it writes, and may read what is undone later.
    var partialHours: PartialHours?
    /// The values of billing's bodies, which a store's connections share.
    var bodies = BillingBodies()
    /// What is still to be written in the present transaction.
    var deferred: (any DeferredWrites)?
    private var statements: [OpaquePointer?] = []
    private var isOpen = true

    /// Takes over an open connection, and closes it at the end.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { close() }

    /// Closes the connection, with which nothing may be done any more.
    func close() {
      guard isOpen else { return }
      isOpen = false
      for statement in statements { sqlite3_finalize(statement) }
      // Every statement is finalised, so that the connection is never left half closed. The last one to close a file
      // copies the write-ahead log back into it.
      sqlite3_close_v2(handle)
      scratch.deallocate()
    }

    // MARK: Statements

    /// The prepared statement of a text, prepared once for the connection's life.
    func prepared(_ sql: SQL) throws(StoreError) -> OpaquePointer {
      if sql.slot < statements.count, let statement = statements[sql.slot] { return statement }
      var statement: OpaquePointer?
      let code = sqlite3_prepare_v3(handle, sql.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
      guard code == SQLITE_OK, let statement else { throw fail(code) }
      while statements.count <= sql.slot { statements.append(nil) }
      statements[sql.slot] = statement
      return statement
    }

    /// Runs statements that are not worth keeping, from a text that no input has a part in.
    func execute(_ text: String) throws(StoreError) {
      let code = sqlite3_exec(handle, text, nil, nil, nil)
      guard code == SQLITE_OK else { throw error(code) }
    }

    /// The first column of the first row that a text answers, or nil where there is none or it is NULL.
    func scalar(_ text: String) throws(StoreError) -> String? {
      var statement: OpaquePointer?
      let code = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
      defer { sqlite3_finalize(statement) }
      guard code == SQLITE_OK, let statement else { throw error(code) }
      let step = sqlite3_step(statement)
      guard step == SQLITE_ROW || step == SQLITE_DONE else { throw error(step) }
      return sqlite3_column_text(statement, 0).map { String(cString: $0) }
    }

    /// The first column of the first row as an integer; 0 where there is none.
    func integer(_ text: String) throws(StoreError) -> Int64 { try scalar(text).flatMap { Int64($0) } ?? 0 }

    // MARK: Transactions

    /// Whether a transaction is open. SQLite ends one by itself after some failures, and nothing of it remains.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// How many rows were ever written through this connection.
    var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// Begins a transaction: one that writes holds the file's only write lock from here on.
    func begin(writing: Bool) throws(StoreError) {
      clearFailure()
      deferred = nil
      transactions += 1
      try control(writing ? .beginImmediate : .begin)
    }

    /// Ends the transaction and keeps what it did.
    func commit() throws(StoreError) {
      try writeDeferred()
      try control(.commit)
    }

    /// Writes what was left to the end of the transaction.
    func writeDeferred() throws(StoreError) {
      guard let writes = deferred else { return }
      deferred = nil
      try writes.write()
    }

    /// Ends the transaction, if there still is one, and forgets what it did.
    func rollback() {
      clearFailure()
      deferred = nil
      guard isInTransaction else { return }
      // Where even this fails, the next `begin` tells.
      try? control(.rollback)
      clearFailure()
    }

    /// Runs a statement without parameters that steers transactions.
    func control(_ sql: SQL) throws(StoreError) {
      let statement = try prepared(sql)
      let code = sqlite3_step(statement)
      sqlite3_reset(statement)
      guard code == SQLITE_DONE else { throw fail(code) }
    }

    // MARK: Failures

    /// Remembers a failure, so that what follows in the transaction fails too; the first one stays.
    func fail(_ code: Int32) -> StoreError { fail(error(code)) }

    /// Remembers a failure of our own.
    func fail(_ error: StoreError) -> StoreError {
      if failure == nil { failure = error }
      hasFailed = true
      return failure ?? error
    }

    /// Forgets the failure of work that was undone.
    func clearFailure() {
      failure = nil
      hasFailed = false
    }

    /// What a result code means to a caller.
    func error(_ code: Int32) -> StoreError {
      storeError(
        code: sqlite3_extended_errcode(handle) & 0xff == code & 0xff ? sqlite3_extended_errcode(handle) : code,
        systemError: sqlite3_system_errno(handle), message: String(cString: sqlite3_errmsg(handle)))
    }
  }

  extension SQL {
    fileprivate static let begin = SQL("BEGIN")
    fileprivate static let beginImmediate = SQL("BEGIN IMMEDIATE")
    fileprivate static let commit = SQL("COMMIT")
    fileprivate static let rollback = SQL("ROLLBACK")
  }
#endif
