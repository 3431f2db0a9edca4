#if SQLite
  import CSQLite
  import Foundation
  import SaaSCore
  @testable import SQLiteStore
  import Testing

  @Suite("Look-ups on the calling thread")
  struct DirectReadingTests {
    private func lookUpNotes(_ store: SQLiteStore) async throws(StoreError) -> [Int] {
      try await store.lookUp { (work: SQLiteStore.Work) throws(StoreError) in try work.notes() }
    }

    @Test("A look-up sees what every write before it has written, while the reading threads are busy")
    func sees() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(readers: 1)) { store in
        try await store.makeNotes()
        let started = Event()
        let goOn = Gate()
        async let held: Void = store.read { (_: SQLiteStore.Work) throws(StoreError) in
          started.signal()
          goOn.wait()
        }
        await started.wait()
        for number in 0..<20 {
          try await store.addNote(number)
          #expect(try await lookUpNotes(store) == Array(0...number))
        }
        goOn.open()
        try await held
      }
    }

    @Test("A look-up that finds every connection in use is done by the reading threads")
    func inUse() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(readers: 1)) { store in
        try await store.makeNotes()
        try await store.addNote(1)
        let goOn = Gate()
        let held = await HeldLookUp(of: store, at: goOn)
        #expect(try await lookUpNotes(store) == [1])
        goOn.open()
        #expect(try await held.notes() == [1])
      }
    }

    @Test("A look-up that SQLite refuses as busy is done by the reading threads")
    func busy() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        try await store.addNote(1)
        let runs = Lock(0)
        let found = try await store.lookUp { (work: SQLiteStore.Work) throws(StoreError) -> [Int] in
          let isFirst = runs.withLock { count in
            count += 1
            return count == 1
          }
          if isFirst { throw work.connection.fail(StoreError.unavailable(.busy)) }
          return try work.notes()
        }
        #expect(found == [1])
        #expect(runs.withLock { $0 } == 2)
      }
    }

    @Test("A look-up cannot write, and one that failed leaves its connection to the next")
    func afterFailure() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(readers: 1)) { store in
        try await store.makeNotes()
        for _ in 0..<3 {
          await #expect(throws: StoreError.self) {
            try await store.lookUp { (work: SQLiteStore.Work) throws(StoreError) in try work.addNote(1) }
          }
          #expect(try await lookUpNotes(store) == [])
        }
      }
    }

    @Test("Closing waits for a look-up that is under way, and refuses later ones")
    func closing() async throws {
      let file = try ScratchFile()
      let store = try await SQLiteStore(path: file.path, options: .init(readers: 1))
      try await store.makeNotes()
      try await store.addNote(1)
      let goOn = Gate()
      let held = await HeldLookUp(of: store, at: goOn)
      async let closed: Void = store.close()
      try await Task.sleep(for: .milliseconds(50))
      goOn.open()
      #expect(try await held.notes() == [1])
      await closed
      await #expect(throws: StoreError.unavailable(.closed)) { _ = try await lookUpNotes(store) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder.path) == ["store.sqlite"])
    }
  }

  /// A look-up that waits at a gate, on a thread of its own because it keeps it.
  private struct HeldLookUp {
    private let done = Event()
    private let outcome = Lock<Result<[Int], StoreError>?>(nil)

    /// Returns once the look-up has its connection.
    init(of store: SQLiteStore, at gate: Gate) async {
      let started = Event()
      Thread.detachNewThread { [done, outcome] in
        let result = store.direct.perform { (work: SQLiteStore.Work) throws(StoreError) -> [Int] in
          started.signal()
          gate.wait()
          return try work.notes()
        }
        outcome.withLock { $0 = result }
        done.signal()
      }
      await started.wait()
    }

    /// What it found, or nil where it had no connection.
    func notes() async throws -> [Int]? {
      await done.wait()
      return try outcome.withLock { $0 }?.get()
    }
  }
#endif
