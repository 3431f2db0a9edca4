#if SQLite
  internal import SaaSCore

  /// How a file tells that it is ours, and how an older one becomes a present one.
  enum Schema {
    /// Every migration in the order in which they are applied; `PRAGMA user_version` counts those that were.
    ///
    /// A new one goes to the end.
    static let migrations: [Migration] = [.shared, .tenancy, .usage, .billing]

    /// `PRAGMA application_id` of our files: "SaaS" in ASCII.
    static let applicationID: Int64 = 0x5361_6153

    /// The number of migrations that were applied to a file; 0 for an empty one.
    /// - Throws: an error for a file of another application and for one that knows more migrations than there are.
    static func recognize(_ connection: Connection, knowing known: Int) throws(SQLiteOpeningError) -> Int {
      let (application, isEmpty, version) = try state(of: connection)
      guard application == applicationID || (application == 0 && isEmpty) else { throw .foreignFile }
      guard version <= known else { throw .newerSchema(found: version, known: known) }
      return version
    }

    private static func state(of connection: Connection) throws(SQLiteOpeningError) -> (Int64, Bool, Int) {
      // At one moment: another process may just be making the file.
      let isOurs = !connection.isInTransaction
      defer { if isOurs { connection.rollback() } }
      do {
        if isOurs { try connection.begin(writing: false) }
        return (
          try connection.integer("PRAGMA application_id"),
          try connection.integer("SELECT count(*) FROM sqlite_master") == 0,
          Int(try connection.integer("PRAGMA user_version"))
        )
      } catch {
        throw .store(error)
      }
    }

    /// Applies the migrations that a file lacks, each in a transaction of its own, so that a crash leaves it between two
    /// and the next opening goes on. Of two processes that open one file at once, one applies each.
    static func migrate(_ connection: Connection, by migrations: [Migration]) throws(SQLiteOpeningError) {
      var version = try recognize(connection, knowing: migrations.count)
      while version < migrations.count {
        do {
          try connection.begin(writing: true)
        } catch {
          throw .store(error)
        }
        do {
          // Another process may have come first: what is true now is read under the lock.
          version = try recognize(connection, knowing: migrations.count)
          if version < migrations.count {
            try apply(migrations[version], as: version + 1, to: connection)
            version += 1
          }
          try commit(connection)
        } catch {
          connection.rollback()
          throw error
        }
      }
    }

    private static func apply(_ migration: Migration, as version: Int, to connection: Connection)
      throws(SQLiteOpeningError)
    {
      do {
        for statement in migration.statements { try connection.execute(statement) }
        try connection.execute("PRAGMA application_id = \(applicationID)")
        try connection.execute("PRAGMA user_version = \(version)")
      } catch {
        throw .store(error)
      }
    }

    private static func commit(_ connection: Connection) throws(SQLiteOpeningError) {
      do {
        try connection.commit()
      } catch {
        throw .store(error)
      }
    }
  }
#endif
