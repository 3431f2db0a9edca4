#if SQLite
  internal import CSQLite
  internal import SaaSCore

  /// What work on the store is done with: one transaction of one connection, whose failures are the port's own error.
  ///
  /// It is valid only within the call that it was passed to.
  struct Transaction<Failure: StoreFailing> {
    let connection: Connection

    /// The statement of a text, prepared; resolve it once for many rows.
    func statement(_ sql: SQL) throws(Failure) -> Statement<Failure> {
      do {
        return Statement(handle: try connection.prepared(sql), connection: connection)
      } catch {
        throw Failure(error)
      }
    }

    /// Writes what earlier work of the transaction has left to its end.
    func writeDeferred() throws(Failure) {
      do {
        try connection.writeDeferred()
      } catch {
        throw Failure(error)
      }
    }

    /// How many rows the last statement wrote, those written by triggers and foreign keys not counted.
    var changes: Int64 { sqlite3_changes64(connection.handle) }

    /// The row number of the last row inserted into a table that has them.
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(connection.handle) }
  }
#endif
