#if SQLite
  import Foundation
  import SaaSCore
  @testable import SQLiteStore
  import Testing

  @Suite("Opening and closing a file")
  struct OpeningTests {
    @Test("Every connection has the settings that durability and integrity rest on")
    func settings() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(busyTimeout: .milliseconds(1_234))) { store in
        let writer = try await store.writerSettings()
        #expect(writer.journalMode == "wal")
        #expect(writer.synchronous == 2)
        #expect(writer.foreignKeys)
        #expect(writer.busyTimeout == 1_234)
        #expect(!writer.queryOnly)
        #if canImport(Darwin)
          #expect(writer.fullSync)
        #endif
        let reader = try await store.readerSettings()
        #expect(reader.journalMode == "wal")
        #expect(reader.queryOnly)
        #expect(reader.busyTimeout == 1_234)
      }
    }

    @Test("A file is brought up from every older schema", arguments: 0..<Schema.migrations.count)
    func migration(from older: Int) async throws {
      let file = try ScratchFile()
      let old = try await SQLiteStore(path: file.path, migrations: Array(Schema.migrations.prefix(older)))
      #expect(try await old.version() == older)
      await old.close()
      try await file.withStore { store in
        let (version, integrity) = (try await store.version(), try await store.integrity())
        #expect(version == Schema.migrations.count)
        #expect(integrity == "ok")
      }
    }

    @Test("A migration that fails leaves the file at the one before, and a later opening goes on")
    func failingMigration() async throws {
      let file = try ScratchFile()
      let good = Migration("good", ["CREATE TABLE first (a INTEGER) STRICT"])
      let bad = Migration("bad", ["CREATE TABLE second (a INTEGER) STRICT", "INSERT INTO nowhere VALUES (1)"])
      await #expect(throws: SQLiteOpeningError.self) {
        _ = try await SQLiteStore(path: file.path, migrations: [good, bad])
      }
      let half = try await SQLiteStore(path: file.path, migrations: [good])
      #expect(try await half.version() == 1)
      await half.close()
      let mended = Migration("mended", ["CREATE TABLE second (a INTEGER) STRICT"])
      let whole = try await SQLiteStore(path: file.path, migrations: [good, mended])
      #expect(try await whole.version() == 2)
      await whole.close()
    }

    @Test("A file of a later version is refused")
    func newer() async throws {
      let file = try ScratchFile()
      try await SQLiteStore(path: file.path).close()
      try PlainDatabase(file.path).execute("PRAGMA user_version = 1000")
      await #expect(throws: SQLiteOpeningError.newerSchema(found: 1_000, known: Schema.migrations.count)) {
        _ = try await SQLiteStore(path: file.path)
      }
    }

    @Test("Openers that race find one schema, each migration applied once")
    func race() async throws {
      for _ in 0..<5 {
        let file = try ScratchFile()
        let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
          for _ in 0..<6 { group.addTask { try await SQLiteStore(path: file.path, options: .init(readers: 1)) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        for store in stores {
          #expect(try await store.version() == Schema.migrations.count)
          await store.close()
        }
      }
    }

    @Test("A file that is no database is corrupt, and stays as it is")
    func notADatabase() async throws {
      let file = try ScratchFile()
      let text = Data(String(repeating: "This is not a database. ", count: 400).utf8)
      try text.write(to: URL(fileURLWithPath: file.path))
      await #expect {
        _ = try await SQLiteStore(path: file.path)
      } throws: { error in
        if case .store(.corrupt)? = error as? SQLiteOpeningError { true } else { false }
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == text)
    }

    @Test("Another application's database is refused, and stays as it is")
    func foreign() async throws {
      let file = try ScratchFile()
      try PlainDatabase(file.path).execute("CREATE TABLE other (a)")
      let before = try Data(contentsOf: URL(fileURLWithPath: file.path))
      await #expect(throws: SQLiteOpeningError.foreignFile) { _ = try await SQLiteStore(path: file.path) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: file.path)) == before)
    }

    @Test("Damage found while reading is told as corrupt")
    func damage() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in try await store.makeNotes() }
      let schema = try Data(contentsOf: URL(fileURLWithPath: file.path)).count
      try await file.withStore { store in
        for number in 0..<50 { try await store.addNote(number, body: [UInt8](repeating: 7, count: 2_000)) }
      }
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file.path))
      let size = try handle.seekToEnd()
      // The schema's pages stay, so that the file opens.
      for page in stride(from: UInt64(schema), to: size, by: 4_096) {
        try handle.seek(toOffset: page)
        try handle.write(contentsOf: Data(repeating: 0xee, count: 200))
      }
      try handle.close()
      try await file.withStore { store in
        await #expect {
          _ = try await store.notes()
        } throws: { error in
          if case .corrupt? = error as? StoreError { true } else { false }
        }
      }
    }

    @Test(
      "A database in memory or in a folder that is not there is refused", arguments: [":memory:", "/no/such/folder/x"])
    func unusablePath(path: String) async throws {
      await #expect {
        _ = try await SQLiteStore(path: path)
      } throws: { error in
        if case .store(.unavailable(.failed))? = error as? SQLiteOpeningError { true } else { false }
      }
    }

    @Test("A write that finds another's lock fails as busy, and succeeds once the lock is gone")
    func busy() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(busyTimeout: .milliseconds(20))) { store in
        try await store.makeNotes()
        let other = try PlainDatabase(file.path)
        try other.execute("BEGIN IMMEDIATE")
        await #expect(throws: StoreError.unavailable(.busy)) { try await store.addNote(1) }
        #expect(try await store.notes() == [])
        try other.execute("COMMIT")
        try await store.addNote(1)
        #expect(try await store.notes() == [1])
      }
    }

    @Test("What waits when a store is closed is done; what comes later is refused; nothing is left beside the file")
    func closing() async throws {
      let file = try ScratchFile()
      let store = try await SQLiteStore(path: file.path)
      try await store.makeNotes()
      let goOn = Gate()
      let held = await store.hold(at: goOn)
      async let second: Void = store.addNote(1)
      try await Task.sleep(for: .milliseconds(50))
      async let closed: Void = store.close()
      async let closedTwice: Void = store.close()
      goOn.open()
      try await held.value
      try await second
      await closed
      await closedTwice
      await #expect(throws: StoreError.unavailable(.closed)) { try await store.addNote(2) }
      await #expect(throws: StoreError.unavailable(.closed)) { _ = try await store.notes() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder.path) == ["store.sqlite"])
      let kept = try await file.withStore { store in try await store.notes() }
      #expect(kept == [1])
    }

    @Test("Reads that wait when a store is closed are done")
    func closingReads() async throws {
      let file = try ScratchFile()
      let store = try await SQLiteStore(path: file.path, options: .init(readers: 1))
      try await store.makeNotes()
      let started = Event()
      let goOn = Gate()
      async let held: Void = store.read { (_: SQLiteStore.Work) throws(StoreError) in
        started.signal()
        goOn.wait()
      }
      await started.wait()
      async let waiting = store.notes()
      try await Task.sleep(for: .milliseconds(20))
      async let closed: Void = store.close()
      // Once a call is refused the closing has begun, and the thread finds the end before it finds what waits.
      while (try? await store.writerSettings()) != nil {}
      try await Task.sleep(for: .milliseconds(20))
      goOn.open()
      try await held
      _ = try await waiting
      await closed
    }

    @Test("A store that is dropped lets its threads end, which close the file")
    func dropped() async throws {
      let file = try ScratchFile()
      do {
        let store = try await SQLiteStore(path: file.path)
        try await store.makeNotes()
      }
      var left = 2_000
      while try FileManager.default.contentsOfDirectory(atPath: file.folder.path) != ["store.sqlite"], left > 0 {
        left -= 1
        try await Task.sleep(for: .milliseconds(5))
      }
      #expect(left > 0)
    }
  }

  extension SQLiteStore {
    func version() async throws(StoreError) -> Int {
      try await read { (work: Work) throws(StoreError) in
        Int(try work.connection.integer("PRAGMA user_version"))
      }
    }
  }
#endif
