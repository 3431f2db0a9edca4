#if SQLite
  internal import CSQLite
  package import SaaSCore

  /// Every store of the kits over one SQLite file.
  ///
  /// One connection writes and several read, each on a thread of its own, so that no task waits for the disk or a lock on
  /// one of Swift's own threads. Only a look-up of a few rows by their key, as of one tenant or one account, is done on
  /// the calling thread where a connection is free: where its pages are in memory it takes some microseconds, which is less
  /// than the way to another thread and back. A call that writes returns once what it wrote is durable (`synchronous=FULL` over a write-ahead log);
  /// concurrent writes share one transaction and so one wait for the disk. A call that reads sees one moment of the store,
  /// which every write that has returned precedes. Several processes may have one file open.
  ///
  /// ```swift
  /// let store = try await SQLiteStore(path: "saas.sqlite")
  /// let tenant = try await store.tenant(slug: slug)
  /// await store.close()
  /// ```
  ///
  /// Cancelling a task that waits for the store changes nothing: the work is done, and its outcome is given. A call that
  /// finds ``Options/waitingCalls`` others waiting is refused as `unavailable(.busy)`; one that finds another process
  /// holding the file's write lock for longer than ``Options/busyTimeout``, too.
  public final class SQLiteStore: Sendable {
    private let writer: ConnectionThreads
    private let readers: ConnectionThreads
    let direct: DirectReading

    /// How a file is opened.
    public struct Options: Sendable, Hashable {
      /// How many connections read on threads of their own, and as many on those of callers, from 1 to 64.
      public var readers: Int
      /// How long a write waits for another process's before it fails as busy.
      public var busyTimeout: Duration
      /// How many calls may wait for the writing connection, and as many for the reading ones.
      public var waitingCalls: Int

      /// Options, each with a value that suits most servers.
      public init(readers: Int = 3, busyTimeout: Duration = .seconds(5), waitingCalls: Int = 16_384) {
        self.readers = readers
        self.busyTimeout = busyTimeout
        self.waitingCalls = waitingCalls
      }
    }

    /// Opens a file, makes it where there is none, and brings an older one to the present schema.
    ///
    /// - Parameters:
    ///   - path: of a file on a local disk; databases in memory are refused, since nothing in them is durable.
    /// - Throws: ``SQLiteOpeningError``.
    public convenience init(path: String, options: Options = Options()) async throws(SQLiteOpeningError) {
      try await self.init(path: path, options: options, migrations: Schema.migrations)
    }

    /// Opens a file as a version of the library that knows these migrations.
    init(path: String, options: Options = Options(), migrations: [Migration]) async throws(SQLiteOpeningError) {
      // A timeout of 0 would tell SQLite not to wait at all, which is what the caller then wants.
      let timeout = Int32(clamping: max(0, options.busyTimeout.wholeMicroseconds / 1_000))
      let waiting = max(1, options.waitingCalls)
      let bodies = BillingBodies()
      let reader = { @Sendable (timeout: Int32) throws(SQLiteOpeningError) in
        let connection = try Connection.open(path, as: .reader, busyTimeout: timeout, migrations: migrations)
        connection.bodies = bodies
        return connection
      }
      writer = try await ConnectionThreads.start(
        1, named: "SQLiteStore writer", queueLimit: waiting,
        open: { () throws(SQLiteOpeningError) in
          let connection = try Connection.open(path, as: .writer, busyTimeout: timeout, migrations: migrations)
          try Schema.migrate(connection, by: migrations)
          connection.bodies = bodies
          return connection
        }, serve: GroupCommit.serve)
      let direct = DirectReading()
      self.direct = direct
      do {
        readers = try await ConnectionThreads.start(
          min(max(1, options.readers), 64), named: "SQLiteStore reader", queueLimit: waiting,
          open: { () throws(SQLiteOpeningError) in
            direct.add(try reader(0))
            return try reader(timeout)
          }, serve: Reading.serve)
      } catch {
        await direct.end()
        await writer.end()
        throw error
      }
    }

    /// Does what waits, and closes the file; its write-ahead log is copied back into it if no other process has it open.
    ///
    /// Later calls fail as `unavailable(.closed)`. Closing twice is closing once. A store that is dropped closes by itself,
    /// without anybody who could wait for it.
    public func close() async { await Self.end(direct, readers: readers, writer: writer) }

    deinit {
      Task { [direct, readers, writer] in await Self.end(direct, readers: readers, writer: writer) }
    }

    private static func end(_ direct: DirectReading, readers: ConnectionThreads, writer: ConnectionThreads) async {
      writer.queue.refuseCalls()
      // One after the other: connections that close at one moment each take the other for one that stays, and neither
      // copies the log back.
      await direct.end()
      await readers.end()
      await writer.end()
    }

    // MARK: Work

    /// Does work in the next transaction that writes, and gives its outcome once that transaction is durable.
    ///
    /// Work that throws leaves nothing behind. It may run several times before it has its one outcome (see
    /// ``GroupCommit``), and so must do nothing but read and write its transaction.
    func write<Answer: Sendable, Failure: StoreFailing>(_ work: @escaping Call<Answer, Failure>.Work)
      async throws(Failure) -> Answer
    {
      try await writer.queue.perform(work)
    }

    /// Does work in a transaction that sees one moment of the store, and cannot write.
    func read<Answer: Sendable, Failure: StoreFailing>(_ work: @escaping Call<Answer, Failure>.Work)
      async throws(Failure) -> Answer
    {
      try await readers.queue.perform(work)
    }

    /// Does work that reads a few rows by their key, on the calling thread where a connection is free.
    func lookUp<Answer: Sendable, Failure: StoreFailing>(_ work: @escaping Call<Answer, Failure>.Work)
      async throws(Failure) -> Answer
    {
      if let outcome = direct.perform(work) { return try outcome.get() }
      return try await read(work)
    }

    // MARK: Diagnostics

    /// The writing connection's settings, as SQLite itself tells them.
    package func writerSettings() async throws(StoreError) -> ConnectionSettings {
      try await write { (transaction: Transaction<StoreError>) throws(StoreError) in
        try ConnectionSettings(of: transaction.connection)
      }
    }

    /// A reading connection's settings, as SQLite itself tells them.
    package func readerSettings() async throws(StoreError) -> ConnectionSettings {
      try await read { (transaction: Transaction<StoreError>) throws(StoreError) in
        try ConnectionSettings(of: transaction.connection)
      }
    }

    /// What SQLite's own check of the whole file answers: `ok`, or the first damage.
    /// - Complexity: O(file size)
    package func integrity() async throws(StoreError) -> String {
      try await read { (transaction: Transaction<StoreError>) throws(StoreError) in
        try transaction.connection.scalar("PRAGMA integrity_check(1)") ?? ""
      }
    }

    /// The version of SQLite.
    package static var engineVersion: String { String(cString: sqlite3_libversion()) }
  }
#endif
