#if SQLite
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing

  @Suite("Several processes on one file", .serialized)
  struct ProcessTests {
    @Test("Of two processes that create one slug at once, exactly one has it")
    func oneOwner() async throws {
      let file = try ScratchFile()
      let children = [
        try await ChildProcess("create-each", file.path, "a"), try await ChildProcess("create-each", file.path, "b"),
      ]
      let slugs = (0..<60).map { "slug-\($0)" }
      for slug in slugs {
        for child in children { try child.send(slug) }
        var answers: [String] = []
        for child in children { answers.append(await child.nextLine() ?? "") }
        #expect(answers.sorted() == ["created", "taken"])
      }
      for child in children {
        try child.endInput()
        #expect(await child.wait() == 0)
      }
      try await file.withStore { store in
        let page = try await store.hosts(after: nil, limit: .maximum)
        #expect(Set(page.elements.map(\.tenant.slug.rawValue)) == Set(slugs))
        #expect(page.elements.count == slugs.count)
      }
    }

    @Test("A feed that is read while two processes write misses nothing")
    func feed() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        let children = [
          try await ChildProcess("create-tenants", file.path, "a", "150"),
          try await ChildProcess("create-tenants", file.path, "b", "150"),
        ]
        let done = Lock(false)
        let reader = Task {
          var seen: [String] = []
          var revision: Int64 = 0
          while true {
            // Asked before the read: the read that follows the end sees everything.
            let isLast = done.withLock { $0 }
            while case .changes(let changed, let through) = try await store.changes(
              after: revision, limit: PageLimit(7)), !changed.isEmpty
            {
              seen += changed.map(\.tenant.id.rawValue)
              revision = through
            }
            if isLast { return seen }
          }
        }
        var acknowledged: [String] = []
        for child in children {
          acknowledged += await child.remainingLines()
          #expect(await child.wait() == 0)
        }
        done.withLock { $0 = true }
        let seen = try await reader.value
        #expect(acknowledged.count == 300)
        #expect(seen.sorted() == acknowledged.sorted())
        let events = try await store.events(after: 0, limit: .maximum)
        #expect(events.count == 300)
      }
    }

    @Test("After a process was killed at work, everything it acknowledged is there, and nothing is half there")
    func kills() async throws {
      var dice = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
      let file = try ScratchFile()
      var acknowledged: [String] = []
      for round in 0..<24 {
        let child = try await ChildProcess("create-tenants", file.path, "r\(round)", "300")
        for _ in 0..<Int.random(in: 1...80, using: &dice) {
          if let line = await child.nextLine() { acknowledged.append(line) }
        }
        child.kill()
        acknowledged += await child.remainingLines()
        await child.wait()
        let known = acknowledged
        try await file.withStore { store in
          #expect(try await store.integrity() == "ok", "seed \(dice.seed)")
          var all: [TenantHosts] = []
          var next: TenantID?
          repeat {
            let page = try await store.hosts(after: next, limit: .maximum)
            all += page.elements
            next = page.next
          } while next != nil
          let kept = Set(all.map(\.tenant.id.rawValue))
          #expect(kept.isSuperset(of: known), "seed \(dice.seed), round \(round)")
          // A tenant, its revision and its event are there together.
          #expect(try await store.revision() == Int64(all.count))
          var events = 0
          while case let page = try await store.events(after: Int64(events), limit: .maximum), !page.isEmpty {
            events += page.count
          }
          #expect(events == all.count)
        }
      }
      #expect(acknowledged.count >= 24)
    }
  }
#endif
