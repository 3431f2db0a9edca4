#if SQLite
  import CSQLite
  import SaaSCore
  @testable import SQLiteStore
  import Testing

  @Suite("Work that shares a transaction")
  struct GroupCommitTests {
    @Test("Work that fails after it wrote takes nothing else with it")
    func isolation() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        let refused: [Int] = await withTaskGroup(of: Int?.self) { group in
          for number in 0..<200 {
            group.addTask {
              do throws(StoreError) {
                if number % 7 == 3 { try await store.addNoteAndThrow(number) } else { try await store.addNote(number) }
                return nil
              } catch {
                return error == .notFound ? number : -1
              }
            }
          }
          return await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
        }
        #expect(refused.sorted() == (0..<200).filter { $0 % 7 == 3 })
        #expect(try await store.notes() == (0..<200).filter { $0 % 7 != 3 })
      }
    }

    @Test("Work that waits for a lock is done in one transaction, and a failing piece does not spoil it")
    func oneGroup() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        try await store.addNote(3)
        // What is queued behind a piece of work that takes its time becomes one group.
        let goOn = Gate()
        let held = await store.hold(at: goOn)
        async let good: Void = store.addNote(1)
        let bad = Task { try await store.addNoteAndThrow(2) }
        let unforeseen = Task { try await store.addNote(3) }
        try await Task.sleep(for: .milliseconds(50))
        goOn.open()
        try await held.value
        try await good
        await #expect(throws: StoreError.notFound) { try await bad.value }
        await #expect {
          try await unforeseen.value
        } throws: { error in
          if case .conflict? = error as? StoreError { true } else { false }
        }
        #expect(try await store.notes() == [1, 3])
      }
    }

    @Test("Work that SQLite gives up for lack of room fails alone, and as full")
    func full() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        try await store.write { (work: SQLiteStore.Work) throws(StoreError) in
          _ = try work.connection.scalar("PRAGMA max_page_count = 40")
        }
        let outcomes = await withTaskGroup(of: (Int, StoreError?).self) { group in
          for number in 0..<30 {
            let body = [UInt8](repeating: 1, count: number % 10 == 5 ? 1_000_000 : 10)
            group.addTask {
              do throws(StoreError) {
                try await store.addNote(number, body: body)
                return (number, nil)
              } catch {
                return (number, error)
              }
            }
          }
          return await group.reduce(into: [Int: StoreError]()) { if let error = $1.1 { $0[$1.0] = error } }
        }
        #expect(outcomes == [5: .unavailable(.full), 15: .unavailable(.full), 25: .unavailable(.full)])
        #expect(try await store.notes() == (0..<30).filter { $0 % 10 != 5 })
        #expect(StoreError.unavailable(.full).isRetryable)
      }
    }

    @Test("Work that overlooks SQLite's failure has failed all the same")
    func overlookedFailure() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        await #expect(throws: StoreError.self) {
          try await store.write { (work: SQLiteStore.Work) throws(StoreError) in
            try work.addNote(1)
            _ = try? work.statement(.nonsense)
          }
        }
        #expect(try await store.notes() == [])
      }
    }

    @Test("A constraint that stands in the way is told precisely, and the work goes on")
    func constraint() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        try await store.addNote(1)
        let violation = try await store.write { (work: SQLiteStore.Work) throws(StoreError) in
          let statement = try work.statement(.addNote)
          statement.bind(1, at: 1)
          statement.bindNull(at: 2)
          let violation = try statement.runUnlessViolating()
          try work.addNote(2)
          return violation
        }
        #expect(violation == .primaryKey)
        #expect(try await store.notes() == [1, 2])
      }
    }

    @Test("A read sees one moment, however many statements it has")
    func snapshot() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        let started = Event()
        let goOn = Gate()
        async let counts = store.read { (work: SQLiteStore.Work) throws(StoreError) in
          let before = try work.notes().count
          started.signal()
          goOn.wait()
          return (before, try work.notes().count)
        }
        await started.wait()
        try await store.addNote(1)
        goOn.open()
        let (before, after) = try await counts
        #expect(before == 0)
        #expect(after == 0)
        #expect(try await store.notes() == [1])
      }
    }

    @Test("A reading connection cannot write")
    func readersDoNotWrite() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await store.makeNotes()
        await #expect(throws: StoreError.self) {
          try await store.read { (work: SQLiteStore.Work) throws(StoreError) in try work.addNote(1) }
        }
        #expect(try await store.notes() == [])
      }
    }

    @Test("A queue that is full refuses as busy, and the work in it is done")
    func bounded() async throws {
      let file = try ScratchFile()
      try await file.withStore(options: .init(waitingCalls: 2)) { store in
        try await store.makeNotes()
        let goOn = Gate()
        let held = await store.hold(at: goOn)
        let refused = await withTaskGroup(of: StoreError?.self) { group in
          for number in 0..<5 {
            group.addTask {
              do throws(StoreError) { try await store.addNote(number) } catch { return error }
              return nil
            }
          }
          // Three are refused at once; the two that wait are let go then.
          var errors: [StoreError] = []
          while errors.count < 3, let error = await group.next() { if let error { errors.append(error) } }
          goOn.open()
          return errors
        }
        try await held.value
        #expect(refused == [.unavailable(.busy), .unavailable(.busy), .unavailable(.busy)])
        #expect(try await store.notes().count == 2)
      }
    }

    @Test("Values come back as they were bound")
    func values() async throws {
      let file = try ScratchFile()
      let texts = ["", "a", "ünï", String(repeating: "x", count: 39), String(repeating: "y", count: 255)]
      try await file.withStore { store in
        for text in texts {
          let inline = try #require(InlineText(text))
          let back = try await store.write { (work: SQLiteStore.Work) throws(StoreError) in
            let statement = try work.statement(.echo)
            statement.bind(inline, at: 1)
            statement.bind(text, at: 2)
            statement.bind(Int64.min, at: 3)
            statement.bind(Int64.max, at: 4)
            statement.bind(Array(text.utf8), at: 5)
            statement.bind(nil as String?, at: 6)
            return try statement.first { (row) throws(StoreError) in
              #expect(row.int64(2) == .min)
              #expect(row.int64(3) == .max)
              #expect(row.bytes(4) == Array(text.utf8))
              #expect(row.isNull(5))
              #expect(row.optionalString(5) == nil)
              return (try row.text(0), try row.string(1))
            }
          }
          #expect(back?.0 == inline)
          #expect(back?.1 == text)
        }
      }
    }
  }

  extension SQL {
    fileprivate static let nonsense = SQL("SELECT nothing FROM nowhere")
    fileprivate static let echo = SQL("SELECT ?1, ?2, ?3, ?4, ?5, ?6")
  }
#endif
