#if SQLite
  import CSQLite
  import SaaSCore
  @testable import SQLiteStore

  /// A table of the tests' own, which the engine is driven with: each note has a unique number.
  extension SQLiteStore {
    typealias Work = Transaction<StoreError>

    func makeNotes() async throws {
      try await write { (work: Work) throws(StoreError) in
        try work.connection.execute("CREATE TABLE notes (number INTEGER PRIMARY KEY, body BLOB) STRICT")
      }
    }

    func addNote(_ number: Int, body: [UInt8] = []) async throws(StoreError) {
      try await write { (work: Work) throws(StoreError) in try work.addNote(number, body: body) }
    }

    /// Adds a note, and then refuses to have done so.
    func addNoteAndThrow(_ number: Int) async throws(StoreError) {
      try await write { (work: Work) throws(StoreError) in
        try work.addNote(number)
        throw .notFound
      }
    }

    /// Keeps the writing thread until a gate opens, so that what is queued meanwhile becomes one group; returns once the
    /// thread is kept.
    func hold(at gate: Gate) async -> Task<Void, any Error> {
      let started = Event()
      let task = Task {
        try await write { (_: Work) throws(StoreError) in
          started.signal()
          gate.wait()
        }
      }
      await started.wait()
      return task
    }

    func notes() async throws(StoreError) -> [Int] {
      try await read { (work: Work) throws(StoreError) in try work.notes() }
    }
  }

  extension Transaction<StoreError> {
    func addNote(_ number: Int, body: [UInt8] = []) throws(StoreError) {
      let statement = try statement(.addNote)
      statement.bind(number, at: 1)
      statement.bind(body, at: 2)
      try statement.run()
    }

    func notes() throws(StoreError) -> [Int] {
      try statement(.notes).all { (row) throws(StoreError) in Int(row.int64(0)) }
    }
  }

  extension SQL {
    static let addNote = SQL("INSERT INTO notes (number, body) VALUES (?1, ?2)")
    static let notes = SQL("SELECT number FROM notes ORDER BY number")
  }

  /// SQLite itself, to make files that are not ours and to hold locks.
  final class PlainDatabase {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
      guard sqlite3_open(path, &handle) == SQLITE_OK else { throw StoreError.unavailable(.failed("cannot open")) }
    }

    deinit { sqlite3_close(handle) }

    func execute(_ text: String) throws {
      guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else {
        throw StoreError.unavailable(.failed(String(cString: sqlite3_errmsg(handle))))
      }
    }
  }
#endif
