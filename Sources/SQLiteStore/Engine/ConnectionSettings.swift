#if SQLite
  internal import SaaSCore

  /// The settings of one connection, as SQLite itself tells them.
  package struct ConnectionSettings: Sendable, Hashable {
    /// `wal` on every connection.
    package let journalMode: String
    /// 2 is `FULL`.
    package let synchronous: Int64
    /// Whether references between rows are enforced.
    package let foreignKeys: Bool
    /// In milliseconds.
    package let busyTimeout: Int64
    /// Whether a sync reaches past the drive's own cache; only Apple's systems tell the two apart.
    package let fullSync: Bool
    /// Whether writing is refused.
    package let queryOnly: Bool

    init(of connection: Connection) throws(StoreError) {
      journalMode = try connection.scalar("PRAGMA journal_mode") ?? ""
      synchronous = try connection.integer("PRAGMA synchronous")
      foreignKeys = try connection.integer("PRAGMA foreign_keys") == 1
      busyTimeout = try connection.integer("PRAGMA busy_timeout")
      fullSync = try connection.integer("PRAGMA fullfsync") == 1
      queryOnly = try connection.integer("PRAGMA query_only") == 1
    }
  }
#endif
