#if SQLite
  internal import CSQLite
  internal import Foundation
  internal import SaaSCore

  extension Connection {
    /// What a connection is for.
    enum Role: Sendable {
      /// Writes; makes the file where there is none, and brings it to the present schema.
      case writer
      /// Only reads.
      case reader
    }

    /// Opens a file that is ours, or becomes ours where it is empty.
    static func open(_ path: String, as role: Role, busyTimeout: Int32, migrations: [Migration])
      throws(SQLiteOpeningError) -> Connection
    {
      guard sqlite3_threadsafe() != 0 else {
        throw .store(.unavailable(.failed("this SQLite was built without support for threads")))
      }
      guard sqlite3_libversion_number() >= 3_037_000 else {
        throw .store(
          .unavailable(.failed("SQLite 3.37 or later is needed; this is \(String(cString: sqlite3_libversion()))")))
      }
      // Without SQLite's own mutex: one thread at a time has a connection.
      let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (role == .writer ? SQLITE_OPEN_CREATE : 0)
      var handle: OpaquePointer?
      let code = sqlite3_open_v2(path, &handle, flags, nil)
      guard let handle else { throw .store(.unavailable(.failed("no memory for a connection"))) }
      let connection = Connection(handle)
      guard code == SQLITE_OK else { throw .store(connection.error(code)) }
      sqlite3_extended_result_codes(handle, 1)
      sqlite3_busy_timeout(handle, busyTimeout)
      // Before anything is written: a file that is not ours stays as it is.
      _ = try Schema.recognize(connection, knowing: migrations.count)
      do {
        try connection.configure(as: role, busyTimeout: busyTimeout)
      } catch {
        throw .store(error)
      }
      return connection
    }

    private func configure(as role: Role, busyTimeout: Int32) throws(StoreError) {
      if role == .writer { try turnToWriteAheadLog(busyTimeout: busyTimeout) }
      try execute("PRAGMA synchronous = FULL")
      try execute("PRAGMA foreign_keys = ON")
      try execute("PRAGMA trusted_schema = OFF")
      try execute("PRAGMA temp_store = MEMORY")
      #if canImport(Darwin)
        // There fsync leaves data in the drive's cache.
        try execute("PRAGMA fullfsync = ON")
        try execute("PRAGMA checkpoint_fullfsync = ON")
      #endif
      if role == .reader { try execute("PRAGMA query_only = ON") }
    }

    /// Turns the journal to a write-ahead log. While two openers do so SQLite answers one of them that the file is busy
    /// without asking its busy handler, hence the patience.
    private func turnToWriteAheadLog(busyTimeout: Int32) throws(StoreError) {
      let pause: Int32 = 5
      var left = busyTimeout
      while true {
        do throws(StoreError) {
          let mode = try scalar("PRAGMA journal_mode = WAL")
          guard mode == "wal" else {
            throw .unavailable(
              .failed("the journal stays in mode \(mode ?? "none"); a file on disk is needed"))
          }
          return
        } catch .unavailable(.busy) where left > 0 {
          left -= pause
          Thread.sleep(forTimeInterval: Double(pause) / 1_000)
        }
      }
    }
  }
#endif
